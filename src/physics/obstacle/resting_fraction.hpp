// Resting fraction: how much of a level has been there for at least the rest age (500 ms), rather than just
// arrived.
//
//   phi_rest = depth_qty_rest / (depth_qty_end + 1)
//
//   unit    none
//   range   [0, 1); a level of one lot reaches 1/2
//   edge    empty level: 0
//   spec    5.3
#pragma once

#include "physics/denominator.hpp"

namespace spymaster::physics {

inline double resting_fraction(double depth_qty_rest, double depth_qty_end) {
    return depth_qty_rest / (depth_qty_end + kEpsQty);
}

}  // namespace spymaster::physics
