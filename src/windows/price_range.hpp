// The prices around one.
#pragma once

#include <cstdint>
#include <limits>

namespace spymaster::windows {

// A wall reaches so many price increments to each side of spot (radar spec 1.7).
inline constexpr int kWallReachTicks = 600;

// Prices from low to high, both included; 1e-9.
struct PriceRange {
    std::int64_t low = 0;
    std::int64_t high = -1;
    [[nodiscard]] bool contains(std::int64_t price) const { return low <= price && price <= high; }
};

// A number of ticks to both sides of a price, held within 64 bits. REQUIRES: centre > 0, ticks >= 0, tick > 0
inline PriceRange range_around(std::int64_t centre, int ticks, std::int64_t tick) {
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    std::int64_t reach = 0;
    if (__builtin_mul_overflow(std::int64_t{ticks}, tick, &reach)) reach = kMax;
    return {centre - reach, centre > kMax - reach ? kMax : centre + reach};
}

}  // namespace spymaster::windows
