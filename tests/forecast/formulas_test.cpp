// Every formula on small exact numbers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "fields_of_a_second.hpp"
#include "forecast/corridor/corridor.hpp"
#include "forecast/forces/damping.hpp"
#include "forecast/forces/directional.hpp"
#include "forecast/forces/drive.hpp"
#include "forecast/forces/force.hpp"
#include "forecast/forces/sampling.hpp"
#include "forecast/held.hpp"
#include "forecast/path/confidence.hpp"
#include "forecast/path/motion.hpp"
#include "forecast/path/predicted_tick.hpp"
#include "forecast/path/spot_tick.hpp"
#include "forecast/run_score/reinforcement.hpp"
#include "forecast/run_score/run_score.hpp"
#include "forecast/run_score/vacuum.hpp"
#include "forecast/run_score/wall_distance.hpp"
#include "forecast/run_score/way_ahead.hpp"
#include "forecast/totals/option_spread.hpp"
#include "forecast/totals/total_obstacle.hpp"

namespace spymaster::forecast {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST(Held, GoldKeepsItsBits) {
    for (const double value : {0.0, 5e-324, 0.1, 44.0, 9.3e18, 4e20, kLargestField}) {
        EXPECT_EQ(held(value), value);
        EXPECT_EQ(held(-value), -value);
        EXPECT_EQ(held_obstacle(value), value);
    }
}

TEST(Held, WhatGoldCannotHoldComesToTheBound) {
    for (const double value : {1.1e30, 1e308, kInf}) {
        EXPECT_EQ(held(value), kLargestField);
        EXPECT_EQ(held(-value), -kLargestField);
        EXPECT_EQ(held_obstacle(value), kLargestField);
        EXPECT_EQ(held_obstacle(-value), 0.0);
    }
    EXPECT_TRUE(std::isfinite(held(kNan)));
    EXPECT_EQ(held_obstacle(kNan), 0.0);
    EXPECT_EQ(held_obstacle(-0.5), 0.0);
}

// A spread over prices to `half_width` of obstacles at strikes `step` apart, to `strike_width`.
std::vector<double> spread_of(const std::vector<double>& obstacles, int strike_width, int step,
                              int half_width) {
    std::vector<double> spread(static_cast<std::size_t>(2 * half_width + 1), -1.0);
    spread_options(obstacles, {testing::strikes_to(strike_width, step), physics::Axis::strikes},
                   option_spread_weights(), half_width, spread);
    return spread;
}

TEST(OptionSpread, AStrikeReaches24Ticks) {
    const std::vector<double> spread = spread_of({0.0, 2.0, 0.0}, 20, 20, 30);
    const std::vector<double> weights = option_spread_weights();
    for (int x = -30; x <= 30; ++x) {
        const double expected = std::abs(x) > 24 ? 0.0 : 2.0 * weights[static_cast<std::size_t>(x + 24)];
        EXPECT_EQ(spread[static_cast<std::size_t>(x + 30)], expected) << x;
    }
    EXPECT_NEAR(std::accumulate(spread.begin(), spread.end(), 0.0), 2.0, 1e-14);
}

TEST(OptionSpread, StrikesThatMeetAreAddedInAscendingOrder) {
    const std::vector<double> weights = option_spread_weights();
    const std::vector<double> spread = spread_of({0.1, 0.7, 1e-17}, 20, 20, 30);
    EXPECT_EQ(spread[30], (0.1 * weights[44] + 0.7 * weights[24]) + 1e-17 * weights[4]);
    EXPECT_EQ(spread[30 + 10], 0.7 * weights[34] + 1e-17 * weights[14]);  // 30 ticks from the first
}

TEST(OptionSpread, StrikesMayReachBeyondThePrices) {
    const std::vector<double> weights = option_spread_weights();
    const std::vector<double> spread = spread_of({5.0, 0.0, 0.0, 0.0, 3.0}, 40, 20, 30);
    EXPECT_EQ(spread[0], 5.0 * weights[34]);   // x = -30, 10 above its strike
    EXPECT_EQ(spread[60], 3.0 * weights[14]);  // x = +30
    EXPECT_EQ(spread[30], 0.0);
}

TEST(TotalObstacle, AddsSevenTenthsOfTheOptions) {
    EXPECT_EQ(total_obstacle(3.0, 0.0), 3.0);
    EXPECT_EQ(total_obstacle(3.0, 2.0), 3.0 + 0.70 * 2.0);
    EXPECT_EQ(total_obstacle(-1.0, 2.0), 0.70 * 2.0);
}

TEST(CorridorWeights, NearCountsMore) {
    const CorridorWeights weights;
    EXPECT_EQ(weights.weight[0], std::exp(-1.0 / 16.0));
    EXPECT_EQ(weights.weight[63], std::exp(-4.0));
    EXPECT_EQ(weights.sum[0], 0.0);
    EXPECT_EQ(weights.sum[2], weights.weight[0] + weights.weight[1]);
}

TEST(Corridor, IsTheWeightedMeanOfWhatErodes) {
    const CorridorWeights w;
    ByDistance u{};
    u[0] = -2.0;
    u[1] = 7.0;  // grows: counts as 0
    u[2] = -1.0;
    EXPECT_EQ(corridor(w, u, 0), 0.0);
    EXPECT_EQ(corridor(w, u, 1), w.weight[0] * 2.0 / w.sum[1]);
    EXPECT_EQ(corridor(w, u, 3), (w.weight[0] * 2.0 + w.weight[2] * 1.0) / w.sum[3]);
    u.fill(-0.25);
    EXPECT_NEAR(corridor(w, u, 64), 0.25, 1e-15);
}

TEST(WayAhead, LooksUpAlongAsksAndDownAlongBids) {
    std::vector<double> side{-3, -2, -1, 0, 1, 2, 3};
    const ByDistance up = way_ahead(side, 3, +1);
    const ByDistance down = way_ahead(side, 3, -1);
    EXPECT_THAT(std::vector(up.begin(), up.begin() + 5), ElementsAre(1, 2, 3, 0, 0));
    EXPECT_THAT(std::vector(down.begin(), down.begin() + 5), ElementsAre(-1, -2, -3, 0, 0));
    EXPECT_EQ(up[63], 0.0);
    const std::vector<double> wide(2 * 70 + 1, 4.0);
    EXPECT_THAT(way_ahead(wide, 70, +1), Each(4.0));
    EXPECT_THAT(way_ahead(wide, 70, -1), Each(4.0));
}

TEST(WallDistance, IsTheFirstPriceNearlyAsStrongAsTheStrongest) {
    ByDistance prominence{};
    prominence[4] = 0.59;
    prominence[9] = 0.6;
    prominence[20] = 1.0;
    EXPECT_EQ(strongest_wall(prominence), 1.0);
    EXPECT_EQ(wall_distance(prominence, 1.0), 10);  // at the threshold is on the wall
}

TEST(WallDistance, OfNothingIsOneAndOfHollowsIsNone) {
    ByDistance prominence{};
    EXPECT_EQ(wall_distance(prominence, strongest_wall(prominence)), 1);
    prominence.fill(-1.0);
    prominence[7] = -0.5;
    EXPECT_EQ(strongest_wall(prominence), -0.5);
    EXPECT_EQ(wall_distance(prominence, -0.5), 64);
    prominence[63] = 2.0;
    EXPECT_EQ(wall_distance(prominence, strongest_wall(prominence)), 64);
}

TEST(Vacuum, EndsBeforeTheWall) {
    const CorridorWeights w;
    ByDistance u{};
    u[0] = -1.0;
    u[1] = -3.0;
    u[2] = -100.0;  // the wall itself
    EXPECT_EQ(vacuum(w, u, 1), 0.0);
    EXPECT_EQ(vacuum(w, u, 2), 1.0);
    EXPECT_EQ(vacuum(w, u, 3), (w.weight[0] * 1.0 + w.weight[1] * 3.0) / w.sum[2]);
}

TEST(Reinforcement, IsWhatGrowsAtTheWall) {
    ByDistance u{};
    u[4] = 0.5;
    u[5] = -0.5;
    EXPECT_EQ(reinforcement(u, 5), 0.5);
    EXPECT_EQ(reinforcement(u, 6), 0.0);
    EXPECT_EQ(reinforcement(u, 64), 0.0);
}

TEST(RunScore, IsVacuumLessReinforcement) {
    EXPECT_EQ(run_score(0.5, 0.125), 0.375);
    EXPECT_EQ(run_score(0.125, 0.5), -0.375);
}

std::size_t place(int x) {
    return static_cast<std::size_t>(x + kDirectionalReach);
}

TEST(Directional, AboveAreAsksBelowAreBids) {
    const int half_width = 3;
    std::vector<double> g{-3, -2, -1, 99, 1, 2, 3, -30, -20, -10, 99, 10, 20, 30};
    std::vector<double> nu{9, 9, 9, 2, 4, 8, 16, 10, 5, 2.5, 3, 9, 9, 9};
    DirectionalFields fields;
    assemble_directional(g, nu, half_width, fields);
    const auto around = [](const Directional& field) {
        return std::vector(field.begin() + kDirectionalReach - 4, field.begin() + kDirectionalReach + 5);
    };
    EXPECT_THAT(around(fields.g), ElementsAre(0, -30, -20, -10, 0, 1, 2, 3, 0));
    EXPECT_THAT(around(fields.nu), ElementsAre(1, 10, 5, 2.5, 2.5, 4, 8, 16, 1));
    EXPECT_THAT(around(fields.kappa), ElementsAre(1, 0.1, 0.2, 0.4, 0.4, 0.25, 0.125, 0.0625, 1));
    EXPECT_EQ(fields.g[place(kDirectionalReach)], 0.0);
    EXPECT_EQ(fields.nu[place(-kDirectionalReach)], 1.0);
}

TEST(Directional, ReachesAsFarAsAPathLooks) {
    constexpr int kWide = 200;
    const testing::OwnFields fields_of_prices = [] {
        testing::OwnFields fields(kWide);
        for (int x = -kWide; x <= kWide; ++x) {
            fields.pressure_grad[fields.row(market::Side::ask, x)] = x;
            fields.pressure_grad[fields.row(market::Side::bid, x)] = x;
        }
        return fields;
    }();
    DirectionalFields fields;
    assemble_directional(fields_of_prices.pressure_grad, fields_of_prices.Omega, kWide, fields);
    for (int x = -kDirectionalReach; x <= kDirectionalReach; ++x) EXPECT_EQ(fields.g[place(x)], x);
}

TEST(DistanceWeight, BothSidesTogetherWeighTwo) {
    const auto weights = force_weights();
    EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 2.0, 1e-14);
    const auto damp = damping_weights();
    EXPECT_NEAR(std::accumulate(damp.begin(), damp.end(), 0.0), 2.0, 1e-14);
}

