// Motion: a particle of the price, pushed and slowed second by second.
//
//   a(h)       = beta * F(h) / (1 + NuLocal(h))
//   v(h+1)     = clamp((1 - gamma) * v(h) + a(h), -8, 8)
//   delta(h+1) = clamp(delta(h) + v(h+1), -80, 80)          delta(0) = 0,  h = 0 .. 29
//
//   symbol  a, v, delta
//   unit    ticks/s2, ticks/s, ticks
//   range   v -8 to 8, delta -80 to 80
//   edge    no force: v decays by gamma a second
//   spec    5.8
#pragma once

#include <algorithm>

#include "forecast/parameters.hpp"

namespace spymaster::forecast {

inline constexpr double kMaxVelocityTicks = 8.0;
inline constexpr double kMaxDeltaTicks = 80.0;

inline double acceleration(const Parameters& parameters, double force, double damping) {
    return parameters.beta * force / (1.0 + damping);
}

inline double next_velocity(const Parameters& parameters, double velocity, double acceleration) {
    return std::clamp((1.0 - parameters.gamma) * velocity + acceleration, -kMaxVelocityTicks,
                      kMaxVelocityTicks);
}

inline double next_delta(double delta, double velocity) {
    return std::clamp(delta + velocity, -kMaxDeltaTicks, kMaxDeltaTicks);
}

}  // namespace spymaster::forecast
