// Pulling against adding: above 0 where more that had rested was withdrawn in a second than was added, on a scale on which
// doubling counts the same everywhere.
//
//   pull_add_log = ln((pull_qty_rest + 1) / (add_qty + 1))
//
//   unit    none (log of lots)
//   range   (-45, 45)
//   edge    nothing pulled, nothing added: ln(1) = 0, exactly
//   spec    radar 2.1
#pragma once

#include <cmath>

#include "physics/denominator.hpp"

namespace spymaster::physics {

inline double pull_add_log(double pull_qty_rest, double add_qty) {
    return std::log((pull_qty_rest + kEpsQty) / (add_qty + kEpsQty));
}

}  // namespace spymaster::physics
