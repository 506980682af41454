// Wall distance: how far it is to the first price that stands out nearly as much as the strongest within reach.
//
//   W = max_{k=1..64} Omega_total_prom(k)        T = 0.60 * W
//   D = min {k >= 1 : Omega_total_prom(k) >= T}, 64 if there is none
//
//   symbol  W, D
//   unit    W that of Omega, D ticks
//   range   D 1 to 64; W any
//   edge    nothing anywhere: W = 0, D = 1; only hollows (W < 0, so T > W): D = 64
//   spec    5.7
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "forecast/run_score/way_ahead.hpp"

namespace spymaster::forecast {

inline double strongest_wall(const ByDistance& prominence) {
    return *std::ranges::max_element(prominence);
}

inline std::int32_t wall_distance(const ByDistance& prominence, double strongest) {
    const double threshold = 0.60 * strongest;
    for (std::size_t i = 0; i < prominence.size(); ++i) {
        if (prominence[i] >= threshold) return static_cast<std::int32_t>(i + 1);
    }
    return kReachTicks;
}

}  // namespace spymaster::forecast
