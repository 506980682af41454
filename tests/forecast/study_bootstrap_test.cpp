// Intervals: do they hold the truth as often as they say?
#include <gtest/gtest.h>

#include <array>

#include "forecast/evaluation/bootstrap.hpp"
#include "study_days.hpp"

namespace spymaster::forecast::testing {
namespace {

Tally errors(std::int64_t error, std::int64_t samples = 1) {
    Tally tally;
    tally.samples = samples;
    tally.error = error;
    return tally;
}

double mean(const Tally& tally) {
    return static_cast<double>(tally.error) / static_cast<double>(tally.samples);
}

TEST(Bootstrap, DrawsAsManyBlocksAsThereAre) {
    std::vector<Tally> blocks;
    for (int i = 0; i < 12; ++i) blocks.push_back(errors(i));
    const std::vector<Tally> drawn = resampled_totals(blocks, 1'000, 7);
    ASSERT_EQ(drawn.size(), 1'000U);
    double sum = 0.0, squares = 0.0;
    for (const Tally& total : drawn) {
        EXPECT_EQ(total.samples, 12);
        sum += mean(total), squares += mean(total) * mean(total);
    }
    // Around the mean of the blocks, 5.5, with their variance (143 / 12) over how many are drawn.
    EXPECT_NEAR(sum / 1'000, 5.5, 0.1);
    EXPECT_NEAR(squares / 1'000 - sum / 1'000 * sum / 1'000, 143.0 / 12 / 12, 0.1);
}

TEST(Bootstrap, TheSameSeedDrawsTheSameAndAnotherDoesNot) {
    std::vector<Tally> blocks;
    for (int i = 0; i < 30; ++i) blocks.push_back(errors(i * i));
    const auto sums = [&blocks](std::uint64_t seed) {
        std::vector<std::int64_t> found;
        for (const Tally& total : resampled_totals(blocks, 50, seed)) found.push_back(total.error);
        return found;
    };
    EXPECT_EQ(sums(1), sums(1));
    EXPECT_NE(sums(1), sums(2));
    EXPECT_EQ(sums(1)[0], 8'749) << "the same on every machine";
}

TEST(Bootstrap, EqualBlocksLeaveNoRoom) {
    const std::vector<Tally> blocks(20, errors(3));
    std::vector<double> drawn;
    for (const Tally& total : resampled_totals(blocks, 200, 1)) drawn.push_back(mean(total));
    const auto interval = interval_about(3.0, drawn, kTail95, {20, 1, 60});
    ASSERT_TRUE(interval);
    EXPECT_EQ(interval->low, 3.0);
    EXPECT_EQ(interval->high, 3.0);
}

TEST(Bootstrap, FewBlocksSayNothing) {
    const std::vector<double> drawn(200, 1.0);
    EXPECT_FALSE(interval_about(1.0, drawn, kTail95, {9, 1, 60}));
    EXPECT_TRUE(interval_about(1.0, drawn, kTail95, {10, 1, 60}));
    EXPECT_FALSE(interval_about(1.0, {}, kTail95, {10, 1, 60}));
    std::vector<double> once_over_nothing = drawn;
    once_over_nothing[7] = -INFINITY;
    EXPECT_FALSE(interval_about(1.0, once_over_nothing, kTail95, {10, 1, 60}));
}

TEST(Bootstrap, IsWiderForFewerBlocksForLongerHorizonsAndForCaution) {
    std::vector<double> drawn;
    for (int i = -1'000; i <= 1'000; ++i) drawn.push_back(0.001 * i);
    const auto high = [&drawn](const Tail& tail, const Support& support) {
        return interval_about(0.0, drawn, tail, support)->high;
    };
    // 0.95 is where 2.5 % are left; Student's t has 2.262 for 1.96 with 9 degrees of freedom.
    EXPECT_NEAR(high(kTail95, {1'000'000, 0, 60}), 0.95, 1e-5);
    EXPECT_NEAR(high(kTail95, {10, 0, 60}), 0.95 * 2.262 / 1.960 * std::sqrt(10.0 / 9.0), 0.003);
    EXPECT_NEAR(high(kTail95, {1'000'000, 30, 60}), 0.95 / std::sqrt(1.0 - 30.0 / 180.0), 1e-5);
    EXPECT_NEAR(high(kTailCautious, {1'000'000, 0, 60}), 1.0 - 2.0 * 0.025 / 6.0, 1e-5);
}

TEST(Bootstrap, HoldsTheTruthAboutNinetyFiveTimesInAHundred) {
    // Errors that overlap in time: a moving sum over `reach` seconds of noise, in blocks of 60. Their mean is known, 0.
    for (const auto& [blocks, reach] : {std::pair{12, 30}, {12, 5}, {60, 30}}) {
        constexpr int kTimes = 300;
        int held = 0;
        for (int time = 0; time < kTimes; ++time) {
            Noise noise(static_cast<std::uint64_t>(1'000 * blocks + time));
            std::vector<double> step(static_cast<std::size_t>(60 * blocks + reach));
            for (double& value : step) value = noise.normal();
            std::vector<Tally> tallies;
            for (int b = 0; b < blocks; ++b) {
                double sum = 0.0;
                for (int i = 60 * b; i < 60 * (b + 1); ++i)
                    for (int k = 0; k < reach; ++k) sum += step[static_cast<std::size_t>(i + k)];
                tallies.push_back(errors(static_cast<std::int64_t>(std::nearbyint(1'000.0 * sum)), 60));
            }
            Tally total;
            for (const Tally& tally : tallies) total += tally;
            std::vector<double> drawn;
            for (const Tally& sum : resampled_totals(tallies, 400, 1)) drawn.push_back(mean(sum));
            const auto interval = interval_about(mean(total), drawn, kTail95, {blocks, reach, 60});
            held += interval->low <= 0.0 && interval->high >= 0.0 ? 1 : 0;
        }
        // 285 are expected, with a spread of 4.
        EXPECT_GE(held, 273) << blocks << " blocks, " << reach << " s";
        EXPECT_LE(held, 296) << blocks << " blocks, " << reach << " s";
    }
}

TEST(Wilson, IsWhatTheFormulaGives) {
    const Interval half = wilson_interval(50, 100, kTail95);
    EXPECT_NEAR(half.low, 0.4038, 5e-5);
    EXPECT_NEAR(half.high, 0.5962, 5e-5);
    const Interval three = wilson_interval(3, 3, kTail95);
    EXPECT_NEAR(three.low, 0.4385, 5e-5) << "three of three are no certainty";
    EXPECT_EQ(three.high, 1.0);
    EXPECT_EQ(wilson_interval(0, 4, kTail95).low, 0.0);
}

}  // namespace
}  // namespace spymaster::forecast::testing
