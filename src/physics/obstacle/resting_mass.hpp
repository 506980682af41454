// Resting mass: how much stands at a level, on a scale on which doubling counts the same everywhere.
//
//   rho = log(1 + depth_qty_end)
//   wall_strength_log = log(1 + depth_qty_rest)
//
//   unit    none (log of lots)
//   range   [0, 45)
//   edge    empty level: log(1) = 0, exactly
//   spec    5.3 (and 0.1: log(1.0 + x) literally, not log1p); radar 2.1
#pragma once

#include <cmath>

namespace spymaster::physics {

inline double resting_mass(double depth_qty) {
    return std::log(1.0 + depth_qty);
}

}  // namespace spymaster::physics
