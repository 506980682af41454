// What must hold of any second.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "fields_of_a_second.hpp"
#include "forecast/forecaster.hpp"
#include "forecast/path/motion.hpp"

namespace spymaster::forecast {
namespace {

using testing::OwnFields;
using testing::random_fields;
using testing::valid_second;

constexpr Parameters kDefaults;

Forecast1s forecast_of(const OwnFields& fields, const Second& second = valid_second(),
                       const Parameters& parameters = kDefaults, Sampling sampling = Sampling::ahead) {
    return Forecaster(testing::prices_to(fields.half_width), {}, sampling)
        .forecast(second, fields.view(), {}, parameters);
}

Forecast1s with_options(const OwnFields& fields, const std::vector<double>& obstacles,
                        const Second& second = valid_second()) {
    return Forecaster(testing::prices_to(fields.half_width), testing::strikes_to(200, 20))
        .forecast(second, fields.view(), obstacles, kDefaults);
}

// Bids for asks, down for up: what pushed up pushes down.
OwnFields mirrored(const OwnFields& fields) {
    OwnFields turned(fields.half_width);
    for (const market::Side side : market::kSides) {
        for (int x = -fields.half_width; x <= fields.half_width; ++x) {
            const std::size_t from = fields.row(side, x);
            const std::size_t to = fields.row(market::opposite(side), -x);
            turned.u_near[to] = fields.u_near[from];
            turned.u_p_slow[to] = fields.u_p_slow[from];
            turned.Omega[to] = fields.Omega[from];
            turned.pressure_grad[to] = -fields.pressure_grad[from];
        }
    }
    return turned;
}

void expect_same_way(const Way& a, const Way& b) {
    RC_ASSERT(a.D == b.D);
    RC_ASSERT(std::abs(a.wall - b.wall) <= 1e-12 * std::max(1.0, std::abs(a.wall)));
    RC_ASSERT(a.vacuum == b.vacuum);
    RC_ASSERT(a.reinforce == b.reinforce);
    RC_ASSERT(a.run_score == b.run_score);
    RC_ASSERT(a.corridor == b.corridor);
}

RC_GTEST_PROP(Properties, TheMirroredBookHasTheMirroredForecast, (std::uint64_t seed)) {
    std::mt19937_64 random(seed);
    const OwnFields fields = random_fields(random, *rc::gen::element(1, 20, 100, 200));
    const int moved = *rc::gen::inRange(-9, 10);
    const Sampling sampling = *rc::gen::element(Sampling::ahead, Sampling::literal);
    const Forecast1s up = forecast_of(fields, valid_second(moved), kDefaults, sampling);
    const Forecast1s down = forecast_of(mirrored(fields), valid_second(-moved), kDefaults, sampling);
    expect_same_way(up.up, down.down);
    expect_same_way(up.down, down.up);
    RC_ASSERT(up.velocity == -down.velocity);
    // A sum over prices runs the other way round, so what is summed agrees but for the last bits.
    RC_ASSERT(std::abs(up.force + down.force) <= 1e-12);
    RC_ASSERT(std::abs(up.damping - down.damping) <= 1e-12 * up.damping);
    for (std::size_t h = 0; h < kHorizons; ++h) {
        RC_ASSERT(std::abs(up.delta[h] + down.delta[h]) <= 1e-9);
        RC_ASSERT(up.path[h].predicted_tick_delta == -down.path[h].predicted_tick_delta);
        RC_ASSERT(std::abs(up.path[h].confidence - down.path[h].confidence) <= 1e-12);
    }
}

RC_GTEST_PROP(Properties, TheSameSecondGivesTheSameBits, (std::uint64_t seed)) {
    std::mt19937_64 random(seed);
    const OwnFields fields = random_fields(random, 200);
    const std::vector<double> obstacles = testing::random_obstacles(random, 21);
    RC_ASSERT(with_options(fields, obstacles) == with_options(fields, obstacles));
}

RC_GTEST_PROP(Properties, BoundsHold, (std::uint64_t seed)) {
    std::mt19937_64 random(seed);
    const OwnFields fields = random_fields(random, 200, *rc::gen::element(1.0, 1e3, 1e18));
    const Parameters parameters{.beta = *rc::gen::element(0.0, 1.0, 1e6),
                                .gamma = *rc::gen::element(0.0, 0.2, 1.0)};
    const Forecast1s out = forecast_of(fields, valid_second(*rc::gen::inRange(-30, 31)), parameters);
    double before = 0.0;
    for (std::size_t h = 0; h < kHorizons; ++h) {
        RC_ASSERT(std::abs(out.delta[h]) <= kMaxDeltaTicks);
        RC_ASSERT(std::abs(out.delta[h] - before) <= kMaxVelocityTicks + 1e-12);
        RC_ASSERT(out.path[h].confidence >= 0.0 && out.path[h].confidence <= 1.0);
        before = out.delta[h];
    }
    RC_ASSERT(std::abs(out.velocity) <= kMaxVelocityTicks);
    RC_ASSERT(out.damping >= 2.0 - 1e-12);
    for (const Way& way : {out.up, out.down}) {
        RC_ASSERT(way.D >= 1 && way.D <= kReachTicks);
        RC_ASSERT(way.vacuum >= 0.0 && way.reinforce >= 0.0 && way.corridor >= 0.0);
    }
}

TEST(Properties, WithoutPressureTheVelocityFadesOut) {
    const OwnFields nothing(200);
    for (const int moved : {0, 3, -5}) {
        const Forecast1s out = forecast_of(nothing, valid_second(moved));
        EXPECT_EQ(out.force, 0.0);
        EXPECT_NEAR(out.damping, 2.0, 1e-14);
        double velocity = moved;
        double delta = 0.0;
        for (std::size_t h = 0; h < kHorizons; ++h) {
            velocity *= 1.0 - kDefaults.gamma;
            delta += velocity;
            EXPECT_EQ(out.delta[h], delta);
            EXPECT_EQ(out.path[h].predicted_spot_tick, 19'240 + std::lround(delta));
            EXPECT_EQ(out.path[h].confidence, 0.0);
        }
        EXPECT_EQ(out.up.D, 1);
        EXPECT_EQ(out.down.D, 1);
    }
}

// A steady push up, from below as from above.
OwnFields pushed_up() {
    OwnFields fields(200);
    std::ranges::fill(fields.pressure_grad, 0.4);
    return fields;
}

RC_GTEST_PROP(Properties, AWallAheadSlowsThePath, ()) {
    const int distance = *rc::gen::inRange(8, 30);
    const auto height = static_cast<double>(*rc::gen::inRange(1, 20));
    const OwnFields open = pushed_up();
    OwnFields walled = open;
    for (int x = distance; x < distance + 3; ++x) walled.Omega[walled.row(market::Side::ask, x)] = height;
    const Forecast1s free = forecast_of(open, valid_second(1), kDefaults);
    const Forecast1s slowed = forecast_of(walled, valid_second(1), kDefaults);
    RC_ASSERT(slowed.up.D >= distance - 8 && slowed.up.D <= distance);
    RC_ASSERT(slowed.delta[29] < free.delta[29]);
    for (std::size_t h = 0; h < kHorizons; ++h) RC_ASSERT(slowed.delta[h] <= free.delta[h]);
}

// Ahead, a wall is felt more and more as it comes near; by the literal sign the particle feels what is behind it.
TEST(Properties, SamplingAheadSlowsDownBeforeTheWall) {
    OwnFields walled = pushed_up();
    for (int x = 25; x < 28; ++x) walled.Omega[walled.row(market::Side::ask, x)] = 10.0;
    const auto at_the_wall = [&](Sampling sampling) {
        const Forecast1s out = forecast_of(walled, valid_second(2), kDefaults, sampling);
        std::size_t h = 0;
        while (h + 2 < kHorizons && out.delta[h] < 15.0) ++h;
        return out.delta[h + 1] - out.delta[h];
    };
    EXPECT_LT(at_the_wall(Sampling::ahead), 0.8 * at_the_wall(Sampling::literal));
}

RC_GTEST_PROP(Properties, OptionsResistAndNeverPush, (std::uint64_t seed)) {
    std::mt19937_64 random(seed);
    const std::vector<double> obstacles = testing::random_obstacles(random, 21);
    OwnFields fields = random_fields(random, 200);

    std::ranges::fill(fields.Omega, 0.0);  // nothing else resists
    const Forecast1s with = with_options(fields, obstacles);
    RC_ASSERT(with.damping >= forecast_of(fields).damping);

    std::ranges::fill(fields.pressure_grad, 0.0);  // nor pushes
    RC_ASSERT(with_options(fields, obstacles).force == 0.0);
    RC_ASSERT(with_options(fields, obstacles, valid_second(3)).delta ==
              forecast_of(fields, valid_second(3)).delta);

    std::ranges::fill(fields.pressure_grad, 0.4);  // a push is weaker, and never turned round
    const double push = with_options(fields, obstacles).force;
    RC_ASSERT(push >= 0.0);
    RC_ASSERT(push <= forecast_of(fields).force);
}

TEST(Properties, AVacuumAheadIsARunScoreAbove0AndOpensTheGate) {
    OwnFields fields = pushed_up();
    for (int x = 1; x <= 64; ++x) fields.u_near[fields.row(market::Side::ask, x)] = -0.5;
    fields.Omega[fields.row(market::Side::ask, 30)] = 8.0;
    const Forecast1s out = forecast_of(fields, valid_second(2));
    EXPECT_GT(out.up.D, 20);
    EXPECT_NEAR(out.up.run_score, 0.5, 1e-15);
    EXPECT_EQ(out.down.run_score, 0.0);
    ASSERT_GT(out.path[0].predicted_tick_delta, 0);
    EXPECT_EQ(out.path[0].confidence, std::tanh(out.drive) * std::tanh(out.up.run_score));
    fields.u_p_slow[fields.row(market::Side::ask, out.up.D)] = 2.0;  // the wall grows
    const Forecast1s closed = forecast_of(fields, valid_second(2));
    EXPECT_NEAR(closed.up.run_score, -1.5, 1e-15);
    EXPECT_EQ(closed.path[0].confidence, 0.0);
}

void expect_finite(const Forecast1s& out) {
    for (const Way& way : {out.up, out.down})
        for (const double value : {way.wall, way.vacuum, way.reinforce, way.run_score, way.corridor})
            RC_ASSERT(std::isfinite(value));
    for (const double value : {out.force, out.damping, out.drive, out.velocity})
        RC_ASSERT(std::isfinite(value));
    for (std::size_t h = 0; h < kHorizons; ++h) {
        RC_ASSERT(std::abs(out.delta[h]) <= kMaxDeltaTicks);
        RC_ASSERT(out.path[h].confidence >= 0.0 && out.path[h].confidence <= 1.0);
    }
}

RC_GTEST_PROP(Properties, WhateverComesInStaysFinite, (std::uint64_t seed)) {
    std::mt19937_64 random(seed);
    OwnFields fields(*rc::gen::element(1, 50, 200));
    const bool any_bits = *rc::gen::arbitrary<bool>();
    const auto wild = [&] {
        constexpr double kExtremes[] = {0.0, -0.0, 5e-324, 1e300, -1e300, 1.7e308, -1.7e308, 1.0};
        const std::uint64_t bits = random();
        double value = kExtremes[bits % 8];
        if (any_bits) std::memcpy(&value, &bits, sizeof value);
        return value;
    };
    for (auto* field : {&fields.u_near, &fields.u_p_slow, &fields.Omega, &fields.pressure_grad})
        std::ranges::generate(*field, wild);
    std::vector<double> obstacles(21);
    std::ranges::generate(obstacles, wild);
    Second second = valid_second();
    second.spot_ref_price_int = std::numeric_limits<std::int64_t>::max();
    second.previous_spot_ref_price_int = 1;
    const Parameters parameters{.beta = *rc::gen::element(0.0, 1.0, 1.7e308),
                                .gamma = *rc::gen::element(0.0, 0.2, 1.0)};
    Forecaster forecaster(testing::prices_to(fields.half_width), testing::strikes_to(200, 20));
    expect_finite(forecaster.forecast(second, fields.view(), obstacles, parameters));
}

}  // namespace
}  // namespace spymaster::forecast
