// Way score: how easily price moves in a direction, by the two bands that it meets first.
//
//   above_score = 0.60 * ease(above, at) + 0.40 * ease(above, near)         below_score likewise
//
//   unit    score
//   range   [0, 1]
//   edge    mid and far do not count
//   spec    radar 2.2
#pragma once

namespace spymaster::physics {

inline double way_score(double ease_at, double ease_near) {
    return 0.60 * ease_at + 0.40 * ease_near;
}

}  // namespace spymaster::physics
