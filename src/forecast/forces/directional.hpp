// Directional fields: the side that a price would run into, as one field over price.
//
//   x > 0: side A     x < 0: side B
//   x = 0: g_dir = 0,  nu_dir = 0.5 * (nu_A(0) + nu_B(0))        kappa_dir = 1 / nu_dir everywhere (decision D-6)
//
//   symbol  g_dir (pressure_grad), nu_dir (nu_total), kappa_dir (kappa_total)
//   unit    that of the field
//   range   that of the field
//   edge    beyond the grid g = 0, nu = 1, kappa = 1: no push, no obstacle (decision D-7)
//   spec    5.7, 5.8
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "forecast/forecast.hpp"
#include "forecast/held.hpp"
#include "forecast/path/motion.hpp"
#include "physics/obstacle/permeability.hpp"

namespace spymaster::forecast {

// As far as a step of the path can look: the reach, from as far as it can have moved, and one more to interpolate to.
inline constexpr int kDirectionalReach = kReachTicks + static_cast<int>(kMaxDeltaTicks) + 1;

// Of x at x + kDirectionalReach.
using Directional = std::array<double, 2 * kDirectionalReach + 1>;

struct DirectionalFields {
    Directional g{};
    Directional nu{};
    Directional kappa{};
};

// A field over the rows of a lattice of prices (side A, then B), into one over price; x = 0 stays 0.
inline void assemble_directional(std::span<const double> rows, int half_width, double beyond,
                                 Directional& field) {
    field.fill(beyond);
    const double* ask = rows.data() + half_width;  // at spot
    const double* bid = ask + rows.size() / 2;
    double* to = field.data() + kDirectionalReach;
    const int last = std::min(half_width, kDirectionalReach);
    for (int x = 1; x <= last; ++x) {
        to[x] = held(ask[x]);
        to[-x] = held(bid[-x]);
    }
    to[0] = 0.0;
}

inline void assemble_directional(std::span<const double> pressure_grad, std::span<const double> nu,
                                 int half_width, DirectionalFields& fields) {
    assemble_directional(pressure_grad, half_width, 0.0, fields.g);
    assemble_directional(nu, half_width, 1.0, fields.nu);
    const auto ask_at_spot = static_cast<std::size_t>(half_width);
    const auto bid_at_spot = nu.size() / 2 + ask_at_spot;
    fields.nu[kDirectionalReach] = 0.5 * (nu[ask_at_spot] + nu[bid_at_spot]);
    std::ranges::transform(fields.nu, fields.kappa.begin(), physics::permeability);
}

}  // namespace spymaster::forecast
