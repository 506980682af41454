#include "physics/gradients/spatial_smoothing.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/assert.hpp"

namespace spymaster::physics {

namespace {

// PERF. 324 multiply-adds a cell make this most of a second's work. A block of cells keeps its sums in
// registers while d runs: 8 registers of 4 lanes hide the latency of an add, and each step is a load, a
// multiply and an add per register. A lane is a cell, so no sum is reassociated and the bits are those of the
// scalar loop (tests/physics/formulas_test.cpp).
constexpr std::size_t kLanes = 4;
constexpr std::size_t kRegisters = 8;
constexpr std::size_t kBlock = kLanes * kRegisters;
using Lanes = double __attribute__((vector_size(kLanes * sizeof(double))));

Lanes load(const double* from) {
    Lanes lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
}

// to[0..kBlock) from the cells whose neighbourhoods begin at from[0..kBlock).
void smooth_block(const double* from, const GaussianKernel& kernel, double* to) {
    Lanes num[kRegisters] = {};
    for (const double weight : kernel.weights) {
        for (std::size_t r = 0; r < kRegisters; ++r) num[r] += load(from + r * kLanes) * weight;
        ++from;
    }
    for (std::size_t r = 0; r < kRegisters; ++r) {
        const Lanes value = num[r] / kernel.sum;
        std::memcpy(to + r * kLanes, &value, sizeof value);
    }
}

}  // namespace

GaussianKernel gaussian_kernel(double sigma, int reach) {
    SPY_ASSERT(sigma > 0.0 && reach >= 0);
    GaussianKernel kernel{.reach = reach, .weights = {}, .sum = 0.0};
    for (int offset = -reach; offset <= reach; ++offset) {
        const auto d = static_cast<double>(offset);
        kernel.weights.push_back(std::exp(-(d * d) / (2.0 * sigma * sigma)));
        kernel.sum += kernel.weights.back();
    }
    return kernel;
}

std::size_t padded_size(std::size_t cells, const GaussianKernel& kernel) {
    const std::size_t blocks = (cells + kBlock - 1) / kBlock;
    return blocks * kBlock + 2 * static_cast<std::size_t>(kernel.reach);
}

void smooth(std::span<const double> field, const GaussianKernel& kernel, std::span<double> padded,
            std::span<double> out) {
    const std::size_t cells = field.size();
    SPY_ASSERT(out.size() == cells && padded.size() >= padded_size(cells, kernel));
    const auto first_cell = padded.begin() + kernel.reach;
    std::fill(padded.begin(), first_cell, 0.0);
    std::fill(std::copy(field.begin(), field.end(), first_cell), padded.end(), 0.0);

    std::size_t x = 0;
    for (; x + kBlock <= cells; x += kBlock) smooth_block(padded.data() + x, kernel, out.data() + x);
    if (x < cells) {  // the last, partly filled block
        double block[kBlock];
        smooth_block(padded.data() + x, kernel, block);
        std::copy_n(block, cells - x, out.data() + x);
    }
}

}  // namespace spymaster::physics
