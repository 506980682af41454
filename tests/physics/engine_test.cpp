// The engine against the plain reference, exactly, and the rules of seconds: first, without a spot, invalid.
#include "physics/physics_engine.hpp"

#include <gtest/gtest.h>

#include "equality.hpp"
#include "plain_reference.hpp"
#include "windows_of_a_market.hpp"

namespace spymaster::physics {
namespace {

using testing::expect_same;
using testing::grid_of;
using testing::kSpot;
using testing::row_at;
using testing::window_at;
using enum market::Side;

void expect_engine_equals_reference(std::uint64_t seed, int seconds, const testing::MarketOptions& options) {
    PhysicsEngine engine(grid_of(options.half_width));
    testing::PlainReference reference(options.half_width);
    int surfaces = 0;
    for (const windows::Window& window : testing::random_windows(seed, seconds, options)) {
        const PhysicsSurface1s* surface = engine.update(window);
        const auto expected = reference.update(window);
        ASSERT_EQ(surface != nullptr, expected.has_value());
        if (surface == nullptr) continue;
        EXPECT_EQ(surface->window_end_ts_ns, window.snapshot.window_end_ts_ns);
        EXPECT_EQ(surface->spot_ref_price_int, window.snapshot.spot_ref_price_int);
        expect_same(*surface, *expected);
        if (::testing::Test::HasFatalFailure()) return;
        ++surfaces;
    }
    EXPECT_GT(surfaces, seconds / 2);
}

TEST(PhysicsEngine, EqualsThePlainReferenceOnADenseLattice) {
    expect_engine_equals_reference(1, 12, {.present = 1.0, .off_grid = 0.0});
}

TEST(PhysicsEngine, EqualsThePlainReferenceOnASparseLattice) {
    expect_engine_equals_reference(2, 25, {});
}

TEST(PhysicsEngine, EqualsThePlainReferenceWhereAlmostNothingIs) {
    expect_engine_equals_reference(3, 25, {.present = 0.01, .without_spot = 0.3});
}

TEST(PhysicsEngine, EqualsThePlainReferenceOnOtherGrids) {
    for (const int half_width : {0, 1, 2, 7, 15, 16, 17, 40, 100}) {
        SCOPED_TRACE(half_width);
        expect_engine_equals_reference(static_cast<std::uint64_t>(half_width), 20,
                                       {.half_width = half_width});
    }
}

TEST(PhysicsEngine, FirstSecondStartsAveragesAtU) {
    PhysicsEngine engine(grid_of(5));
    windows::Window window = window_at(0);
    window.flow.push_back(row_at(bid, -1, {.start = 3, .end = 7, .rest = 0, .add = 4}));
    const PhysicsSurface1s* surface = engine.update(window);
    ASSERT_NE(surface, nullptr);
    const std::size_t cell = 11 + 4;  // side B begins at 11; x = -1
    for (const Field e :
         {Field::liquidity_velocity, Field::u_ema_2, Field::u_ema_8, Field::u_ema_32, Field::u_ema_128}) {
        EXPECT_EQ((*surface)[e][cell], 1.0);
    }
    for (const Field zero : {Field::du_dt, Field::d2u_dt2, Field::u_band_fast, Field::u_band_mid,
                             Field::u_band_slow, Field::u_wave_energy}) {
        for (const double value : (*surface)[zero]) EXPECT_EQ(value, 0.0);
    }
}

TEST(PhysicsEngine, AnAbsentCellDecaysAndItsDerivativesFollow) {
    PhysicsEngine engine(grid_of(5));
    windows::Window window = window_at(0);
    window.flow.push_back(row_at(ask, 2, {.start = 0, .end = 1, .add = 1}));
    engine.update(window);
    const std::size_t cell = 7;
    const double alpha = 0.3934693402873666;

    const PhysicsSurface1s* second = engine.update(window_at(1));
    ASSERT_NE(second, nullptr);
    const double e = 1.0 + alpha * (0.0 - 1.0);
    EXPECT_EQ((*second)[Field::u_ema_2][cell], e);
    EXPECT_EQ((*second)[Field::du_dt][cell], e - 1.0);
    EXPECT_EQ((*second)[Field::d2u_dt2][cell], e - 1.0);

    const PhysicsSurface1s* third = engine.update(window_at(2));
    const double e_next = e + alpha * (0.0 - e);
    EXPECT_EQ((*third)[Field::u_ema_2][cell], e_next);
    EXPECT_EQ((*third)[Field::d2u_dt2][cell], (e_next - e) - (e - 1.0));
}

TEST(PhysicsEngine, WithoutASpotNothingComesOutAndTheAveragesDecay) {
    windows::Window window = window_at(2);
    window.flow.push_back(row_at(bid, 0, {.start = 0, .end = 8, .add = 8}));

    // Before the first spot nothing has begun: the first window with one is a first second.
    PhysicsEngine late(grid_of(5));
    EXPECT_EQ(late.update(window_at(0, 0)), nullptr);
    EXPECT_EQ(late.update(window_at(1, 0)), nullptr);
    const PhysicsSurface1s* first = late.update(window);
    ASSERT_NE(first, nullptr);
    EXPECT_EQ((*first)[Field::u_ema_128][11 + 5], 8.0);

    // After it, a window without a spot does what an empty one does, and says nothing; its rows are not
    // looked at.
    PhysicsEngine empty_second = late;
    empty_second.update(window_at(3));
    windows::Window no_spot = window_at(3, 0);
    no_spot.flow = window.flow;
    EXPECT_EQ(late.update(no_spot), nullptr);
    const PhysicsSurface1s* a = late.update(window_at(4));
    const PhysicsSurface1s* b = empty_second.update(window_at(4));
    ASSERT_TRUE(a != nullptr && b != nullptr);
    for (std::size_t field = 0; field < kFieldNames.size(); ++field) {
        EXPECT_EQ((*a)[static_cast<Field>(field)], (*b)[static_cast<Field>(field)]) << kFieldNames[field];
    }
    EXPECT_LT((*a)[Field::u_ema_128][11 + 5], 8.0);
}

TEST(PhysicsEngine, AnInvalidSecondIsComputedLikeAnyOther) {
    windows::Window window = window_at(0);
    window.flow.push_back(row_at(ask, 1, {.start = 4, .end = 5, .rest = 4, .add = 1}));
    windows::Window invalid = window;
    invalid.snapshot.book_valid = invalid.snapshot.window_valid = false;
    PhysicsEngine a(grid_of(3));
    PhysicsEngine b(grid_of(3));
    const PhysicsSurface1s* valid_surface = a.update(window);
    const PhysicsSurface1s* invalid_surface = b.update(invalid);
    ASSERT_TRUE(valid_surface != nullptr && invalid_surface != nullptr);
    EXPECT_EQ((*valid_surface)[Field::Omega], (*invalid_surface)[Field::Omega]);
    EXPECT_EQ((*valid_surface)[Field::u_ema_8], (*invalid_surface)[Field::u_ema_8]);
}

}  // namespace
}  // namespace spymaster::physics
