// Intensity: what was added, pulled or filled at a level in a second, as a share of what stood there before.
//
//   add_intensity  = add_qty / (depth_qty_start + 1)
//   pull_intensity = pull_qty_total / (depth_qty_start + 1)
//   fill_intensity = fill_qty / (depth_qty_start + 1)
//   pull_intensity_rest = pull_qty_rest / (depth_qty_start + 1)
//
//   unit    1/s
//   range   [0, inf); at most the quantity itself
//   edge    empty level at window start: the quantity itself (denominator 1)
//   spec    5.1; radar 2.1
#pragma once

#include "physics/denominator.hpp"

namespace spymaster::physics {

inline double intensity(double qty, double depth_qty_start) {
    return qty / (depth_qty_start + kEpsQty);
}

}  // namespace spymaster::physics
