// Prominence: how far a field stands out of its wider neighbourhood.
//
//   u_prom = u_near - u_far        Omega_prom = Omega_near - Omega_far
//
//   unit    that of the field
//   range   any; above 0 on a local wall or front, below 0 in a local hollow
//   edge    towards the ends of the lattice both averages lose weight to the zeros beyond, the wide one sooner
//   spec    5.3
#pragma once

namespace spymaster::physics {

inline double prominence(double near, double far) {
    return near - far;
}

}  // namespace spymaster::physics