Directional ramp() {
    Directional field;
    for (int x = -kDirectionalReach; x <= kDirectionalReach; ++x) field[place(x)] = x * x;
    return field;
}

TEST(Sampling, AtWholeTicksIsTheFieldItself) {
    Around<2> values{};
    sample_around<2>(ramp(), 0.0, values);
    EXPECT_THAT(values, ElementsAre(4, 1, 0, 1, 4));
    sample_around<2>(ramp(), 3.0, values);
    EXPECT_THAT(values, ElementsAre(1, 4, 9, 16, 25));
    sample_around<2>(ramp(), -3.0, values);
    EXPECT_THAT(values, ElementsAre(25, 16, 9, 4, 1));
}

TEST(Sampling, BetweenTicksIsAStraightLine) {
    Around<1> values{};
    sample_around<1>(ramp(), 0.25, values);
    EXPECT_THAT(values, ElementsAre(0.75 * 1, 0.25, 1 + 0.25 * 3));
    sample_around<1>(ramp(), -0.25, values);  // y = -1.25, -0.25, 0.75: floor is below
    EXPECT_THAT(values, ElementsAre(4 - 0.75 * 3, 0.25, 0.75));
}

TEST(Sampling, ReachesAsFarAsAPathCanCome) {
    Around<kForceReach> values{};
    sample_around<kForceReach>(ramp(), 80.0, values);
    EXPECT_EQ(values[0], 16.0 * 16.0);
    EXPECT_EQ(values[128], 144.0 * 144.0);
    sample_around<kForceReach>(ramp(), -80.0, values);
    EXPECT_EQ(values[0], 144.0 * 144.0);
}

