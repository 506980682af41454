// Total obstacle: what rests in the book at a price, and what options hedge around it. Only what slows the price down
// is made from it (viscosity, permeability, prominence, by the formulas of gold); options never push.
//
//   Omega_total(x) = Omega(x) + 0.70 * Omega_opt_spread(x)       on each side
//
//   symbol  Omega_total
//   unit    log of lots or shares, as Omega
//   range   [0, inf)
//   edge    no options: Omega, to the bit
//   spec    5.6
#pragma once

#include "forecast/held.hpp"

namespace spymaster::forecast {

inline double total_obstacle(double omega, double option_spread) {
    return held_obstacle(omega) + 0.70 * option_spread;
}

}  // namespace spymaster::forecast
