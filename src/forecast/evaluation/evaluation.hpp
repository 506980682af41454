// What a forecast was worth on days it was not fitted on (spec 5.9): how often its sign was right, how far it was
// off, against what anybody could have said, and whether more confidence meant more hits.
//
// A sample of horizon h is a valid second t whose second t+h of the same day is valid; its truth is S(t+h) - S(t). S is the
// spot at the *beginning* of a second, as specified, and a forecast is made at its end: what happened in between is
// known to whoever looks at the book then, and the micro-price says it. So skill means to be better than every one
// of the baselines, the micro-price included; being better than standing still is not enough.
//
// All predictions are rounded to whole ticks, halves to even, before they are compared.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "forecast/calibration/calibration.hpp"
#include "forecast/evaluation/observation.hpp"

namespace spymaster::forecast {

enum class Baseline : std::uint8_t { zero, last_velocity, micro_price, order_flow };
inline constexpr std::array<std::string_view, 4> kBaselineNames{"zero", "last_velocity", "micro_price",
                                                                "order_flow"};

struct Interval {
    double low = 0.0;
    double high = 0.0;
};

// Of signs: samples in which the forecast and the truth both moved.
struct HitRate {
    std::int64_t predicted = 0;  // forecasts that were not 0
    std::int64_t decided = 0;    // of them, those in which the spot moved too
    std::int64_t hits = 0;
    double rate = 0.0;  // hits / decided; 0 if none
    Interval interval;  // 95 %, block bootstrap; {0, 1} if nothing was decided
};

struct AgainstBaseline {
    double mae = 0.0;    // ticks, of the baseline
    double skill = 0.0;  // 1 - MAE / MAE of the baseline; 0 if the baseline was never off
    Interval interval;   // 95 %, block bootstrap
    Interval cautious;   // 95 % for all horizons together (Bonferroni): what verdicts go by
};

struct HorizonResult {
    int horizon_s = 0;
    std::int64_t samples = 0;
    HitRate hits;
    double coverage = 0.0;  // decided / samples
    double mae = 0.0;       // ticks
    std::array<AgainstBaseline, kBaselineNames.size()> against{};
    bool skilled = false;  // better than every baseline, the lower cautious bound above 0
};

// Samples of all horizons whose confidence was in [low, high); the last includes 1.
struct ConfidenceBucket {
    double low = 0.0;
    double high = 0.0;
    HitRate hits;
};

// Whether the hit rate never falls from one bucket to the next, over buckets of at least 100 predicted samples; undecided
// with fewer than two of those.
enum class Monotonicity : std::uint8_t { undecided, rising, falling };

// Half an hour of the day, New York, over all days: at kTimeOfDayHorizon.
struct TimeOfDay {
    int minute_of_day = 0;  // its beginning
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
    std::array<HorizonResult, kStudyHorizons.size()> horizons{};
    std::vector<ConfidenceBucket> buckets;  // ten
    Monotonicity monotonicity = Monotonicity::undecided;
    std::vector<TimeOfDay> times;  // those with samples, ascending
    bool skilled = false;          // at some horizon
};

struct EvaluationOptions {
    int resamples = 2'000;
    std::int64_t block_seconds = 60;  // twice the longest horizon
    std::uint64_t seed = 1;           // the same seed gives the same intervals
};

// `calibration`: whose micro-price and order-flow models to compare with.
// REQUIRES: days ascending.
Evaluation evaluate(std::span<const StudyDay> days, const Calibration& calibration,
                    const EvaluationOptions& options = {});

}  // namespace spymaster::forecast
