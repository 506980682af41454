// Golden values of spec appendix B items 1-3, and each formula at its edges.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "physics/gradients/prominence.hpp"
#include "physics/gradients/space_derivative.hpp"
#include "physics/gradients/spatial_smoothing.hpp"
#include "physics/gradients/time_derivative.hpp"
#include "physics/obstacle/obstacle_strength.hpp"
#include "physics/obstacle/permeability.hpp"
#include "physics/obstacle/resting_fraction.hpp"
#include "physics/obstacle/resting_mass.hpp"
#include "physics/obstacle/viscosity.hpp"
#include "physics/physics_engine.hpp"
#include "physics/pressure/pressure_gradient.hpp"
#include "physics/velocity/intensity.hpp"
#include "physics/velocity/liquidity_velocity.hpp"
#include "physics/velocity/persistent_velocity.hpp"
#include "physics/waves/ema_ladder.hpp"
#include "physics/waves/wave_bands.hpp"
#include "physics/waves/wave_energy.hpp"
#include "windows_of_a_market.hpp"

namespace spymaster::physics {
namespace {

std::vector<double> smoothed(const std::vector<double>& field, const GaussianKernel& kernel) {
    std::vector<double> padded(padded_size(field.size(), kernel),
                               std::nan(""));  // whatever was there is overwritten
    std::vector<double> out(field.size(), std::nan(""));
    smooth(field, kernel, padded, out);
    return out;
}

TEST(Golden, AlphasOfTheLadder) {
    EXPECT_EQ(ema_alpha(2.0), 0.3934693402873666);
    EXPECT_EQ(ema_alpha(8.0), 0.11750309741540454);
    EXPECT_EQ(ema_alpha(32.0), 0.03076676552365587);
    EXPECT_EQ(ema_alpha(128.0), 0.007782061739756485);
}

TEST(Golden, KernelSumsAndWeights) {
    const GaussianKernel near = gaussian_kernel(6.0, 16);
    const GaussianKernel far = gaussian_kernel(24.0, 64);
    ASSERT_EQ(near.weights.size(), 33U);
    ASSERT_EQ(far.weights.size(), 129U);
    EXPECT_EQ(near.sum, 14.95100713360942);
    EXPECT_EQ(far.sum, 59.72625083290406);
    EXPECT_EQ(near.weights[16] / near.sum, 0.06688512627032528);
    EXPECT_EQ(near.weights[15] / near.sum, 0.06596258753211026);
    EXPECT_EQ(near.weights[17] / near.sum, 0.06596258753211026);
    EXPECT_EQ(near.weights[0] / near.sum, 0.0019106071269497278);
    EXPECT_EQ(near.weights[32] / near.sum, 0.0019106071269497278);
    EXPECT_EQ(far.weights[64] / far.sum, 0.01674305663011892);
    EXPECT_EQ(far.weights[63] / far.sum, 0.01672852903308706);
    EXPECT_EQ(far.weights[65] / far.sum, 0.01672852903308706);
    EXPECT_EQ(far.weights[0] / far.sum, 0.00047827379730343343);
    EXPECT_EQ(far.weights[128] / far.sum, 0.00047827379730343343);
}

TEST(Golden, Cell) {
    PhysicsEngine engine(testing::grid_of(200));
    windows::Window window = testing::window_at(0);
    window.flow.push_back(testing::row_at(
        market::Side::bid, -3, {.start = 12, .end = 20, .rest = 15, .add = 6, .pull = 3, .fill = 1}));
    const PhysicsSurface1s* surface = engine.update(window);
    ASSERT_NE(surface, nullptr);
    EXPECT_EQ(surface->rows(), 802U);
    const std::size_t cell = 401 + 197;
    EXPECT_EQ((*surface)[Field::liquidity_velocity][cell], 0.15384615384615385);
    EXPECT_EQ((*surface)[Field::rho][cell], 3.044522437723423);
    EXPECT_EQ((*surface)[Field::phi_rest][cell], 0.7142857142857143);
    EXPECT_EQ((*surface)[Field::Omega][cell], 2.8963588654009333);
}

TEST(Golden, ImpulseSmoothed) {
    std::vector<double> impulse(401, 0.0);
    impulse[200] = 1.0;
    const std::vector<double> near = smoothed(impulse, gaussian_kernel(6.0, 16));
    EXPECT_EQ(near[200], 0.06688512627032528);
    EXPECT_EQ(near[200 - 16], 0.0019106071269497278);
    EXPECT_EQ(near[200 + 16], 0.0019106071269497278);
    EXPECT_EQ(near[200 - 17], 0.0);
    EXPECT_EQ(near[200 + 17], 0.0);
    const std::vector<double> far = smoothed(impulse, gaussian_kernel(24.0, 64));
    EXPECT_EQ(far[200], 0.01674305663011892);
    EXPECT_EQ(far[200 + 65], 0.0);
}

TEST(Golden, ImpulseThroughTheEngine) {
    PhysicsEngine engine(testing::grid_of(200));
    windows::Window window = testing::window_at(0);
    window.flow.push_back(
        testing::row_at(market::Side::ask, 0, {.start = 0, .end = 1, .add = 1}));  // u = e8 = 1
    const PhysicsSurface1s* surface = engine.update(window);
    ASSERT_NE(surface, nullptr);
    EXPECT_EQ((*surface)[Field::u_near][200], 0.06688512627032528);
    EXPECT_EQ((*surface)[Field::u_near][217], 0.0);
    EXPECT_EQ((*surface)[Field::u_far][200], 0.01674305663011892);
    EXPECT_EQ((*surface)[Field::u_prom][200], 0.06688512627032528 - 0.01674305663011892);
    EXPECT_EQ((*surface)[Field::du_dx][200], 0.0);
    EXPECT_GT((*surface)[Field::du_dx][199], 0.0);
    EXPECT_LT((*surface)[Field::du_dx][201], 0.0);
    EXPECT_LT((*surface)[Field::d2u_dx2][200], 0.0);
    for (const double other_side : std::span((*surface)[Field::u_near]).subspan(401))
        EXPECT_EQ(other_side, 0.0);
}

TEST(Smoothing, PadsWithZerosAtTheEdgeAndKeepsTheWeight) {
    const GaussianKernel kernel = gaussian_kernel(6.0, 16);
    const std::vector<double> out = smoothed(std::vector<double>(100, 1.0), kernel);
    EXPECT_EQ(out[50], kernel.sum / kernel.sum);
    double half = 0.0;  // at the edge only d = 0..16 meet the lattice
    for (std::size_t k = 16; k < 33; ++k) half += kernel.weights[k];
    EXPECT_EQ(out[0], half / kernel.sum);
    EXPECT_NEAR(out[99], half / kernel.sum, 1e-15);
}

// Every lane, every partly filled block, and lattices narrower than the kernel, against the scalar sum.
TEST(Smoothing, GivesTheBitsOfTheScalarLoop) {
    std::mt19937_64 random(7);
    std::uniform_real_distribution<> value(-3.0, 3.0);
    for (const GaussianKernel& kernel :
         {gaussian_kernel(6.0, 16), gaussian_kernel(24.0, 64), gaussian_kernel(1.5, 0)}) {
        for (std::size_t cells = 1; cells <= 140; ++cells) {
            std::vector<double> field(cells);
            for (double& f : field) f = value(random);
            const std::vector<double> out = smoothed(field, kernel);
            for (int x = 0; x < static_cast<int>(cells); ++x) {
                volatile double num = 0.0;
                for (int d = -kernel.reach; d <= kernel.reach; ++d) {
                    const bool inside = x + d >= 0 && x + d < static_cast<int>(cells);
                    const double f = inside ? field[static_cast<std::size_t>(x + d)] : 0.0;
                    volatile double product = f * kernel.weights[static_cast<std::size_t>(d + kernel.reach)];
                    num = num + product;
                }
                ASSERT_EQ(out[static_cast<std::size_t>(x)], num / kernel.sum)
                    << "cells " << cells << " x " << x;
            }
        }
    }
}

TEST(Velocity, IsRelativeToWhatStoodThere) {
    EXPECT_EQ(intensity(6, 12), 6.0 / 13.0);
    EXPECT_EQ(intensity(5, 0), 5.0);  // an empty level
    EXPECT_EQ(intensity(0, 7), 0.0);
    EXPECT_EQ(net_intensity(0.5, 0.25, 0.125), 0.125);
    EXPECT_EQ(net_intensity(0.0, 0.0, 1.0), -1.0);
    EXPECT_EQ(persistent_velocity(0.0, -7.0), 0.0);
    EXPECT_EQ(persistent_velocity(0.5, -7.0), -3.5);
}

TEST(Waves, StepAndSettle) {
    std::vector<double> e{0.0, 1.0};
    ema_advance(e, std::vector<double>{1.0, 1.0}, 0.25);
    EXPECT_EQ(e, (std::vector<double>{0.25, 1.0}));
    EXPECT_EQ(wave_band(3.0, 1.0), 2.0);
    EXPECT_EQ(wave_energy(2.0, 3.0, 6.0), 7.0);
    EXPECT_EQ(wave_energy(0.0, 0.0, 0.0), 0.0);
    EXPECT_EQ(time_derivative(1.0, 3.0), -2.0);
}

TEST(Gradients, AreCentralAndZeroAtBothEnds) {
    const std::vector<double> parabola{0, 1, 4, 9, 16};
    std::vector<double> first(5, 99.0);
    std::vector<double> second(5, 99.0);
    space_derivatives(parabola, first, second);
    EXPECT_EQ(first, (std::vector<double>{0, 2, 4, 6, 0}));
    EXPECT_EQ(second, (std::vector<double>{0, 2, 2, 2, 0}));
    EXPECT_EQ(prominence(3.0, 5.0), -2.0);
}

TEST(Obstacle, MassRestAndBuildUp) {
    EXPECT_EQ(resting_mass(0.0), 0.0);
    EXPECT_EQ(resting_mass(20.0), std::log(21.0));
    EXPECT_EQ(resting_fraction(0.0, 0.0), 0.0);
    EXPECT_EQ(resting_fraction(1.0, 1.0), 0.5);
    EXPECT_EQ(obstacle_strength(2.0, 0.0, 0.0), 1.0);  // nothing rests: half the mass
    EXPECT_EQ(obstacle_strength(2.0, 0.5, 0.0), 1.5);
    EXPECT_EQ(obstacle_strength(2.0, 0.5, 1.0), 3.0);   // building up doubles it
    EXPECT_EQ(obstacle_strength(2.0, 0.5, -1.0), 1.5);  // erosion leaves it
}

TEST(Viscosity, IsOneInTheVoidAndHigherAtAWall) {
    EXPECT_EQ(viscosity(0.0, 0.0), 1.0);
    EXPECT_EQ(viscosity(1.0, 0.5), 3.0);
    EXPECT_EQ(viscosity(1.0, -0.5), 2.0);
    EXPECT_EQ(permeability(2.0), 0.5);
}

TEST(Pressure, BidsPushUpAndAsksPushDown) {
    EXPECT_EQ(pressure_gradient_bid(0.5), 0.5);
    EXPECT_EQ(pressure_gradient_ask(0.5), -0.5);
}

}  // namespace
}  // namespace spymaster::physics
