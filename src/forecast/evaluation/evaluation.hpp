// What a forecast was worth on days it was not fitted on (spec 5.9): how often its sign was right, how far it was
// off, against what anybody could have said, and whether more confidence meant more hits.
//
// A sample of horizon h is a valid second t whose second t+h of the same day is valid; its truth is S(t+h) - S(t). S is the
// spot at the *beginning* of a second, as specified, and a forecast is made at its end: what happened in between is
// known to whoever looks then, and so is S(t+1). A hit rate above one half and an error below that of standing still come with
// that, on a random walk too. So skill means to be better than every one of the baselines, of which spot_now and micro_price
// know the end of the second.
//
// All predictions are rounded to whole ticks, halves to even, before they are compared.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "forecast/calibration/calibration.hpp"
#include "forecast/evaluation/bootstrap.hpp"
#include "forecast/evaluation/observation.hpp"
#include "forecast/evaluation/tally.hpp"

namespace spymaster::forecast {

// Of signs: samples in which the forecast and the truth both moved.
struct HitRate {
    std::int64_t predicted = 0;  // forecasts that were not 0
    std::int64_t decided = 0;    // of them, those in which the spot moved too
    std::int64_t hits = 0;
    double rate = 0.0;  // hits / decided; 0 if none
    std::optional<Interval>
        interval;  // 95 %, never narrower than of independent samples; none with too few blocks in which something was decided
};

struct AgainstBaseline {
    double mae = 0.0;             // ticks, of the baseline
    std::optional<double> skill;  // 1 - MAE / MAE of the baseline; none if the baseline was never off
    std::optional<double>
        hit_rate;  // of the baseline's own signs, where both moved; none if nothing was decided
    // None with too few blocks in which the forecast was off by another amount than the baseline.
    std::optional<Interval> interval;  // 95 %
    std::optional<Interval> cautious;  // 95 % for all horizons together (Bonferroni): what verdicts go by
};

struct HorizonResult {
    int horizon_s = 0;
    std::int64_t samples = 0;
    HitRate hits;
    double coverage = 0.0;  // decided / samples; 0 if none
    double mae = 0.0;       // ticks; 0 if no samples
    std::array<AgainstBaseline, kBaselineNames.size()> against{};
    bool skilled = false;  // better than every baseline: all cautious intervals above 0
};

// Samples of all horizons whose confidence was in [low, high), the last includes 1; of ranks: in (low, high], the
// first includes 0, and those between two equal edges of the scale are empty.
struct ConfidenceBucket {
    double low = 0.0;
    double high = 0.0;
    HitRate hits;
};

// Whether the hit rate never falls from one bucket, or rank, to the next, over buckets of at least 100 predicted samples, some
// of them decided; undecided with fewer than two of those.
enum class Monotonicity : std::uint8_t { undecided, rising, falling };

// Seconds that begin in one half hour of the day, New York, over all days: at kTimeOfDayHorizon. No cautious
// intervals: so many half hours are there to be looked at, not to be chosen from.
struct TimeOfDay {
    int minute_of_day = 0;  // its beginning: 570 is 09:30
    std::int64_t samples = 0;
    HitRate hits;
    double mae = 0.0;
    std::array<AgainstBaseline, kBaselineNames.size()> against{};
};
inline constexpr int kTimeOfDayHorizon = 10;

struct Evaluation {
    std::vector<market::Date> dates;
    std::int64_t seconds = 0;  // of the days
    std::int64_t valid_seconds = 0;
    std::int64_t blocks =
        0;  // that the days were cut into; with fewer than kFewestBlocks nothing can be shown
    std::array<HorizonResult, kStudyHorizons.size()> horizons{};
    std::vector<ConfidenceBucket> buckets;  // ten
    Monotonicity monotonicity = Monotonicity::undecided;
    std::vector<ConfidenceBucket> ranks;  // ten, tenth 1 first; none without a scale
    Monotonicity rank_monotonicity = Monotonicity::undecided;
    std::vector<TimeOfDay> times;  // those with samples, ascending
    bool skilled = false;          // at some horizon
};

struct EvaluationOptions {
    std::size_t resamples = 2'000;
    std::size_t block_seconds = 60;  // twice the longest horizon; at least as long as it
    std::uint64_t seed = 1;          // the same seed gives the same intervals
};

// `calibration`: whose micro-price and order-flow models to compare with, and whose scale of confidence to rank by; without
// a scale, as forecasts that were not made with its parameters ask for, nothing is ranked. Invalid seconds are not used,
// whatever stands in them. Same input, same bits. Takes time in proportion to seconds and resamples: 20 days of
// three hours and 2,000 resamples are about a second.
// REQUIRES: days ascending; resamples >= 100, block_seconds >= 30.
Evaluation evaluate(std::span<const StudyDay> days, const Calibration& calibration,
                    const EvaluationOptions& options = {});

}  // namespace spymaster::forecast
