// Corridor weight: what is near counts more.
//
//   w_k = exp(-k / 16),  k = 1 .. 64        W(n) = w_1 + ... + w_n, added in that order
//
//   symbol  w_k, W
//   unit    none
//   range   (0, 1)
//   edge    W(0) = 0
//   spec    5.4
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "forecast/forecast.hpp"

namespace spymaster::forecast {

struct CorridorWeights {
    CorridorWeights() {
        for (std::size_t k = 1; k <= kReachTicks; ++k) {
            weight[k - 1] = std::exp(-static_cast<double>(k) / 16.0);
            sum[k] = sum[k - 1] + weight[k - 1];
        }
    }

    std::array<double, kReachTicks> weight{};   // of k at k - 1
    std::array<double, kReachTicks + 1> sum{};  // W(n) at n
};

}  // namespace spymaster::forecast
