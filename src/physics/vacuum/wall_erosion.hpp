// Wall erosion: how much of its depth a level lost in a second.
//
//   wall_erosion = max(-d1_depth_qty, 0)
//
//   unit    lots/s
//   range   [0, inf)
//   edge    a level that grew, or of which the second before is not known: 0
//   spec    radar 2.1
#pragma once

#include <algorithm>

namespace spymaster::physics {

inline double wall_erosion(double d1_depth_qty) {
    return std::max(0.0, -d1_depth_qty);
}

}  // namespace spymaster::physics
