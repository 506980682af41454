// Vacuum total score: how easily price moves at all.
//
//   vacuum_total_score = (above_score + below_score) / 2
//
//   unit    score
//   range   [0, 1]
//   edge    between the two
//   spec    radar 2.2
#pragma once

namespace spymaster::physics {

inline double total_score(double above_score, double below_score) {
    return (above_score + below_score) / 2.0;
}

}  // namespace spymaster::physics
