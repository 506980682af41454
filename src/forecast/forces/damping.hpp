// Damping: how viscous it is right around the price.
//
//   NuLocal = sum_{x = -16..-1, 1..16} wD(|x|) * nu_dir(y)         x ascending; y: forces/sampling.hpp
//
//   symbol  NuLocal(h)
//   unit    none
//   range   [2, inf): the weights of both sides are 1 each, but for rounding
//   edge    no obstacle anywhere near: 2
//   spec    5.8
#pragma once

#include <cstddef>

#include "forecast/forces/distance_weight.hpp"

namespace spymaster::forecast {

inline double damping(const Around<kDampingReach>& weights, const Around<kDampingReach>& nu) {
    double sum = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * nu[i];
    return sum;
}

}  // namespace spymaster::forecast
