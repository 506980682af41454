// Quantile: the value that a share q of many values does not exceed, between two of them on the line from one to the next.
//
//   v = (n - 1) * q      i = floor(v)      g = v - i      a = x_i      b = x_min(i + 1, n - 1)      x ascending
//   quantile = a + (b - a) * g  if g < 0.5,  else  b - (b - a) * (1 - g)
//
//   unit    that of x
//   range   from the least to the greatest
//   edge    one value: that
//   spec    radar 0 (NumPy's "linear")
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "base/assert.hpp"

namespace spymaster::physics {

// Reorders `values`. REQUIRES: there is one, all are finite; 0 <= q <= 1
inline double quantile(std::vector<double>& values, double q) {
    SPY_ASSERT(!values.empty());
    const double v = static_cast<double>(values.size() - 1) * q;
    const double i = std::floor(v);
    const double g = v - i;
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(i);
    std::nth_element(values.begin(), at, values.end());
    const double a = *at;
    const double b = at + 1 == values.end() ? a : *std::min_element(at + 1, values.end());
    return g < 0.5 ? a + (b - a) * g : b - (b - a) * (1.0 - g);
}

}  // namespace spymaster::physics
