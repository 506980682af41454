// Viscosity: how much the neighbourhood of a price slows it down. Also called R, resistance.
//
//   nu = (1 + Omega_near) + 2 * max(0, Omega_prom)
//
//   unit    none
//   range   [1, inf)
//   edge    no obstacle anywhere near: 1; a hollow (Omega_prom < 0) does not lower it
//   spec    5.3
#pragma once

#include <algorithm>

namespace spymaster::physics {

inline double viscosity(double omega_near, double omega_prom) {
    return (1.0 + omega_near) + 2.0 * std::max(0.0, omega_prom);
}

}  // namespace spymaster::physics
