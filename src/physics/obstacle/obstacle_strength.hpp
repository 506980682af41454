// Obstacle strength: how hard a level is to get through. Mass, half of it discounted unless it rests, raised
// where resting liquidity has been building up for half a minute.
//
//   Omega = (rho * (0.5 + 0.5 * phi_rest)) * (1 + max(0, u_p_slow))
//
//   unit    none
//   range   [0, inf)
//   edge    empty level: 0; erosion (u_p_slow < 0) does not lower it
//   spec    5.3
#pragma once

#include <algorithm>

namespace spymaster::physics {

inline double obstacle_strength(double rho, double phi_rest, double u_p_slow) {
    return (rho * (0.5 + 0.5 * phi_rest)) * (1.0 + std::max(0.0, u_p_slow));
}

}  // namespace spymaster::physics
