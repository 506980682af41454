// Run score: whether the way to the wall opens faster than the wall is built.
//
//   RunScore = Vacuum - Reinforce
//
//   symbol  RunScore_up, RunScore_down
//   unit    1/s
//   range   any; above 0 the way is open
//   edge    nothing moves: 0
//   spec    5.7
#pragma once

namespace spymaster::forecast {

inline double run_score(double vacuum, double reinforcement) {
    return vacuum - reinforcement;
}

}  // namespace spymaster::forecast
