// What must hold of any market, over seeded random windows.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "physics/physics_engine.hpp"
#include "windows_of_a_market.hpp"

namespace spymaster::physics {
namespace {

using testing::grid_of;
using testing::random_windows;

// Surfaces of a run, copied; a window without a surface leaves none.
std::vector<PhysicsSurface1s> run(PhysicsEngine& engine, std::span<const windows::Window> windows) {
    std::vector<PhysicsSurface1s> surfaces;
    for (const windows::Window& window : windows) {
        if (const PhysicsSurface1s* surface = engine.update(window)) surfaces.push_back(*surface);
    }
    return surfaces;
}

std::vector<PhysicsSurface1s> run(std::span<const windows::Window> windows, int half_width) {
    PhysicsEngine engine(grid_of(half_width));
    return run(engine, windows);
}

// Bit for bit, signs of zeros included.
bool same(const PhysicsSurface1s& a, const PhysicsSurface1s& b) {
    bool same = a.window_end_ts_ns == b.window_end_ts_ns && a.spot_ref_price_int == b.spot_ref_price_int &&
                a.rel_ticks_side == b.rel_ticks_side;
    for (std::size_t field = 0; field < kFieldNames.size(); ++field) {
        const auto& left = a[static_cast<Field>(field)];
        const auto& right = b[static_cast<Field>(field)];
        same = same && left.size() == right.size() &&
               std::memcmp(left.data(), right.data(), left.size() * sizeof(double)) == 0;
    }
    return same;
}

void expect_same(const std::vector<PhysicsSurface1s>& a, std::span<const PhysicsSurface1s> b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(same(a[i], b[i])) << "surface " << i;
}

TEST(Properties, TheSameWindowsGiveTheSameBits) {
    const auto windows = random_windows(11, 60);
    expect_same(run(windows, 200), run(windows, 200));
}

TEST(Properties, APrefixOfTheDayGivesAPrefixOfTheOutput) {
    const auto windows = random_windows(12, 80);
    const auto whole = run(windows, 200);
    for (const std::size_t count : {1U, 2U, 17U, 50U, 79U}) {
        const auto prefix = run(std::span(windows).first(count), 200);
        ASSERT_LE(prefix.size(), whole.size());
        expect_same(prefix, std::span(whole).first(prefix.size()));
    }
}

TEST(Properties, ADayInSlicesWithStateHandedOverIsTheDay) {
    const auto windows = random_windows(13, 60);
    PhysicsEngine first_slice(grid_of(200));
    std::vector<PhysicsSurface1s> sliced = run(first_slice, std::span(windows).first(25));
    PhysicsEngine second_slice = first_slice;
    for (auto& surface : run(second_slice, std::span(windows).subspan(25))) sliced.push_back(surface);
    expect_same(sliced, run(windows, 200));
}

// Every row to the other side at the opposite price: the picture turned round.
std::vector<windows::Window> mirrored(std::vector<windows::Window> windows) {
    for (windows::Window& window : windows) {
        for (windows::DepthAndFlow1s& row : window.flow) {
            row.side = market::opposite(row.side);
            row.rel_ticks = -row.rel_ticks;
            row.rel_ticks_side = -row.rel_ticks_side;
        }
    }
    return windows;
}

TEST(Properties, MirroredSidesFlipThePressure) {
    const testing::MarketOptions whole_prices{.off_grid = 0.0};
    const auto windows = random_windows(14, 40, whole_prices);
    const auto surfaces = run(windows, 200);
    const auto turned = run(mirrored(windows), 200);
    ASSERT_EQ(surfaces.size(), turned.size());
    for (std::size_t s = 0; s < surfaces.size(); ++s) {
        const std::size_t rows = surfaces[s].rows();
        for (std::size_t row = 0; row < rows; ++row) {
            const std::size_t twin = rows - 1 - row;  // the other side, -x
            const auto of = [&](Field f) { return std::pair{surfaces[s][f][row], turned[s][f][twin]}; };
            const auto expect_equal = [&](Field f) {
                const auto [a, b] = of(f);
                ASSERT_EQ(a, b);
            };
            const auto expect_opposite = [&](Field f) {
                const auto [a, b] = of(f);
                ASSERT_EQ(a, -b);
            };
            // A sum over prices runs the other way round, so what is smoothed agrees but for the last bits.
            const auto expect_close = [&](Field f, double sign) {
                const auto [a, b] = of(f);
                ASSERT_NEAR(a, sign * b, 1e-12 * std::max(1.0, std::abs(a)))
                    << kFieldNames[static_cast<std::size_t>(f)];
            };
            for (const Field f :
                 {Field::liquidity_velocity, Field::u_ema_2, Field::u_ema_128, Field::u_wave_energy,
                  Field::du_dt, Field::d2u_dt2, Field::rho, Field::phi_rest, Field::u_p, Field::Omega}) {
                expect_equal(f);
            }
            expect_opposite(Field::pressure_grad);
            for (const Field f : {Field::u_near, Field::u_far, Field::d2u_dx2, Field::Omega_near,
                                  Field::Omega_far, Field::nu, Field::kappa}) {
                expect_close(f, 1.0);
            }
            expect_close(Field::du_dx, -1.0);
            ASSERT_EQ(surfaces[s].rel_ticks_side[row], -turned[s].rel_ticks_side[twin]);
        }
    }
}

TEST(Properties, NothingInGivesTheVoid) {
    std::vector<windows::Window> windows;
    for (int second = 0; second < 20; ++second) windows.push_back(testing::window_at(second));
    for (const PhysicsSurface1s& surface : run(windows, 200)) {
        for (std::size_t field = 0; field < kFieldNames.size(); ++field) {
            const bool one =
                static_cast<Field>(field) == Field::nu || static_cast<Field>(field) == Field::kappa;
            for (const double value : surface[static_cast<Field>(field)]) ASSERT_EQ(value, one ? 1.0 : 0.0);
        }
        EXPECT_EQ(surface.rel_ticks_side[0], -200);
        EXPECT_EQ(surface.rel_ticks_side[801], 200);
    }
}

void expect_finite(const PhysicsSurface1s& surface) {
    for (std::size_t field = 0; field < kFieldNames.size(); ++field) {
        for (const double value : surface[static_cast<Field>(field)]) {
            ASSERT_TRUE(std::isfinite(value)) << kFieldNames[field] << " is " << value;
        }
    }
}

TEST(Properties, RangesHold) {
    for (const PhysicsSurface1s& surface : run(random_windows(15, 60), 200)) {
        expect_finite(surface);
        for (std::size_t row = 0; row < surface.rows(); ++row) {
            ASSERT_GE(surface[Field::add_intensity][row], 0.0);
            ASSERT_GE(surface[Field::phi_rest][row], 0.0);
            ASSERT_LT(surface[Field::phi_rest][row], 1.0);
            ASSERT_GE(surface[Field::u_wave_energy][row], 0.0);
            ASSERT_GE(surface[Field::Omega][row], 0.0);
            ASSERT_GE(surface[Field::nu][row], 1.0);
            ASSERT_GT(surface[Field::kappa][row], 0.0);
            ASSERT_LE(surface[Field::kappa][row], 1.0);
        }
    }
}

TEST(Properties, ExtremeQuantitiesStayFinite) {
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
    const std::vector<std::int64_t> extremes{0, 1, kMost, kLeast, -1, -2};
    PhysicsEngine engine(grid_of(5));
    std::mt19937_64 random(16);
    const auto any = [&] { return extremes[random() % extremes.size()]; };
    for (int second = 0; second < 300; ++second) {
        windows::Window window = testing::window_at(second);
        for (const market::Side side : {market::Side::bid, market::Side::ask}) {
            for (int x = -5; x <= 5; ++x) {
                window.flow.push_back(testing::row_at(side, x,
                                                      {.start = any(),
                                                       .end = any(),
                                                       .rest = any(),
                                                       .add = any(),
                                                       .pull = any(),
                                                       .fill = any()}));
            }
        }
        const PhysicsSurface1s* surface = engine.update(window);
        ASSERT_NE(surface, nullptr);
        expect_finite(*surface);
    }
}

// A long silence takes the averages through the subnormal numbers; they stay numbers.
TEST(Properties, ALongSilenceFadesAway) {
    auto windows = random_windows(17, 3, {.half_width = 30, .without_spot = 0.0});
    PhysicsEngine engine(grid_of(30));
    run(engine, windows);
    const PhysicsSurface1s* surface = nullptr;
    for (int second = 3; second < 8000; ++second) surface = engine.update(testing::window_at(second));
    ASSERT_NE(surface, nullptr);
    expect_finite(*surface);
    for (std::size_t row = 0; row < surface->rows(); ++row) {
        EXPECT_LT(std::abs((*surface)[Field::u_ema_2][row]), 1e-300);
        EXPECT_LT(std::abs((*surface)[Field::u_ema_128][row]), 1e-20);
    }
}

}  // namespace
}  // namespace spymaster::physics
