// Permeability: how easily a price passes through; the inverse of viscosity.
//
//   kappa = 1 / nu
//
//   unit    none
//   range   (0, 1]
//   edge    no obstacle: 1
//   spec    5.3
#pragma once

namespace spymaster::physics {

inline double permeability(double nu) {
    return 1.0 / nu;
}

}  // namespace spymaster::physics
