// Prices and distances between prices: integers of 1e-9, as DBN carries them; they stay integers until the
// last moment.
//
//   Price - Price      -> PriceDelta        Price + PriceDelta -> Price        PriceDelta / PriceDelta ->
//   whole ticks
//
// A double price ("points") exists only in output: points() multiplies by the literal 1e-9 (spec 0.2), never
// divides.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace spymaster::market {

inline constexpr double kPriceScale = 1e-9;

struct PriceDelta {
    std::int64_t nanos = 0;
    auto operator<=>(const PriceDelta&) const = default;
};

struct Price {
    std::int64_t nanos = 0;
    auto operator<=>(const Price&) const = default;
    [[nodiscard]] constexpr double points() const { return static_cast<double>(nanos) * kPriceScale; }
    [[nodiscard]] constexpr bool defined() const { return nanos != std::numeric_limits<std::int64_t>::max(); }
};

inline constexpr Price kUndefPrice{std::numeric_limits<std::int64_t>::max()};

constexpr PriceDelta operator-(Price a, Price b) {
    return {a.nanos - b.nanos};
}
constexpr Price operator+(Price a, PriceDelta d) {
    return {a.nanos + d.nanos};
}
constexpr Price operator-(Price a, PriceDelta d) {
    return {a.nanos - d.nanos};
}

// a / b to the nearest integer, halves to even (spec 0.3), exactly. REQUIRES: b > 0.
constexpr std::int64_t divide_half_even(std::int64_t a, std::int64_t b) {
    std::int64_t q = a / b;
    std::int64_t r = a % b;
    if (r < 0) {  // floor division
        q -= 1;
        r += b;
    }
    const std::int64_t rest = b - r;  // compare r with b - r: 2r could overflow
    if (r > rest || (r == rest && (q & 1) != 0)) q += 1;
    return q;
}

}  // namespace spymaster::market
