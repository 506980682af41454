// What calibration and evaluation see of a second of a past day.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "market/time.hpp"

namespace spymaster::forecast {

// Seconds ahead that are evaluated (spec 5.9).
inline constexpr std::array<int, 6> kStudyHorizons{1, 2, 5, 10, 20, 30};

struct Observation {
    std::int64_t window_end_ts_ns = 0;
    bool valid = false;          // book_valid, window_valid and a spot; else nothing below counts
    std::int64_t spot_tick = 0;  // S(t)
    double drive = 0.0;          // F(0) / (1 + NuLocal(0))

    // What the forecast said, at kStudyHorizons.
    std::array<std::int64_t, kStudyHorizons.size()> predicted_tick_delta{};
    std::array<double, kStudyHorizons.size()> confidence{};

    // What a baseline knows: the best prices at the end of the second, in ticks (of buckets: fractions of one);
    // both quantities above 0, or all four 0.
    double bid_tick = 0.0;
    double ask_tick = 0.0;
    std::int64_t bid_qty = 0;
    std::int64_t ask_qty = 0;
    std::int64_t order_flow_imbalance_qty = 0;
};

// A day of one contract: seconds one window of a second apart, ascending.
struct StudyDay {
    market::Date date;
    std::int64_t window_ns = 1'000'000'000;
    std::vector<Observation> seconds;
};

// The second `seconds` after (before, if below 0) the one at `index`: nullptr if the day has none or it is not valid.
// Where seconds are missing nothing is paired across the gap.
inline const Observation* valid_second_from(const StudyDay& day, std::size_t index, int seconds) {
    const std::int64_t at = static_cast<std::int64_t>(index) + seconds;
    if (at < 0 || at >= static_cast<std::int64_t>(day.seconds.size())) return nullptr;
    const Observation& then = day.seconds[static_cast<std::size_t>(at)];
    const std::int64_t apart = then.window_end_ts_ns - day.seconds[index].window_end_ts_ns;
    return then.valid && apart == seconds * day.window_ns ? &then : nullptr;
}

}  // namespace spymaster::forecast
