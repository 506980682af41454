// Options spread: the obstacle that options at a strike are to the prices around it.
//
//   Omega_opt_spread(x) = sum_s Omega_opt(s) * (K(x-s) / sum K)      s ascending, |x - s| <= 24
//   K(d) = exp(-(d*d) / (2 * 8 * 8)),  d = -24 .. 24
//
//   symbol  Omega_opt_spread
//   unit    that of Omega_opt, which is summed over right and side at a strike (decision D-5)
//   range   [0, inf)
//   edge    no options in the second: 0; what a strike near the end of the grid would give to prices beyond it is lost
//   spec    5.6
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "base/assert.hpp"
#include "forecast/held.hpp"
#include "physics/gradients/spatial_smoothing.hpp"
#include "physics/lattice_shape.hpp"

namespace spymaster::forecast {

inline constexpr double kSpreadSigma = 8.0;
inline constexpr int kSpreadReach = 24;

// K(d) / sum K, d ascending.
inline std::vector<double> option_spread_weights() {
    const physics::GaussianKernel kernel = physics::gaussian_kernel(kSpreadSigma, kSpreadReach);
    std::vector<double> weights = kernel.weights;
    for (double& weight : weights) weight /= kernel.sum;
    return weights;
}

// `spread`: over the prices of one side, rel_ticks ascending; `obstacles`: over the strikes, likewise.
inline void spread_options(std::span<const double> obstacles, const physics::LatticeShape& strikes,
                           std::span<const double> weights, int half_width, std::span<double> spread) {
    SPY_ASSERT(obstacles.size() == strikes.rows_per_lane());
    SPY_ASSERT(spread.size() == static_cast<std::size_t>(2 * half_width + 1));
    std::ranges::fill(spread, 0.0);
    for (std::size_t row = 0; row < obstacles.size(); ++row) {  // a price gets its strikes in ascending order
        const double obstacle = held_obstacle(obstacles[row]);
        const int strike = strikes.rel_ticks(row);
        const int first = std::max(strike - kSpreadReach, -half_width);
        const int last = std::min(strike + kSpreadReach, half_width);
        const double* around = weights.data() + kSpreadReach;
        double* at_spot = spread.data() + half_width;
        for (int x = first; x <= last; ++x) at_spot[x] += obstacle * around[x - strike];
    }
}

}  // namespace spymaster::forecast
