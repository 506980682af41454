// Options through the same engine: every field against a plain evaluation that keeps a map a cell, the columns of the
// contracts, and what a second without a spot is.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <tuple>

#include "market/product.hpp"
#include "physics/physics_engine.hpp"

namespace spymaster::physics {
namespace {

using market::ProductType;
using enum Field;

const market::Grid& grid_of(ProductType type) {
    return market::product_of(type).grid;
}

windows::ChainWindow random_window(std::mt19937_64& random, const market::Grid& grid, int second) {
    windows::ChainWindow window;
    window.window_end_ts_ns = (1000 + second) * grid.window_ns;
    window.spot_ref_price_int =
        second % 7 == 3 ? 0 : 600'000'000'000 + static_cast<std::int64_t>(random() % 9) * 250'000'000;
    for (const market::Right right : {market::Right::call, market::Right::put}) {
        for (const market::Side side : {market::Side::ask, market::Side::bid}) {
            for (int x = -grid.half_width_ticks; x <= grid.half_width_ticks; x += grid.step_ticks) {
                windows::StrikeFlow1s cell{.right = right, .side = side, .rel_ticks = x};
                if (window.spot_ref_price_int > 0 && random() % 3 != 0) {
                    const auto qty = [&] { return static_cast<std::int64_t>(random() % 40); };
                    cell.depth_qty_start = qty();
                    cell.add_qty = qty();
                    cell.pull_qty_total = qty();
                    cell.fill_qty = qty();
                    cell.depth_qty_end = qty();
                    cell.depth_qty_rest = cell.depth_qty_end / 2;
                }
                window.cells.push_back(cell);
            }
        }
    }
    return window;
}

struct PlainCell {
    bool begun = false;
    double e[4] = {};
    double du_dt = 0, d2u_dt2 = 0;
};

// Spec 5.1, 5.3 and 5.5, as they are written.
std::map<std::string, double> plain_fields(PlainCell& state, const windows::StrikeFlow1s& cell) {
    std::map<std::string, double> f;
    const auto den = static_cast<double>(cell.depth_qty_start) + 1.0;
    f["add_intensity"] = static_cast<double>(cell.add_qty) / den;
    f["fill_intensity"] = static_cast<double>(cell.fill_qty) / den;
    f["pull_intensity"] = static_cast<double>(cell.pull_qty_total) / den;
    const double u = (f["add_intensity"] - f["pull_intensity"]) - f["fill_intensity"];
    f["liquidity_velocity"] = u;
    const double taus[] = {2.0, 8.0, 32.0, 128.0};
    const double e2_before = state.e[0];
    const double du_before = state.du_dt;
    for (int i = 0; i < 4; ++i)
        state.e[i] = state.begun ? state.e[i] + (1.0 - std::exp(-1.0 / taus[i])) * (u - state.e[i]) : u;
    if (state.begun) {
        state.du_dt = state.e[0] - e2_before;
        state.d2u_dt2 = state.du_dt - du_before;
    }
    state.begun = true;
    const double fast = state.e[0] - state.e[1], mid = state.e[1] - state.e[2],
                 slow = state.e[2] - state.e[3];
    f["u_opt_ema_2"] = state.e[0];
    f["u_opt_ema_8"] = state.e[1];
    f["u_opt_ema_32"] = state.e[2];
    f["u_opt_ema_128"] = state.e[3];
    f["u_opt_band_fast"] = fast;
    f["u_opt_band_mid"] = mid;
    f["u_opt_band_slow"] = slow;
    f["u_opt_wave_energy"] = std::sqrt((fast * fast + mid * mid) + slow * slow);
    f["du_opt_dt"] = state.du_dt;
    f["d2u_opt_dt2"] = state.d2u_dt2;
    const double rho_opt = std::log(1.0 + static_cast<double>(cell.depth_qty_end));
    const double phi =
        static_cast<double>(cell.depth_qty_rest) / (static_cast<double>(cell.depth_qty_end) + 1.0);
    f["rho_opt"] = rho_opt;
    f["phi_rest_opt"] = phi;
    f["u_opt_p"] = phi * state.e[1];
    f["u_opt_p_slow"] = phi * state.e[2];
    f["Omega_opt"] = (rho_opt * (0.5 + 0.5 * phi)) * (1.0 + std::max(0.0, phi * state.e[2]));
    return f;
}

void expect_plain(ProductType type) {
    const market::Grid& grid = grid_of(type);
    PhysicsEngine engine(grid, Axis::strikes);
    std::map<std::tuple<int, market::Right, market::Side>, PlainCell> states;
    std::mt19937_64 random(static_cast<std::uint64_t>(type));
    for (int second = 0; second < 40; ++second) {
        const windows::ChainWindow window = random_window(random, grid, second);
        const PhysicsSurface1s& surface = engine.update(window);
        ASSERT_EQ(surface.window_end_ts_ns, window.window_end_ts_ns);
        ASSERT_EQ(surface.spot_ref_price_int, window.spot_ref_price_int);
        ASSERT_EQ(surface.rows(), window.cells.size());  // dense, with and without a spot
        for (std::size_t row = 0; row < surface.rows(); ++row) {
            const windows::StrikeFlow1s& cell = window.cells[row];
            ASSERT_EQ(surface.rel_ticks(row), cell.rel_ticks);
            ASSERT_EQ(surface.right(row), cell.right);
            ASSERT_EQ(surface.side(row), cell.side);
            const auto expected = plain_fields(states[{cell.rel_ticks, cell.right, cell.side}], cell);
            for (const auto& [name, value] : expected) {
                const auto field = find_field(name, Axis::strikes);
                ASSERT_TRUE(field) << name;
                ASSERT_EQ(surface[*field][row], value) << name << " row " << row << " second " << second;
            }
        }
    }
}

TEST(Options, EqualThePlainEvaluation) {
    expect_plain(ProductType::future_option_mbo);
    expect_plain(ProductType::equity_option_mbo);
}

TEST(Options, WhatNeedsNeighbouringPricesHasNoValues) {
    const PhysicsSurface1s surface(grid_of(ProductType::future_option_mbo), Axis::strikes);
    for (const Field field : {u_near, u_far, u_prom, du_dx, d2u_dx2, Omega_near, Omega_far, Omega_prom, nu,
                              kappa, pressure_grad}) {
        EXPECT_TRUE(surface[field].empty());
        EXPECT_EQ(kOptionFieldNames[static_cast<std::size_t>(field)], "");
    }
    EXPECT_TRUE(surface.rel_ticks_side.empty());
    EXPECT_EQ(find_field("", Axis::strikes), std::nullopt);
    EXPECT_EQ(find_field("nu", Axis::strikes), std::nullopt);
    EXPECT_EQ(find_field("nu", Axis::prices), nu);
    EXPECT_EQ(find_field("rho_opt", Axis::strikes), rho);
}

TEST(Options, StrikesAreTheGridsAroundSpot) {
    PhysicsSurface1s surface(grid_of(ProductType::future_option_mbo), Axis::strikes);
    surface.spot_ref_price_int = 6'927'250'000'000;
    EXPECT_EQ(surface.rows(), 84U);
    EXPECT_EQ(surface.rel_ticks(11), 20);
    EXPECT_EQ(surface.strike_price_int(11), 6'932'250'000'000);  // spec B.8
    EXPECT_EQ(surface.strike_points(11), 6932.25);
    EXPECT_EQ(surface.strike_points(5), 6902.25);
    PhysicsSurface1s spy(grid_of(ProductType::equity_option_mbo), Axis::strikes);
    spy.spot_ref_price_int = 600'500'000'000;
    EXPECT_EQ(spy.rows(), 204U);
    EXPECT_EQ(spy.strike_points(0), 600'500'000'000 * 1e-9 + -25 * 1.0);
}

// Every double column of the contracts is a field, in the order of the fields but for their groups.
TEST(Options, ColumnsOfTheContractsAreFields) {
    for (const ProductType type : {ProductType::future_option_mbo, ProductType::equity_option_mbo}) {
        std::ifstream file(SPYMASTER_SOURCE_DIR "/contracts/gold/" +
                           std::string(market::product_of(type).name) + "/physics_surface_1s.avsc");
        const nlohmann::json contract = nlohmann::json::parse(file, nullptr, false);
        ASSERT_FALSE(contract.is_discarded());
        std::size_t fields = 0;
        for (const auto& column : contract.at("fields")) {
            if (column.at("type") != "double" || column.at("name") == "strike_points") continue;
            EXPECT_TRUE(find_field(column.at("name").get<std::string>(), Axis::strikes)) << column.at("name");
            ++fields;
        }
        EXPECT_EQ(fields, type == ProductType::future_option_mbo ? 10U : 15U);
    }
}

}  // namespace
}  // namespace spymaster::physics
