// Predicted tick: the path in whole ticks.
//
//   predicted_tick_delta(h) = rnd(delta(h))                    halves to even
//   predicted_spot_tick(h)  = S(t) + predicted_tick_delta(h)
//
//   symbol  predicted_tick_delta, predicted_spot_tick
//   unit    ticks
//   range   -80 to 80; any
//   edge    a spot at the end of 64 bits stays there
//   spec    0.3, 5.8
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace spymaster::forecast {

inline std::int64_t predicted_tick_delta(double delta) {
    return static_cast<std::int64_t>(std::nearbyint(delta));
}

// REQUIRES: spot_tick not below 0.
inline std::int64_t predicted_spot_tick(std::int64_t spot_tick, std::int64_t tick_delta) {
    std::int64_t predicted = 0;
    if (__builtin_add_overflow(spot_tick, tick_delta, &predicted))
        return std::numeric_limits<std::int64_t>::max();
    return predicted;
}

}  // namespace spymaster::forecast
