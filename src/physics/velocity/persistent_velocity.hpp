// Persistent velocity: velocity that counts only as far as the level's quantity has stayed.
//
//   u_p = phi_rest * e8            u_p_slow = phi_rest * e32
//
//   unit    1/s
//   range   between 0 and the EMA
//   edge    nothing resting: 0, whatever the EMA
//   spec    5.3
#pragma once

namespace spymaster::physics {

inline double persistent_velocity(double phi_rest, double u_ema) {
    return phi_rest * u_ema;
}

}  // namespace spymaster::physics
