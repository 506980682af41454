// Confidence: how hard the price is pushed now, if the way that the path takes is open. What it is worth is measured
// (spymaster evaluate).
//
//   confidence(h) = C0 * Gate(h)         C0 = tanh(|F(0)| / (1 + NuLocal(0)))
//   Gate(h) = tanh(max(0, RunScore_up))      if predicted_tick_delta(h) > 0
//             tanh(max(0, RunScore_down))    if predicted_tick_delta(h) < 0
//             0                              if predicted_tick_delta(h) = 0
//
// The sign is that of the delta in whole ticks: where no move is predicted there is nothing to be confident of, and the
// samples that an evaluation sorts by confidence are those with a move.
//
//   symbol  C0, Gate, confidence
//   unit    none
//   range   [0, 1]
//   edge    no force, or the way closed: 0
//   spec    5.8
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace spymaster::forecast {

// C0 of drive(F(0), NuLocal(0)).
inline double conviction(double drive) {
    return std::tanh(std::abs(drive));
}

inline double openness(double run_score) {
    return std::tanh(std::max(0.0, run_score));
}

inline double gate(std::int64_t predicted_tick_delta, double openness_up, double openness_down) {
    if (predicted_tick_delta > 0) return openness_up;
    if (predicted_tick_delta < 0) return openness_down;
    return 0.0;
}

inline double confidence(double conviction, double gate) {
    return conviction * gate;
}

}  // namespace spymaster::forecast
