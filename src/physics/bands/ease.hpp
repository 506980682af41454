// Ease: how little stands in the way within a band.
//
//   ease = 0.50 * vacuum_norm + 0.35 * wall_erosion_norm + 0.15 * (1 - wall_strength_norm)
//
//   unit    score
//   range   [0, 1]
//   edge    nothing there and nothing moving: 0.15 and half the vacuum score of silence
//   spec    radar 2.2
#pragma once

namespace spymaster::physics {

inline double ease(double vacuum_norm, double wall_erosion_norm, double wall_strength_norm) {
    return 0.50 * vacuum_norm + 0.35 * wall_erosion_norm + 0.15 * (1.0 - wall_strength_norm);
}

}  // namespace spymaster::physics
