// The ladder of exponential averages of u: the same motion seen over 2, 8, 32 and 128 seconds.
//
//   e = e + alpha * (u - e)        alpha = 1 - exp(-1 / tau)
//
//   columns u_ema_2, u_ema_8, u_ema_32, u_ema_128
//   unit    1/s (of u); tau in windows, which are seconds
//   range   between the smallest and the largest u so far
//   edge    first second: e = u. A cell without flow has u = 0 and decays
//   spec    0.7, 5.3
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "base/assert.hpp"

namespace spymaster::physics {

inline constexpr std::array kEmaTaus{2.0, 8.0, 32.0, 128.0};

inline double ema_alpha(double tau) {
    return 1.0 - std::exp(-1.0 / tau);
}

// One second onwards, every cell. REQUIRES: as many cells in both, not overlapping.
inline void ema_advance(std::span<double> e, std::span<const double> u, double alpha) {
    SPY_ASSERT(e.size() == u.size());
    double* __restrict average = e.data();
    for (std::size_t i = 0; i < e.size(); ++i) average[i] = average[i] + alpha * (u[i] - average[i]);
}

}  // namespace spymaster::physics
