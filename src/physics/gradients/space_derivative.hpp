// Space derivatives: slope and curvature of a field over price, by central differences.
//
//   du_dx   = (u_near(x+1) - u_near(x-1)) * 0.5
//   d2u_dx2 = (u_near(x+1) - 2 * u_near(x)) + u_near(x-1)
//
//   unit    1/s/tick, 1/s/tick2
//   range   any
//   edge    0 at both ends of the lattice
//   spec    5.3
#pragma once

#include <cstddef>
#include <span>

#include "base/assert.hpp"

namespace spymaster::physics {

// Both over the cells of one side, x ascending. REQUIRES: as many cells in all three, not overlapping.
inline void space_derivatives(std::span<const double> field, std::span<double> first,
                              std::span<double> second) {
    SPY_ASSERT(field.size() == first.size() && field.size() == second.size() && !field.empty());
    double* __restrict slope = first.data();
    double* __restrict curvature = second.data();
    const std::size_t last = field.size() - 1;
    for (std::size_t i = 1; i < last; ++i) {
        slope[i] = (field[i + 1] - field[i - 1]) * 0.5;
        curvature[i] = (field[i + 1] - 2.0 * field[i]) + field[i - 1];
    }
    slope[0] = slope[last] = 0.0;
    curvature[0] = curvature[last] = 0.0;
}

}  // namespace spymaster::physics
