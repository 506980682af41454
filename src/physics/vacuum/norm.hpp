// Norm: a measure as a share of the way from what it seldom falls below to what it seldom exceeds.
//
//   norm(x) = min(max((x - q05) / (q95 - q05), 0), 1)
//
//   unit    none
//   range   [0, 1]
//   edge    at or below q05: 0; at or above q95: 1
//   spec    radar 2.1
#pragma once

#include <algorithm>

namespace spymaster::physics {

// Where a measure is 0 and where it is 1.
struct Bounds {
    double q05 = 0.0;
    double q95 = 1.0;

    bool operator==(const Bounds&) const = default;
};

// REQUIRES: bounds.q05 < bounds.q95
inline double norm(double x, const Bounds& bounds) {
    return std::min(std::max((x - bounds.q05) / (bounds.q95 - bounds.q05), 0.0), 1.0);
}

}  // namespace spymaster::physics
