// Vacuum score: how easily a level gives way, by four measures that count alike.
//
//   vacuum_score = (norm(pull_add_log) + norm(log1p_pull_intensity_rest) + norm(log1p_erosion_norm)
//                   + norm(d2_pull_add_log)) / 4
//
//   unit    score
//   range   [0, 1]: 0 wall, 1 vacuum
//   edge    a level at which nothing happens and nothing happened, empty or not: the norms of four zeros
//   spec    radar 2.1
#pragma once

#include "physics/vacuum/norm_bounds.hpp"

namespace spymaster::physics {

inline double vacuum_score(double pull_add_log, double log1p_pull_intensity_rest, double log1p_erosion_norm,
                           double d2_pull_add_log, const NormBounds& bounds) {
    return (norm(pull_add_log, bounds[Metric::pull_add_log]) +
            norm(log1p_pull_intensity_rest, bounds[Metric::log1p_pull_intensity_rest]) +
            norm(log1p_erosion_norm, bounds[Metric::log1p_erosion_norm]) +
            norm(d2_pull_add_log, bounds[Metric::d2_pull_add_log])) /
           4.0;
}

}  // namespace spymaster::physics