// x + shift is rounded to the next tick: there f is 0, whatever lies one tick before.
TEST(Sampling, RoundingToTheNextTickSeesThatTick) {
    Directional field{};
    field[place(31)] = 1e16;
    field[place(32)] = 0.1;
    const double shift = std::nextafter(1.0, 0.0);
    ASSERT_EQ(31.0 + shift, 32.0);
    Around<kForceReach> values{};
    sample_around<kForceReach>(field, shift, values);
    EXPECT_EQ(values[kForceReach + 31], 0.1);
    EXPECT_NE(1e16 + (0.1 - 1e16) * 1.0, 0.1);  // what a line through both would say
}

TEST(Force, PushesThroughWhatIsOpen) {
    Around<kForceReach> kappa, g{};
    kappa.fill(1.0);
    g[kForceReach] = 1e9;  // where it stands
    EXPECT_EQ(force(force_weights(), kappa, g), 0.0);
    g[kForceReach + 1] = 3.0;
    const double open = force(force_weights(), kappa, g);
    EXPECT_EQ(open, force_weights()[kForceReach + 1] * 3.0);
    kappa[kForceReach + 1] = 0.5;
    EXPECT_EQ(force(force_weights(), kappa, g), open / 2);
    g[kForceReach - 1] = -3.0;
    EXPECT_LT(force(force_weights(), kappa, g), 0.0);
}

