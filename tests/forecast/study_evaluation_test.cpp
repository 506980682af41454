// What an evaluation says, number by number, of days made by hand.
#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "forecast/evaluation/evaluation.hpp"
#include "study_days.hpp"

namespace spymaster::forecast::testing {
namespace {

constexpr std::size_t kZero = 0, kLastVelocity = 1, kMicroPrice = 2, kOrderFlow = 3, kSpotNow = 4;

const EvaluationOptions kQuick{.resamples = 200};

void say(StudyDay& day, std::size_t horizon, std::initializer_list<std::int64_t> ticks) {
    auto second = day.seconds.begin();
    for (const std::int64_t said : ticks) (second++)->predicted_tick_delta[horizon] = said;
}

TEST(Evaluation, IsWhatTheHandComputes) {
    // One second ahead the spot moves by +1, 0, -2, +1; said: +1, +1, +1, 0. Two ahead by +1, -2, -1; said: 2, -2, 0.
    StudyDay day = day_of(std::array<std::int64_t, 5>{100, 101, 101, 99, 100});
    say(day, 0, {1, 1, 1, 0, 7});
    say(day, 1, {2, -2, 0, 7, 7});
    // The order flow says a tick and a half for 3: 2, as halves go to the even one. The first mid is 1.4 above its spot.
    Calibration calibration;
    calibration.order_flow.slope = {0.5, 0.5, 0, 0, 0, 0};
    day.seconds[0].order_flow_imbalance_qty = 3;
    day.seconds[2].order_flow_imbalance_qty = -5;
    day.seconds[0].bid_tick = 100.9, day.seconds[0].ask_tick = 101.9;
    day.seconds[0].bid_qty = 10, day.seconds[0].ask_qty = 30;
    const Evaluation result = evaluate(std::array{day}, calibration, kQuick);

    EXPECT_EQ(result.dates, (std::vector<market::Date>{{2026, 1, 5}}));
    EXPECT_EQ(result.seconds, 5);
    EXPECT_EQ(result.valid_seconds, 5);
    EXPECT_EQ(result.blocks, 1);
    const HorizonResult& one = result.horizons[0];
    EXPECT_EQ(one.horizon_s, 1);
    EXPECT_EQ(one.samples, 4);
    EXPECT_EQ(one.hits.predicted, 3);
    EXPECT_EQ(one.hits.decided, 2) << "not where the spot stayed";
    EXPECT_EQ(one.hits.hits, 1);
    EXPECT_EQ(one.hits.rate, 0.5);
    EXPECT_EQ(one.coverage, 0.5);
    EXPECT_EQ(one.mae, (0 + 1 + 3 + 1) / 4.0);
    EXPECT_EQ(one.against[kZero].mae, (1 + 0 + 2 + 1) / 4.0);
    EXPECT_EQ(one.against[kZero].skill, 1.0 - 5.0 / 4.0);
    EXPECT_EQ(one.against[kZero].hit_rate, std::nullopt) << "it never says a sign";
    // Said 0 (no second before), +1, 0, -2.
    EXPECT_EQ(one.against[kLastVelocity].mae, (1 + 1 + 2 + 3) / 4.0);
    EXPECT_EQ(one.against[kLastVelocity].skill, 1.0 - 5.0 / 7.0);
    EXPECT_EQ(one.against[kLastVelocity].hit_rate, 0.0);
    // Said +1, and 0 where there is no book.
    EXPECT_EQ(one.against[kMicroPrice].mae, (0 + 0 + 2 + 1) / 4.0);
    EXPECT_EQ(one.against[kMicroPrice].hit_rate, 1.0);
    // Said +2, 0, -2 (from -2.5), 0.
    EXPECT_EQ(one.against[kOrderFlow].mae, (1 + 0 + 0 + 1) / 4.0);
    EXPECT_EQ(one.against[kOrderFlow].hit_rate, 1.0);
    // It knows.
    EXPECT_EQ(one.against[kSpotNow].mae, 0.0);
    EXPECT_EQ(one.against[kSpotNow].skill, std::nullopt);
    EXPECT_EQ(one.against[kSpotNow].hit_rate, 1.0);

    const HorizonResult& two = result.horizons[1];
    EXPECT_EQ(two.samples, 3);
    EXPECT_EQ(two.hits.hits, 2);
    EXPECT_EQ(two.hits.rate, 1.0);
    EXPECT_EQ(two.mae, (1 + 0 + 1) / 3.0);
    EXPECT_EQ(two.against[kZero].skill, 1.0 - 2.0 / 4.0);
    EXPECT_EQ(two.against[kLastVelocity].mae, (1 + 4 + 1) / 3.0) << "said 0, +2, 0";
    EXPECT_EQ(two.against[kSpotNow].mae, (0 + 2 + 1) / 3.0) << "said +1, 0, -2";
    EXPECT_EQ(result.horizons[2].samples, 0);
    EXPECT_EQ(result.horizons[2].mae, 0.0);
    EXPECT_EQ(result.horizons[2].against[kZero].skill, std::nullopt);

    EXPECT_FALSE(one.hits.interval) << "one block says nothing";
    EXPECT_FALSE(one.against[kZero].interval);
    EXPECT_FALSE(two.skilled) << "without an interval nothing is shown";
    EXPECT_FALSE(result.skilled);
    EXPECT_EQ(result.buckets[0].hits.predicted, 5) << "both horizons";
    EXPECT_EQ(result.buckets[0].hits.rate, 3.0 / 4.0);
    EXPECT_TRUE(result.times.empty()) << "nothing is ten seconds ahead";
}

// Every number of it, for comparison.
void expect_same(const Evaluation& a, const Evaluation& b) {
    const auto same_interval = [](const std::optional<Interval>& x, const std::optional<Interval>& y) {
        ASSERT_EQ(x.has_value(), y.has_value());
        if (!x) return;
        EXPECT_EQ(x->low, y->low);
        EXPECT_EQ(x->high, y->high);
    };
    EXPECT_EQ(a.valid_seconds, b.valid_seconds);
    for (std::size_t h = 0; h < a.horizons.size(); ++h) {
        EXPECT_EQ(a.horizons[h].samples, b.horizons[h].samples);
        EXPECT_EQ(a.horizons[h].hits.hits, b.horizons[h].hits.hits);
        EXPECT_EQ(a.horizons[h].mae, b.horizons[h].mae);
        same_interval(a.horizons[h].hits.interval, b.horizons[h].hits.interval);
        for (std::size_t i = 0; i < kBaselineNames.size(); ++i) {
            EXPECT_EQ(a.horizons[h].against[i].mae, b.horizons[h].against[i].mae);
            same_interval(a.horizons[h].against[i].cautious, b.horizons[h].against[i].cautious);
        }
    }
    for (std::size_t i = 0; i < a.buckets.size(); ++i)
        EXPECT_EQ(a.buckets[i].hits.hits, b.buckets[i].hits.hits);
    ASSERT_EQ(a.times.size(), b.times.size());
    for (std::size_t i = 0; i < a.times.size(); ++i) EXPECT_EQ(a.times[i].mae, b.times[i].mae);
}

StudyDay spoken_day(std::size_t seconds, int day, std::uint64_t seed) {
    Noise noise(seed);
    StudyDay made = planted({}, seconds, day, noise);
    say_paths(made, {.beta = 0.5, .gamma = 0.75}, 0.9);
    return made;
}

Calibration some_calibration() {
    Calibrator calibrator;
    calibrator.add(spoken_day(600, 0, 99));
    return calibrator.fit().value();
}

TEST(Evaluation, NeverStraddlesDays) {
    const std::array<std::int64_t, 6> spots{100, 101, 102, 200, 201, 203};
    const std::array halves{day_of(std::span(spots).first(3), 0), day_of(std::span(spots).last(3), 1)};
    const Evaluation result = evaluate(halves, {}, kQuick);
    EXPECT_EQ(result.horizons[0].samples, 4);
    EXPECT_EQ(result.horizons[0].against[kZero].mae, (1 + 1 + 1 + 2) / 4.0);
    EXPECT_EQ(result.horizons[1].samples, 2);
    EXPECT_EQ(result.blocks, 2) << "a block is of one day";
    // The last velocity of a day's first second is not that of the day before.
    EXPECT_EQ(result.horizons[0].against[kLastVelocity].mae, (1 + 0 + 1 + 1) / 4.0);
}

TEST(Evaluation, WhatStandsInInvalidSecondsDoesNotMatter) {
    std::vector<StudyDay> days{spoken_day(900, 0, 1), spoken_day(700, 1, 2)};
    for (std::size_t i = 0; i < 700; i += 11) days[0].seconds[i].valid = days[1].seconds[i].valid = false;
    const Evaluation as_said = evaluate(days, some_calibration(), kQuick);
    std::mt19937_64 random(3);
    for (StudyDay& day : days)
        for (Observation& second : day.seconds)
            if (!second.valid) spoil(second, random);
    expect_same(as_said, evaluate(days, some_calibration(), kQuick));
    EXPECT_EQ(as_said.seconds, 1'600);
    EXPECT_EQ(as_said.valid_seconds, 1'600 - 2 * 64);
}

TEST(Evaluation, NothingIsPairedAcrossAGap) {
    StudyDay day = day_of(std::array<std::int64_t, 5>{100, 101, 102, 103, 104});
    day.seconds.erase(day.seconds.begin() + 2);
    const Evaluation result = evaluate(std::array{day}, {}, kQuick);
    EXPECT_EQ(result.horizons[0].samples, 2);
    EXPECT_EQ(result.horizons[0].against[kZero].mae, 1.0);
}

TEST(Evaluation, TheSameSeedGivesTheSameBits) {
    const std::array days{spoken_day(900, 0, 1), spoken_day(900, 1, 2)};
    const Calibration calibration = some_calibration();
    const Evaluation result = evaluate(days, calibration, kQuick);
    expect_same(result, evaluate(days, calibration, kQuick));
    const Evaluation other = evaluate(days, calibration, {.resamples = 200, .seed = 2});
    EXPECT_EQ(result.horizons[2].mae, other.horizons[2].mae);
    EXPECT_NE(result.horizons[2].against[kZero].interval->low,
              other.horizons[2].against[kZero].interval->low);
}

TEST(Evaluation, SayingWhatABaselineSaysIsNoSkill) {
    std::vector<StudyDay> days{spoken_day(1'800, 0, 1)};
    for (std::size_t i = 0; i < days[0].seconds.size(); ++i) days[0].seconds[i].predicted_tick_delta.fill(0);
    const Evaluation still = evaluate(days, some_calibration(), kQuick);
    for (const HorizonResult& horizon : still.horizons) {
        EXPECT_EQ(horizon.against[kZero].skill, 0.0);
        EXPECT_FALSE(horizon.against[kZero].interval) << "there is nothing in which they differ";
        EXPECT_EQ(horizon.hits.predicted, 0);
        EXPECT_FALSE(horizon.hits.interval);
        EXPECT_FALSE(horizon.skilled);
    }
    EXPECT_EQ(still.monotonicity, Monotonicity::undecided);
}

TEST(Evaluation, NoDayAndEmptyDaysSayNothing) {
    EXPECT_FALSE(evaluate({}, {}, kQuick).skilled);
    EXPECT_EQ(evaluate({}, {}, kQuick).buckets.size(), 10U);
    const Evaluation empty = evaluate(std::array{StudyDay{.date = {2026, 1, 5}, .seconds = {}}}, {}, kQuick);
    EXPECT_EQ(empty.blocks, 0);
    EXPECT_EQ(empty.horizons[0].samples, 0);
    EXPECT_EQ(empty.horizons[0].hits.rate, 0.0);
}

TEST(Evaluation, IntervalsHoldTheEstimateAndCautiousOnesAreWider) {
    const std::array days{spoken_day(1'800, 0, 5), spoken_day(1'800, 1, 6)};
    const Evaluation result = evaluate(days, some_calibration());
    EXPECT_EQ(result.blocks, 60);
    for (const HorizonResult& horizon : result.horizons) {
        EXPECT_LT(horizon.hits.interval->low, horizon.hits.rate);
        EXPECT_GT(horizon.hits.interval->high, horizon.hits.rate);
        for (std::size_t b : {kZero, kLastVelocity, kMicroPrice, kOrderFlow}) {
            const AgainstBaseline& against = horizon.against[b];
            EXPECT_LT(against.interval->low, *against.skill);
            EXPECT_GT(against.interval->high, *against.skill);
            EXPECT_LT(against.cautious->low, against.interval->low);
            EXPECT_GT(against.cautious->high, against.interval->high);
        }
    }
}

// Two spots in turn, so that every move of a second is known, and a sign said with this confidence.
void add_signs(std::vector<StudyDay>& days, double confidence, int right, int wrong, int undecided = 0) {
    const int day = static_cast<int>(days.size());
    StudyDay& made = days.emplace_back(day_of(std::array<std::int64_t, 1>{100}, day));
    for (int i = 0; i < right + wrong + undecided; ++i) {
        Observation next = made.seconds.back();
        Observation& now = made.seconds.back();
        now.confidence[0] = confidence;
        now.predicted_tick_delta[0] = i < right ? 1 : -1;
        next.window_end_ts_ns += kSecond;
        next.spot_tick += i < right + wrong ? 1 : 0;
        next.predicted_tick_delta.fill(0);
        made.seconds.push_back(next);
    }
}

Evaluation signs(std::initializer_list<std::array<double, 3>> confidence_right_wrong) {
    std::vector<StudyDay> days;
    for (const auto& [confidence, right, wrong] : confidence_right_wrong)
        add_signs(days, confidence, static_cast<int>(right), static_cast<int>(wrong));
    return evaluate(days, {}, kQuick);
}

TEST(ConfidenceBuckets, BucketsAreTenthsAndTheLastHoldsOne) {
    const Evaluation result =
        signs({{0.0, 3, 1}, {0.1, 2, 0}, {0.3, 5, 0}, {0.7, 6, 0}, {0.8999, 7, 0}, {0.9, 8, 0}, {1.0, 4, 4}});
    constexpr std::array<std::int64_t, 10> kPredicted{4, 2, 0, 5, 0, 0, 0, 6, 7, 16};
    for (std::size_t b = 0; b < 10; ++b) {
        EXPECT_EQ(result.buckets[b].hits.predicted, kPredicted[b]) << b;
        EXPECT_EQ(result.buckets[b].low, static_cast<double>(b) / 10.0);
        EXPECT_EQ(result.buckets[b].high, static_cast<double>(b + 1) / 10.0);
    }
    EXPECT_EQ(result.buckets[0].hits.rate, 0.75);
    EXPECT_EQ(result.buckets[9].hits.rate, 12.0 / 16.0);
    EXPECT_EQ(result.monotonicity, Monotonicity::undecided) << "no bucket has a hundred";
}

TEST(ConfidenceBuckets, MonotonicityIsOverBucketsOfAHundred) {
    using enum Monotonicity;
    EXPECT_EQ(signs({{0.05, 60, 60}}).monotonicity, undecided) << "one bucket";
    EXPECT_EQ(signs({{0.05, 60, 60}, {0.55, 90, 9}}).monotonicity, undecided) << "99 are too few";
    EXPECT_EQ(signs({{0.05, 60, 60}, {0.55, 91, 9}}).monotonicity, rising);
    EXPECT_EQ(signs({{0.05, 60, 60}, {0.55, 60, 60}}).monotonicity, rising) << "it did not fall";
    EXPECT_EQ(signs({{0.05, 60, 60}, {0.55, 59, 61}}).monotonicity, falling);
    EXPECT_EQ(signs({{0.05, 60, 60}, {0.35, 0, 99}, {0.55, 70, 50}}).monotonicity, rising)
        << "the small one between is not asked";
    EXPECT_EQ(signs({{0.05, 60, 60}, {0.35, 90, 30}, {0.55, 70, 50}}).monotonicity, falling)
        << "up and down again";
    // A bucket in which the spot never moved has forecasts, but no hit rate.
    std::vector<StudyDay> days;
    add_signs(days, 0.05, 60, 60);
    add_signs(days, 0.55, 0, 0, 150);
    const Evaluation result = evaluate(days, {}, kQuick);
    EXPECT_EQ(result.buckets[5].hits.predicted, 150);
    EXPECT_EQ(result.buckets[5].hits.decided, 0);
    EXPECT_EQ(result.monotonicity, undecided);
}

TEST(ConfidenceBuckets, HitRatesHaveIntervalsNeverNarrowerThanIndependentOnes) {
    std::vector<StudyDay> days;
    for (int i = 0; i < 20; ++i) add_signs(days, 0.25, 30, 30);
    const HitRate hits = evaluate(days, {}, kQuick).buckets[2].hits;
    EXPECT_EQ(hits.rate, 0.5);
    // Every block is like every other; that they are all alike is no proof.
    const Interval independent = wilson_interval(600, 1'200, kTail95);
    EXPECT_EQ(hits.interval->low, independent.low);
    EXPECT_EQ(hits.interval->high, independent.high);
}

Evaluation ranked(const ConfidenceScale& scale,
                  std::initializer_list<std::array<double, 3>> confidence_right_wrong) {
    std::vector<StudyDay> days;
    for (const auto& [confidence, right, wrong] : confidence_right_wrong)
        add_signs(days, confidence, static_cast<int>(right), static_cast<int>(wrong));
    Calibration calibration;
    calibration.confidence_scale = scale;
    return evaluate(days, calibration, kQuick);
}

TEST(ConfidenceRanks, AreTenthsOfTheTrainingsForecastsBesideTheBuckets) {
    const ConfidenceScale scale{.edges = {0.0, 0.0, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.5},
                                .forecasts = 90};
    const Evaluation result =
        ranked(scale, {{0.0, 3, 1}, {0.0005, 2, 0}, {0.001, 0, 5}, {0.0011, 7, 0}, {0.5, 6, 2}, {1.0, 8, 1}});
    ASSERT_EQ(result.ranks.size(), 10U);
    constexpr std::array<std::int64_t, 10> kPredicted{4, 0, 7, 7, 0, 0, 0, 0, 8, 9};
    for (std::size_t t = 0; t < 10; ++t) {
        EXPECT_EQ(result.ranks[t].hits.predicted, kPredicted[t]) << t;
        EXPECT_EQ(result.ranks[t].low, t == 0 ? 0.0 : scale.edges[t - 1]);
        EXPECT_EQ(result.ranks[t].high, t == 9 ? 1.0 : scale.edges[t]);
    }
    EXPECT_EQ(result.ranks[2].hits.rate, 2.0 / 7.0);
    EXPECT_EQ(result.ranks[9].hits.rate, 8.0 / 9.0);
    EXPECT_EQ(result.rank_monotonicity, Monotonicity::undecided) << "no tenth has a hundred";
    EXPECT_EQ(result.buckets[0].hits.predicted, 18) << "the buckets stay";
}

TEST(ConfidenceRanks, HaveAVerdictOfTheirOwn) {
    const ConfidenceScale scale{.edges = {0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.007, 0.008, 0.009},
                                .forecasts = 90};
    const Evaluation rising = ranked(scale, {{0.0015, 60, 60}, {0.0055, 70, 50}, {0.02, 80, 40}});
    EXPECT_EQ(rising.rank_monotonicity, Monotonicity::rising);
    EXPECT_EQ(rising.monotonicity, Monotonicity::undecided) << "all in one bucket";
    const Evaluation falling = ranked(scale, {{0.0015, 60, 60}, {0.0055, 59, 61}, {0.55, 80, 40}});
    EXPECT_EQ(falling.rank_monotonicity, Monotonicity::falling);
    EXPECT_EQ(falling.monotonicity, Monotonicity::rising);
}

TEST(ConfidenceRanks, AreNoneWithoutAScale) {
    const Evaluation result = signs({{0.05, 60, 60}, {0.55, 91, 9}});
    EXPECT_TRUE(result.ranks.empty());
    EXPECT_EQ(result.rank_monotonicity, Monotonicity::undecided);
}

TEST(TimeOfDay, IsByHalfHoursOfNewYork) {
    // Second 1 begins at 09:30:00; 09:30 to 10:00 has 1,800 of them, then 10:00 has 110 with something ten seconds ahead.
    StudyDay day = spoken_day(1'920, 0, 3);
    Evaluation result = evaluate(std::array{day}, some_calibration(), kQuick);
    ASSERT_EQ(result.times.size(), 2U);
    EXPECT_EQ(result.times[0].minute_of_day, 570);
    EXPECT_EQ(result.times[0].samples, 1'800);
    EXPECT_EQ(result.times[1].minute_of_day, 600);
    EXPECT_EQ(result.times[1].samples, 110);
    EXPECT_TRUE(result.times[0].against[kZero].interval);
    EXPECT_FALSE(result.times[0].against[kZero].cautious);
    EXPECT_FALSE(result.times[1].against[kZero].interval) << "two blocks";
    const HorizonResult& ten = result.horizons[3];
    EXPECT_NEAR(result.times[0].mae * 1'800 + result.times[1].mae * 110, ten.mae * 1'910, 1e-6);

    // The same clock in summer, an hour earlier by UTC; and a second day falls into the same half hours.
    const std::int64_t summer = 1'783'431'000LL * kSecond;  // 2026-07-07 09:30 in New York
    const std::int64_t moved = summer - (day.seconds[0].window_end_ts_ns - kSecond);
    StudyDay later = day;
    for (Observation& second : later.seconds) second.window_end_ts_ns += moved;
    result = evaluate(std::array{day, later}, some_calibration(), kQuick);
    ASSERT_EQ(result.times.size(), 2U);
    EXPECT_EQ(result.times[0].minute_of_day, 570);
    EXPECT_EQ(result.times[0].samples, 3'600);
}

TEST(TimeOfDay, AnEveningOfUtcIsTheDayBeforeInNewYork) {
    StudyDay day = spoken_day(60, 0, 3);
    const std::int64_t moved =
        1'767'659'340LL * kSecond - day.seconds[0].window_end_ts_ns;  // 2026-01-06 00:29:00 UTC
    for (Observation& second : day.seconds) second.window_end_ts_ns += moved;
    const Evaluation result = evaluate(std::array{day}, some_calibration(), kQuick);
    ASSERT_EQ(result.times.size(), 1U);
    EXPECT_EQ(result.times[0].minute_of_day, 19 * 60);
}

}  // namespace
}  // namespace spymaster::forecast::testing
