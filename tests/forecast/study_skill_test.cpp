// The verdict on markets whose truth is known: no skill where there is none to be had, skill where it was planted.
#include <gtest/gtest.h>

#include <array>

#include "forecast/evaluation/evaluation.hpp"
#include "study_days.hpp"

namespace spymaster::forecast::testing {
namespace {

constexpr std::size_t kSpotNow = 4;
constexpr std::uint64_t kMarkets = 40;
const EvaluationOptions kQuick{.resamples = 500};

bool is_better(const AgainstBaseline& against) {
    return against.cautious && against.cautious->low > 0.0;
}

// Fitted on one day, measured on the next two.
template <class MakeDay>
Evaluation study(const MakeDay& make_day, double decay, Calibration* fitted = nullptr) {
    Calibrator calibrator;
    calibrator.add(make_day(0));
    const Calibration calibration = calibrator.fit().value();
    std::array days{make_day(1), make_day(2)};
    for (StudyDay& day : days) say_paths(day, calibration.path.parameters, decay);
    if (fitted != nullptr) *fitted = calibration;
    return evaluate(days, calibration, kQuick);
}

class RandomWalks : public ::testing::TestWithParam<RandomWalk> {};

// The fields saw where the spot went in their own second, and nothing else. S(t) is of its beginning, so the regression finds
// a strong beta, the sign one second ahead is nearly always right, and standing still, the last velocity, the micro-price (which
// does not know on which side the last trade was) and the order flow are all beaten. None of it is of the future.
TEST_P(RandomWalks, HaveNoSkill) {
    int better_than_all_others = 0;
    for (std::uint64_t seed = 1; seed <= kMarkets; ++seed) {
        Noise noise(seed);
        Calibration calibration;
        const auto make_day = [&noise](int day) { return walk(GetParam(), 900, day, noise); };
        const Evaluation result = study(make_day, 0.0, &calibration);
        EXPECT_GT(calibration.path.parameters.beta, 20.0 * calibration.path.b_std_error);
        EXPECT_FALSE(result.skilled) << "seed " << seed;
        const HorizonResult& next = result.horizons[0];
        EXPECT_GT(next.hits.rate, 0.95);
        EXPECT_GT(result.horizons[1].hits.interval->low, 0.5) << "a hit rate is no skill";
        EXPECT_EQ(next.against[kSpotNow].mae, 0.0);
        bool all_others = true;
        for (std::size_t b = 0; b < kSpotNow; ++b) all_others = all_others && is_better(next.against[b]);
        better_than_all_others += all_others ? 1 : 0;
    }
    EXPECT_EQ(better_than_all_others, kMarkets) << "the other baselines alone would have called it skill";
}

INSTANTIATE_TEST_SUITE_P(Skill, RandomWalks,
                         ::testing::Values(RandomWalk{}, RandomWalk{.bounces = true},
                                           RandomWalk{.trade_share = 0.3, .bounces = true}));

// The closest that a forecast without skill comes to a baseline: on a walk whose trades are at bid or ask, whichever, both are
// as good a forecast, for ever. It says the one, for about `steady` seconds, then maybe the other; what it is compared
// with says either.
int skilled_of_equals(double steady) {
    int skilled = 0;
    for (std::uint64_t seed = 1; seed <= kMarkets; ++seed) {
        Noise noise(1'000 + seed);
        std::array days{walk({.bounces = true}, 900, 1, noise), walk({.bounces = true}, 900, 2, noise)};
        std::int64_t above_bid = 0;
        for (StudyDay& day : days) {
            for (Observation& second : day.seconds) {
                if (noise.chance(1.0 / steady)) above_bid = noise.below(2);
                const std::int64_t place = static_cast<std::int64_t>(second.bid_tick) + above_bid;
                second.predicted_tick_delta.fill(place - second.spot_tick);
            }
        }
        skilled += evaluate(days, {}, kQuick).skilled ? 1 : 0;
    }
    return skilled;
}

TEST(Skill, OfEqualsIsFoundNoMoreOftenThanChanceAllows) {
    // Six horizons together, 2.5 % at the upper end: 1 of 40 markets is what caution lets pass.
    EXPECT_LE(skilled_of_equals(1.0), 1);
    EXPECT_LE(skilled_of_equals(30.0), 1);
    EXPECT_LE(skilled_of_equals(100.0), 1);
}

TEST(Skill, ThatWasPlantedIsFound) {
    constexpr Planted kTruth{.a = 0.25, .b = 0.8, .decay = 0.9};
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        Noise noise(seed);
        Calibration calibration;
        const auto make_day = [&noise, kTruth](int day) { return planted(kTruth, 1'800, day, noise); };
        const Evaluation result = study(make_day, kTruth.decay, &calibration);
        const PathFit& path = calibration.path;
        EXPECT_NEAR(path.parameters.gamma, 1.0 - kTruth.a, 3.5 * path.a_std_error);
        EXPECT_NEAR(path.parameters.beta, kTruth.b, 3.5 * path.b_std_error);
        EXPECT_TRUE(result.skilled) << "seed " << seed;
        EXPECT_TRUE(result.horizons[2].skilled) << "5 s";
        EXPECT_TRUE(result.horizons[3].skilled) << "10 s";
        EXPECT_FALSE(result.horizons[0].skilled) << "1 s: the spot now is never off";
        EXPECT_GT(result.horizons[2].hits.interval->low, 0.6);
        // From one tenth to the next chance may turn it around; from the lowest to the highest it does not.
        EXPECT_GT(result.buckets[9].hits.interval->low, result.buckets[0].hits.interval->high);
    }
}

TEST(Skill, ThatWasPlantedBackwardsIsNotFound) {
    constexpr Planted kTruth{.a = 0.25, .b = 0.5, .decay = 0.9};
    Noise noise(1);
    std::array days{planted(kTruth, 1'800, 1, noise), planted(kTruth, 1'800, 2, noise)};
    for (StudyDay& day : days) say_paths(day, {.beta = -0.5, .gamma = 0.75}, kTruth.decay);
    const Evaluation result = evaluate(days, {}, kQuick);
    EXPECT_FALSE(result.skilled);
    for (const HorizonResult& horizon : result.horizons) EXPECT_LT(horizon.against[0].cautious->high, 0.0);
    EXPECT_LT(result.horizons[3].hits.interval->high, 0.5);
    EXPECT_EQ(result.monotonicity, Monotonicity::falling);
}

TEST(Skill, CannotBeShownInAFewMinutes) {
    constexpr Planted kTruth{.a = 0.25, .b = 0.5, .decay = 0.9};
    Noise noise(1);
    StudyDay day = planted(kTruth, 500, 1, noise);
    say_paths(day, {.beta = 0.5, .gamma = 0.75}, kTruth.decay);
    const Evaluation result = evaluate(std::array{day}, {}, kQuick);
    EXPECT_LT(result.blocks, kFewestBlocks);
    EXPECT_GT(*result.horizons[3].against[0].skill, 0.0);
    EXPECT_FALSE(result.skilled) << "it is there, but eight blocks cannot tell it from luck";
}

}  // namespace
}  // namespace spymaster::forecast::testing
