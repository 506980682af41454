// The spot now: where the spot already stands when the forecast is made. S(t) is the anchor at the beginning of second t, and
// that of the next second is settled by the book and the last trade at the end of this one, so S(t+1) is no forecast at
// all: whoever says it knows nothing of the future.
//
//   S(t+h) - S(t) = S(t+1) - S(t), for every h: standing still, from the moment that the forecast is made
//
//   unit    ticks
//   edge    the next second is not valid: 0. At h = 1 it is never off, so nothing can be better there
//   spec    4.2.3, 5.8
#pragma once

#include <cstdint>

#include "forecast/evaluation/observation.hpp"

namespace spymaster::forecast {

// `next`: the valid second after `now`, or nullptr.
inline std::int64_t spot_now_forecast(const Observation& now, const Observation* next) {
    return next == nullptr ? 0 : next->spot_tick - now.spot_tick;
}

}  // namespace spymaster::forecast
