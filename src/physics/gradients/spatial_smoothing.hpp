// Spatial smoothing: a field averaged over neighbouring prices with gaussian weights.
//
//   smooth(f; sigma, N)(x) = sum_d f(x+d) g(d) / sum_d g(d)        d = -N .. N, ascending
//   g(d) = exp(-(d*d) / (2 sigma sigma))
//
//   u_near = smooth(e8; 6, 16)             u_far = smooth(e32; 24, 64)
//   Omega_near = smooth(Omega; 6, 16)      Omega_far = smooth(Omega; 24, 64)
//
//   unit    that of the field; sigma and N in ticks
//   range   within that of the field and 0
//   edge    cells outside the lattice count as 0 and keep their weight (zero padding, full kernel): nothing
//           is known to rest there (decision D-3)
//   spec    0.5, 0.6, 5.3
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace spymaster::physics {

struct GaussianKernel {
    int reach = 0;                // N
    std::vector<double> weights;  // g(-N) .. g(N)
    double sum = 0.0;             // of the weights, added in that order
};

// REQUIRES: sigma > 0, reach >= 0.
GaussianKernel gaussian_kernel(double sigma, int reach);

// What smooth() needs as scratch for `cells` cells.
std::size_t padded_size(std::size_t cells, const GaussianKernel& kernel);

// Over the cells of one side, x ascending. Every cell's sum is added in the order of d.
// REQUIRES: out as long as field; padded of at least padded_size(); none overlapping.
void smooth(std::span<const double> field, const GaussianKernel& kernel, std::span<double> padded,
            std::span<double> out);

}  // namespace spymaster::physics