TEST(Damping, OfNoObstacleIsTwo) {
    Around<kDampingReach> nu;
    nu.fill(1.0);
    EXPECT_NEAR(damping(damping_weights(), nu), 2.0, 1e-14);
    nu[kDampingReach] = 1e9;  // where it stands
    EXPECT_NEAR(damping(damping_weights(), nu), 2.0, 1e-14);
}

TEST(Drive, IsForceAfterDamping) {
    EXPECT_EQ(drive(1.5, 2.0), 0.5);
    EXPECT_EQ(drive(-1.5, 2.0), -0.5);
}

TEST(Motion, IsPushedAndLosesAShare) {
    const Parameters parameters{.beta = 2.0, .gamma = 0.25};
    EXPECT_EQ(acceleration(parameters, 3.0, 2.0), 2.0);
    EXPECT_EQ(next_velocity(parameters, 4.0, 2.0), 5.0);
    EXPECT_EQ(next_delta(1.5, -2.0), -0.5);
}

TEST(Motion, IsHeldWithinBounds) {
    const Parameters parameters{.beta = 1.0, .gamma = 0.0};
    EXPECT_EQ(next_velocity(parameters, 8.0, 0.5), 8.0);
    EXPECT_EQ(next_velocity(parameters, -8.0, -0.5), -8.0);
    EXPECT_EQ(next_velocity(parameters, 0.0, kInf), 8.0);
    EXPECT_EQ(next_delta(76.0, 8.0), 80.0);
    EXPECT_EQ(next_delta(-76.0, -8.0), -80.0);
}

TEST(SpotTick, IsTheSpotInTicks) {
    EXPECT_EQ(spot_tick(4'810'250'000'000, {250'000'000}), 19'241);
    EXPECT_EQ(spot_tick(475'500'000'000, {500'000'000}), 951);
    EXPECT_EQ(spot_tick(375'000'000, {250'000'000}), 2);  // between ticks: halves to even
    EXPECT_EQ(spot_tick(625'000'000, {250'000'000}), 2);
    EXPECT_EQ(spot_tick(kMost, {1}), kMost);
}

TEST(InitialVelocity, IsTheLastMoveWithinBounds) {
    EXPECT_EQ(initial_velocity(100, 103), -3.0);
    EXPECT_EQ(initial_velocity(109, 100), 8.0);
    EXPECT_EQ(initial_velocity(1, kMost), -8.0);
}

TEST(PredictedTick, HalvesGoToEven) {
    const std::vector<std::pair<double, std::int64_t>> cases{{0.5, 0},   {1.5, 2},    {2.5, 2},  {-0.5, 0},
                                                             {-1.5, -2}, {-2.5, -2},  {0.51, 1}, {-0.49, 0},
                                                             {79.5, 80}, {-80.0, -80}};
    for (const auto& [delta, expected] : cases) EXPECT_EQ(predicted_tick_delta(delta), expected) << delta;
}

TEST(PredictedTick, StaysWithin64Bits) {
    EXPECT_EQ(predicted_spot_tick(100, -3), 97);
    EXPECT_EQ(predicted_spot_tick(kMost, 80), kMost);
    EXPECT_EQ(predicted_spot_tick(0, -80), -80);
}

TEST(Confidence, IsConvictionWhereTheWayIsOpen) {
    const double up = openness(0.5);
    const double down = openness(-0.5);
    EXPECT_EQ(up, std::tanh(0.5));
    EXPECT_EQ(down, 0.0);
    EXPECT_EQ(gate(3, up, down), up);
    EXPECT_EQ(gate(-3, up, down), down);
    EXPECT_EQ(gate(0, up, down), 0.0);
    EXPECT_EQ(conviction(-0.25), std::tanh(0.25));
    EXPECT_EQ(confidence(conviction(0.25), up), std::tanh(0.25) * std::tanh(0.5));
}

}  // namespace
}  // namespace spymaster::forecast
