// Vacuum into the wall: how fast liquidity erodes between spot and the wall.
//
//   Vacuum = sum_{k=1..D-1} w_k * max(0, -u_near(k)) / sum_{k=1..D-1} w_k
//
//   symbol  Vacuum_up, Vacuum_down
//   unit    1/s
//   range   [0, inf)
//   edge    the wall is the next price (D = 1): 0
//   spec    5.7
#pragma once

#include <cstddef>
#include <cstdint>

#include "forecast/corridor/corridor.hpp"
#include "forecast/run_score/way_ahead.hpp"

namespace spymaster::forecast {

// REQUIRES: 1 <= wall_distance <= kReachTicks.
inline double vacuum(const CorridorWeights& weights, const ByDistance& u_near, std::int32_t wall_distance) {
    return corridor(weights, u_near, static_cast<std::size_t>(wall_distance - 1));
}

}  // namespace spymaster::forecast
