// Tenths of confidence: exact, of the forecasts with a move alone, and honest where many are alike.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "forecast/calibration/confidence_scale.hpp"
#include "study_days.hpp"

namespace spymaster::forecast::testing {
namespace {

// A day whose forecasts are those of these confidences, all with a move, spread over seconds and horizons.
StudyDay day_with(const std::vector<double>& confidences, int date = 0) {
    StudyDay day =
        day_of(std::vector<std::int64_t>(confidences.size() / kStudyHorizons.size() + 1, 100), date);
    for (std::size_t i = 0; i < confidences.size(); ++i) {
        Observation& second = day.seconds[i / kStudyHorizons.size()];
        second.predicted_tick_delta[i % kStudyHorizons.size()] = i % 2 == 0 ? 1 : -3;
        second.confidence[i % kStudyHorizons.size()] = confidences[i];
    }
    return day;
}

std::optional<ConfidenceScale> scale_of(const std::vector<double>& confidences) {
    ConfidenceRanking ranking;
    ranking.add(day_with(confidences));
    return ranking.scale();
}

TEST(ConfidenceScale, IsWhatTheHandComputes) {
    const auto ten = scale_of({0.7, 0.1, 0.3, 0.2, 0.9, 0.4, 0.6, 0.5, 0.8, 1.0});
    ASSERT_TRUE(ten);
    EXPECT_EQ(ten->edges, (std::array<double, 9>{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}));
    EXPECT_EQ(ten->forecasts, 10);
    // Of twelve: the 2nd, 3rd, 4th, 5th, 6th, 8th, 9th, 10th and 11th.
    const auto twelve = scale_of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    EXPECT_EQ(twelve->edges, (std::array<double, 9>{2, 3, 4, 5, 6, 8, 9, 10, 11}));
}

TEST(ConfidenceScale, OnAnEdgeIsTheLowerTenth) {
    const ConfidenceScale scale{.edges = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}, .forecasts = 10};
    EXPECT_EQ(tenth_of(scale, 0.0), 1);
    EXPECT_EQ(tenth_of(scale, 0.1), 1);
    EXPECT_EQ(tenth_of(scale, std::nextafter(0.1, 1.0)), 2);
    EXPECT_EQ(tenth_of(scale, 0.9), 9);
    EXPECT_EQ(tenth_of(scale, 1.0), 10);
}

TEST(ConfidenceScale, WhereManyAreAlikeTenthsAreEmpty) {
    std::vector<double> confidences(65, 0.0);
    for (int i = 1; i <= 35; ++i) confidences.push_back(0.001 * i);
    const auto scale = scale_of(confidences);
    EXPECT_EQ(scale->edges[5], 0.0);
    EXPECT_EQ(scale->edges[6], 0.005);
    EXPECT_EQ(tenth_of(*scale, 0.0), 1) << "not surer than any other";
    EXPECT_EQ(tenth_of(*scale, 1e-300), 7) << "surer than six tenths";
    const auto all = scale_of(std::vector<double>(50, 0.0));
    EXPECT_EQ(tenth_of(*all, 0.0), 1);
    EXPECT_EQ(tenth_of(*all, 0.001), 10);
}

TEST(ConfidenceScale, IsOfForecastsWithAMoveInValidSeconds) {
    std::vector<double> confidences;
    for (int i = 1; i <= 30; ++i) confidences.push_back(0.01 * i);
    StudyDay day = day_with(confidences);
    ConfidenceRanking expected;
    expected.add(day);
    StudyDay spoiled = day;
    std::mt19937_64 random(11);
    spoiled.seconds.push_back(spoiled.seconds.back());
    spoil(spoiled.seconds.back(), random);
    // No move is claimed: what confidence stands there does not matter.
    Observation& calm = spoiled.seconds.emplace_back(day.seconds.front());
    calm.predicted_tick_delta.fill(0);
    calm.confidence.fill(1.0);
    ConfidenceRanking ranking;
    ranking.add(spoiled);
    EXPECT_EQ(ranking.scale(), expected.scale());
    EXPECT_EQ(ranking.scale()->forecasts, 30);
}

TEST(ConfidenceScale, FewerThanTenForecastsHaveNoTenths) {
    EXPECT_FALSE(ConfidenceRanking().scale());
    EXPECT_FALSE(scale_of(std::vector<double>(9, 0.5)));
    EXPECT_TRUE(scale_of(std::vector<double>(10, 0.5)));
}

TEST(ConfidenceScale, TenthsOfItsOwnForecastsAreTenthsInAnyOrderOfDays) {
    Noise noise(3);
    std::vector<double> first, second, all;
    for (int i = 0; i < 6'000; ++i) all.push_back((i % 2 == 0 ? first : second).emplace_back(noise.unit()));
    ConfidenceRanking forwards, backwards;
    forwards.add(day_with(first)), forwards.add(day_with(second, 1));
    backwards.add(day_with(second, 1)), backwards.add(day_with(first));
    const auto scale = forwards.scale();
    EXPECT_EQ(scale, backwards.scale());
    std::array<int, kTenths> counted{};
    for (const double confidence : all) ++counted[static_cast<std::size_t>(tenth_of(*scale, confidence)) - 1];
    for (const int count : counted) EXPECT_EQ(count, 600);
}

}  // namespace
}  // namespace spymaster::forecast::testing
