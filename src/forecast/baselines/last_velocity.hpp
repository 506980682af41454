// Persistence: the price goes on as it went in the second before.
//
//   S(t+h) - S(t) = h * v(0),   v(0) = clamp(S(t) - S(t-1), -8, 8), the sum held within 80 ticks as the path is
//
//   unit    ticks
//   edge    no valid second before: 0
//   spec    5.8 (v(0))
#pragma once

#include <algorithm>

#include "forecast/path/motion.hpp"

namespace spymaster::forecast {

// `moved`: S(t) - S(t-1), ticks.
inline double last_velocity_forecast(double moved, int horizon_s) {
    const double velocity = std::clamp(moved, -kMaxVelocityTicks, kMaxVelocityTicks);
    return std::clamp(static_cast<double>(horizon_s) * velocity, -kMaxDeltaTicks, kMaxDeltaTicks);
}

}  // namespace spymaster::forecast
