// Liquidity velocity: how fast a level grows (above 0) or erodes (below 0), relative to its size.
//
//   u = (add_intensity - pull_intensity) - fill_intensity
//
//   column  liquidity_velocity
//   unit    1/s
//   range   (-1, inf): no more can leave than stood there and came
//   edge    no flow: 0
//   spec    5.1
#pragma once

namespace spymaster::physics {

inline double net_intensity(double add_intensity, double pull_intensity, double fill_intensity) {
    return (add_intensity - pull_intensity) - fill_intensity;
}

}  // namespace spymaster::physics
