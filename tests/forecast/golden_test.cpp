// The golden values of the specification (appendix B.1, B.4, B.4a), and those of sections 5.4 to 5.8.
#include <gtest/gtest.h>

#include <cmath>

#include "forecast/corridor/corridor_weight.hpp"
#include "forecast/forces/distance_weight.hpp"
#include "forecast/path/trajectory.hpp"
#include "forecast/totals/option_spread.hpp"

namespace spymaster::forecast {
namespace {

constexpr Parameters kGolden{.beta = 1.0, .gamma = 0.2};

std::size_t place(int x) {
    return static_cast<std::size_t>(x + kDirectionalReach);
}

TEST(Golden, WeightsOfTheForce) {
    const auto weights = force_weights();
    EXPECT_EQ(weights[kForceReach + 1], 0.06853849141866852);
    EXPECT_EQ(weights[kForceReach + 64], 4.5794136730306516e-08);
    EXPECT_EQ(weights[kForceReach], 0.0);
    for (std::size_t k = 1; k <= kForceReach; ++k)
        EXPECT_EQ(weights[kForceReach - k], weights[kForceReach + k]) << k;
}

TEST(Golden, WeightsOfTheDamping) {
    const auto weights = damping_weights();
    EXPECT_EQ(weights[kDampingReach + 1], 0.14138149415292628);
    EXPECT_EQ(weights[kDampingReach + 16], 0.00409511664799212);
    EXPECT_EQ(weights[kDampingReach], 0.0);
}

TEST(Golden, WeightsOfTheOptionSpread) {
    const auto weights = option_spread_weights();
    ASSERT_EQ(weights.size(), 49U);
    EXPECT_EQ(weights[24], 0.04997675360149001);
    EXPECT_EQ(weights[0], 0.0005551915827515413);
    EXPECT_EQ(weights[48], 0.0005551915827515413);
    EXPECT_EQ(physics::gaussian_kernel(kSpreadSigma, kSpreadReach).sum, 20.009302884575238);
}

TEST(Golden, WeightsOfTheCorridor) {
    const CorridorWeights weights;
    EXPECT_EQ(weights.sum[64], 15.2212202037627);
    EXPECT_EQ(weights.weight[0] / weights.sum[64], 0.061717329506950566);
}

TEST(Golden, SumsOfTheKernels) {
    const auto right_half = [](double sigma, int reach) {
        const physics::GaussianKernel kernel = physics::gaussian_kernel(sigma, reach);
        double sum = 0.0;
        for (int k = 1; k <= reach; ++k) sum += kernel.weights[static_cast<std::size_t>(reach + k)];
        return sum;
    };
    EXPECT_EQ(right_half(12.0, 64), 14.539768505890008);
    EXPECT_EQ(right_half(6.0, 16), 6.975503566804708);
}

TEST(Golden, ConstantFields) {  // B.4
    constexpr double kPush = 0.37;
    DirectionalFields fields;
    fields.g.fill(kPush);
    fields.g[kDirectionalReach] = 0.0;
    fields.nu.fill(2.0);
    fields.kappa.fill(0.5);
    for (const Sampling sampling : {Sampling::ahead, Sampling::literal}) {
        const Trajectory path = TrajectoryTracer(sampling).trace(fields, 0.0, {.beta = 3.0, .gamma = 0.2});
        EXPECT_NEAR(path.force, kPush, 1e-15);
        EXPECT_NEAR(path.damping, 4.0, 1e-14);
        EXPECT_NEAR(path.delta[0], 3.0 * kPush / 5.0, 1e-15);  // a(0)
    }
}

// B.4a: a wall ten ticks above, and a push that fades with distance.
DirectionalFields wall_ahead() {
    DirectionalFields fields;
    for (int x = -kDirectionalReach; x <= kDirectionalReach; ++x) {
        fields.nu[place(x)] = x == 10 ? 4.0 : 1.5;
        fields.kappa[place(x)] = 1.0 / fields.nu[place(x)];
        if (x > 0) fields.g[place(x)] = 0.3 * std::exp(-x / 20.0);
        if (x < 0) fields.g[place(x)] = -0.1 * std::exp(-std::abs(x) / 20.0);
    }
    return fields;
}

TEST(Golden, PathAhead) {
    const Trajectory path = TrajectoryTracer(Sampling::ahead).trace(wall_ahead(), 1.0, kGolden);
    EXPECT_EQ(path.force, 0.08233680477784631);
    EXPECT_EQ(path.damping, 3.0893670995897433);
    EXPECT_EQ(path.delta[0], 0.8201343637713784);
    EXPECT_EQ(path.delta[1], 1.4954331895044044);
    EXPECT_EQ(path.delta[2], 2.055696567615493);
    EXPECT_EQ(path.delta[9], 4.265755546202481);
    EXPECT_EQ(path.delta[29], 7.2826749118689404);
}

TEST(Golden, PathOfTheLiteralSign) {
    const Trajectory path = TrajectoryTracer(Sampling::literal).trace(wall_ahead(), 1.0, kGolden);
    EXPECT_EQ(path.force, 0.08233680477784631);
    EXPECT_EQ(path.damping, 3.0893670995897433);
    EXPECT_EQ(path.delta[0], 0.8201343637713784);
    EXPECT_EQ(path.delta[1], 1.4955131333548959);
    EXPECT_EQ(path.delta[2], 2.0537911711531684);
    EXPECT_EQ(path.delta[9], 4.102294981433272);
    EXPECT_EQ(path.delta[29], 5.611338786620611);
}

}  // namespace
}  // namespace spymaster::forecast
