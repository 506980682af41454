// What left a level as a share of what stood there, on a scale on which large shares count less.
//
//   log1p_pull_intensity_rest = log1p(pull_intensity_rest)
//   log1p_erosion_norm        = log1p(wall_erosion / (depth_qty_start + 1))
//
//   unit    none
//   range   [0, 45)
//   edge    nothing left: 0
//   spec    radar 2.1, 2.3
#pragma once

#include <cmath>

namespace spymaster::physics {

inline double share_log(double share) {
    return std::log1p(share);
}

}  // namespace spymaster::physics
