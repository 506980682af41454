// Spot in ticks, and how it moved in the last second, which is how the path starts.
//
//   S(t) = spot_ref_price_int / tick         v(0) = clamp(S(t) - S(t-1), -8, 8)
//
//   symbol  S, v(0)
//   unit    ticks, ticks/s
//   range   v(0) -8 to 8, whole
//   edge    a spot between ticks, which no product has: to the nearest, halves to even; no second before, or one
//           without a spot: v(0) = 0
//   spec    5.8
#pragma once

#include <algorithm>
#include <cstdint>

#include "forecast/path/motion.hpp"
#include "market/price.hpp"

namespace spymaster::forecast {

// REQUIRES: tick above 0.
inline std::int64_t spot_tick(std::int64_t spot_ref_price_int, market::PriceDelta tick) {
    return market::divide_half_even(spot_ref_price_int, tick.nanos);
}

// REQUIRES: both spots above 0.
inline double initial_velocity(std::int64_t spot_tick, std::int64_t previous_spot_tick) {
    const auto moved = static_cast<double>(spot_tick - previous_spot_tick);
    return std::clamp(moved, -kMaxVelocityTicks, kMaxVelocityTicks);
}

}  // namespace spymaster::forecast
