// Reinforcement: how fast the wall itself is being built by orders that stay.
//
//   Reinforce = max(0, u_p_slow(D))
//
//   symbol  Reinforce_up, Reinforce_down
//   unit    1/s
//   range   [0, inf)
//   edge    a wall that is being taken away: 0
//   spec    5.7
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "forecast/run_score/way_ahead.hpp"

namespace spymaster::forecast {

// REQUIRES: 1 <= wall_distance <= kReachTicks.
inline double reinforcement(const ByDistance& u_p_slow, std::int32_t wall_distance) {
    return std::max(0.0, u_p_slow[static_cast<std::size_t>(wall_distance - 1)]);
}

}  // namespace spymaster::forecast
