// Corridor: how fast liquidity erodes on the way ahead, what is near counting more.
//
//   corridor(n) = sum_{k=1..n} w_k * max(0, -u_near(k)) / W(n)         of the whole reach: n = 64
//
//   symbol  corridor_up (side A at +k), corridor_down (side B at -k)
//   unit    1/s
//   range   [0, inf)
//   edge    n = 0: 0; growing liquidity counts as none eroding; beyond the grid u_near is 0
//   spec    5.4
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "forecast/corridor/corridor_weight.hpp"

namespace spymaster::forecast {

// u_near of k at k - 1. REQUIRES: ticks <= kReachTicks.
inline double corridor(const CorridorWeights& weights, const std::array<double, kReachTicks>& u_near,
                       std::size_t ticks) {
    if (ticks == 0) return 0.0;
    double eroding = 0.0;
    for (std::size_t i = 0; i < ticks; ++i) eroding += weights.weight[i] * std::max(0.0, -u_near[i]);
    return eroding / weights.sum[ticks];
}

}  // namespace spymaster::forecast
