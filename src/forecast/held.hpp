// The bounds that keep every sum, product and quotient of a forecast finite, whatever fields come in.
//
// Gold cannot reach them: its quantities are 64-bit integers, so no field of it is as large as 1e25. Where it is held
// to its bounds a field of gold keeps its bits.
#pragma once

#include <algorithm>

namespace spymaster::forecast {

inline constexpr double kLargestField = 1e30;

// A field of any sign.
inline double held(double value) {
    return std::max(-kLargestField, std::min(value, kLargestField));
}

// An obstacle: there is none below 0.
inline double held_obstacle(double value) {
    return std::min(std::max(0.0, value), kLargestField);
}

}  // namespace spymaster::forecast
