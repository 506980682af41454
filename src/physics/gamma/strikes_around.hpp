// Which listed strikes the surface has: the one nearest to spot, and as many to each side.
//
//   unit    places in the list of strikes
//   range   within the list: at its ends there are fewer
//   edge    of two as near, the upper; gaps in the list are no strikes; an empty list: none
//   spec    radar 3.5, 8.3 (D-32)
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace spymaster::physics {

// [first, last) of the list.
struct StrikeRange {
    std::size_t first = 0;
    std::size_t last = 0;

    [[nodiscard]] bool has(std::size_t strike) const { return strike >= first && strike < last; }
    bool operator==(const StrikeRange&) const = default;
};

// REQUIRES: strikes ascending, above 0; spot above 0.
inline StrikeRange strikes_around(std::span<const std::int64_t> strikes, std::int64_t spot_ref_price_int,
                                  std::size_t per_side) {
    if (strikes.empty()) return {};
    const auto above = std::ranges::lower_bound(strikes, spot_ref_price_int);
    auto nearest = static_cast<std::size_t>(above - strikes.begin());
    const bool lower_is_nearer =
        above == strikes.end() ||
        (above != strikes.begin() && spot_ref_price_int - *(above - 1) < *above - spot_ref_price_int);
    if (lower_is_nearer) --nearest;
    return {nearest - std::min(nearest, per_side), std::min(nearest + per_side + 1, strikes.size())};
}

}  // namespace spymaster::physics
