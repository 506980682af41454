// Pressure gradient: which way resting liquidity pushes the price. Bids that build push up, asks that build
// push down.
//
//   pressure_grad = u_p on side B, -u_p on side A
//
//   unit    1/s
//   range   any; above 0 pushes the price up, below 0 down
//   edge    nothing resting: 0 (on side A the zero carries a minus sign, which compares equal)
//   spec    5.3
#pragma once

namespace spymaster::physics {

inline double pressure_gradient_bid(double u_p) {
    return u_p;
}
inline double pressure_gradient_ask(double u_p) {
    return -u_p;
}

}  // namespace spymaster::physics
