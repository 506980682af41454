// Persistence: the price goes on as it went in the second before.
//
//   S(t+h) - S(t) = h * v(0),   v(0) = clamp(S(t) - S(t-1), -8, 8), the sum held within 80 ticks as the path is
//
//   unit    ticks
//   edge    no second before: 0
//   spec    5.8 (v(0)), the baseline
#pragma once

#include <algorithm>

namespace spymaster::forecast {

inline double last_velocity_forecast(double velocity, int horizon_s) {
    return std::clamp(static_cast<double>(horizon_s) * velocity, -80.0, 80.0);
}

}  // namespace spymaster::forecast
