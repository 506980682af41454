// Wave energy: how much a level is moving at all, in whichever direction and over whichever time.
//
//   u_wave_energy = sqrt((fast * fast + mid * mid) + slow * slow)
//
//   unit    1/s
//   range   [0, inf)
//   edge    first second: 0
//   spec    5.3
#pragma once

#include <cmath>

namespace spymaster::physics {

inline double wave_energy(double fast, double mid, double slow) {
    return std::sqrt((fast * fast + mid * mid) + slow * slow);
}

}  // namespace spymaster::physics
