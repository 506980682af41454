// What a second says of gamma exposure: rows of silver.*_option_mbo.gex_surface_1s and gex_levels_1s
// (contracts/silver/*_option_mbo/). Exposures in dollars per 1 %, prices in points or 1e-9 (_int).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "windows/differences.hpp"

namespace spymaster::physics {

using Changes = windows::Differences<double>;  // from second to second

struct GexStrike1s {
    std::int64_t strike_price_int = 0;
    double gex_call_abs = 0.0;
    double gex_put_abs = 0.0;
    double gex_abs = 0.0;
    double gex = 0.0;
    double gex_imbalance_ratio = 0.0;
    Changes of_gex_abs;
    Changes of_gex;
    Changes of_gex_imbalance_ratio;
    // Of several options of a strike and right: of the first by instrument id that has one.
    std::optional<double> call_implied_volatility;
    std::optional<double> put_implied_volatility;
    double call_open_interest = 0.0;
    double put_open_interest = 0.0;

    bool operator==(const GexStrike1s&) const = default;
};

struct GexLevels1s {
    std::int64_t window_start_ts_ns = 0;
    std::int64_t window_end_ts_ns = 0;
    std::int64_t spot_ref_price_int = 0;
    double underlying_mid = 0.0;
    double gex_call_total = 0.0;
    double gex_put_total = 0.0;
    double gex_total = 0.0;
    std::optional<std::int64_t> flip_price_int;
    std::optional<std::int64_t> call_wall_price_int;  // of equal strikes the lower
    std::optional<std::int64_t> put_wall_price_int;
    std::int32_t options_priced = 0;
    std::int32_t options_unpriced = 0;
    bool window_valid = false;

    bool operator==(const GexLevels1s&) const = default;
};

// A closed second: its levels, and its strikes ascending; no strikes without a spot.
struct GexWindow {
    GexLevels1s levels;
    std::vector<GexStrike1s> strikes;

    bool operator==(const GexWindow&) const = default;
};

}  // namespace spymaster::physics
