// Distance weight: what is near acts more. It applies to both sides alike, so all weights together are 2.
//
//   w(k) = exp(-(k*k) / (2 sigma sigma)) / sum_{k=1..N}         k = 1 .. N, added in that order
//
//   symbol  wF: sigma 12, N 64 (force)        wD: sigma 6, N 16 (damping)
//   unit    none
//   range   (0, 1)
//   edge    w(0) = 0: the price where it stands neither pushes nor slows itself
//   spec    5.8
#pragma once

#include <array>
#include <cstddef>

#include "forecast/forecast.hpp"
#include "physics/gradients/spatial_smoothing.hpp"

namespace spymaster::forecast {

inline constexpr int kForceReach = kReachTicks;
inline constexpr int kDampingReach = 16;

// A value for each x = -reach .. reach.
template <int reach>
using Around = std::array<double, 2 * reach + 1>;

// w(|x|).
template <int reach>
Around<reach> distance_weights(double sigma) {
    constexpr std::size_t kCentre = reach;
    const physics::GaussianKernel kernel = physics::gaussian_kernel(sigma, reach);
    double sum = 0.0;
    for (std::size_t k = 1; k <= reach; ++k) sum += kernel.weights[kCentre + k];
    Around<reach> weights{};
    for (std::size_t k = 1; k <= reach; ++k)
        weights[kCentre + k] = weights[kCentre - k] = kernel.weights[kCentre + k] / sum;
    return weights;
}

inline Around<kForceReach> force_weights() {
    return distance_weights<kForceReach>(12.0);
}

inline Around<kDampingReach> damping_weights() {
    return distance_weights<kDampingReach>(6.0);
}

}  // namespace spymaster::forecast
