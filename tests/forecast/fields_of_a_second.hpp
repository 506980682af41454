// Fields of a second to forecast from, made without a market: seeded and of gold's ranges, or written by hand.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "forecast/forecaster.hpp"
#include "market/product.hpp"
#include "market/side.hpp"

namespace spymaster::forecast::testing {

inline constexpr std::int64_t kSpot = 4'810'000'000'000;  // 19,240 ticks
inline constexpr std::int64_t kEnd = 1'703'545'201'000'000'000;

inline market::Grid prices_to(int half_width) {
    market::Grid grid;
    grid.half_width_ticks = half_width;
    return grid;
}

inline market::Grid strikes_to(int half_width, int step) {
    market::Grid grid;
    grid.half_width_ticks = half_width;
    grid.step_ticks = step;
    return grid;
}

struct OwnFields {
    explicit OwnFields(int ticks)
        : half_width(ticks),
          rows_per_side(static_cast<std::size_t>(2 * ticks + 1)),
          u_near(2 * rows_per_side),
          u_p_slow(2 * rows_per_side),
          Omega(2 * rows_per_side),
          pressure_grad(2 * rows_per_side) {}

    [[nodiscard]] std::size_t row(market::Side side, int x) const {
        return static_cast<std::size_t>(side) * rows_per_side + static_cast<std::size_t>(x + half_width);
    }
    [[nodiscard]] Fields view() const { return {u_near, u_p_slow, Omega, pressure_grad}; }

    int half_width;
    std::size_t rows_per_side;
    std::vector<double> u_near;
    std::vector<double> u_p_slow;
    std::vector<double> Omega;
    std::vector<double> pressure_grad;
};

// As gold makes them: obstacles of 0 to 12, a third of the cells empty; `strength` of pressure and velocities.
inline OwnFields random_fields(std::mt19937_64& random, int half_width, double strength = 1.0) {
    OwnFields fields(half_width);
    std::uniform_real_distribution<> any(-1.0, 1.0);
    for (std::size_t row = 0; row < fields.Omega.size(); ++row) {
        if (random() % 3 == 0) continue;
        fields.u_near[row] = strength * any(random);
        fields.u_p_slow[row] = strength * any(random);
        fields.Omega[row] = 6.0 * (any(random) + 1.0);
        fields.pressure_grad[row] = strength * any(random);
    }
    return fields;
}

inline std::vector<double> random_obstacles(std::mt19937_64& random, std::size_t strikes) {
    std::vector<double> obstacles(strikes);
    for (double& obstacle : obstacles)
        obstacle = random() % 4 == 0 ? 0.0 : std::uniform_real_distribution<>(0.0, 30.0)(random);
    return obstacles;
}

inline Second valid_second(std::int64_t moved_ticks = 0) {
    return {.window_end_ts_ns = kEnd,
            .spot_ref_price_int = kSpot,
            .previous_spot_ref_price_int = kSpot - moved_ticks * market::Grid{}.tick.nanos,
            .valid = true};
}

}  // namespace spymaster::forecast::testing
