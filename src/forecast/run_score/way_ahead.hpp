// The way ahead: the fields that walls and vacuums are looked for in, by their distance from spot. Up is what the asks
// leave, down what the bids do.
//
//   up:   F(k) = F_A(+k)        down:  F(k) = F_B(-k)        k = 1 .. 64
//
//   symbol  Omega_prom_dir, u_near_dir, u_p_slow_dir
//   unit    that of the field
//   range   that of the field
//   edge    0 beyond the grid: nothing is known to be there
//   spec    5.4, 5.7
#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "forecast/forecast.hpp"
#include "forecast/held.hpp"

namespace spymaster::forecast {

// Of k at k - 1.
using ByDistance = std::array<double, kReachTicks>;

// `side`: a field over one side of the lattice, rel_ticks ascending. direction: +1 up, -1 down.
inline ByDistance way_ahead(std::span<const double> side, int half_width, int direction) {
    ByDistance field{};
    const int last = std::min(kReachTicks, half_width);
    const double* spot = side.data() + half_width;
    double* to = field.data();
    for (int k = 1; k <= last; ++k) *to++ = held(spot[direction * k]);
    return field;
}

}  // namespace spymaster::forecast
