// Force: what pushes the price, near it more than far from it, and through what is open more than through what is not.
//
//   F = sum_{x = -64..-1, 1..64} (wF(|x|) * kappa_dir(y)) * g_dir(y)        x ascending; y: forces/sampling.hpp
//
//   symbol  F(h)
//   unit    1/s
//   range   any; above 0 it pushes up
//   edge    no pressure: 0
//   spec    5.8
#pragma once

#include <cstddef>

#include "forecast/forces/distance_weight.hpp"

namespace spymaster::forecast {

// x = 0 has weight 0: what it adds changes no bit of the sum.
inline double force(const Around<kForceReach>& weights, const Around<kForceReach>& kappa,
                    const Around<kForceReach>& g) {
    double sum = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += (weights[i] * kappa[i]) * g[i];
    return sum;
}

}  // namespace spymaster::forecast
