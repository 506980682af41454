// The loop every cell formula shares. Cells are independent, so the compiler may compute several at once;
// each cell's own arithmetic stays as its formula writes it.
#pragma once

#include <cstddef>
#include <span>

#include "base/assert.hpp"

namespace spymaster::physics {

// out[i] = formula(in_1[i], in_2[i], ...) for every cell.
// REQUIRES: every input as long as `out`, and none overlapping it.
template <auto formula, class... In>
void each_cell(std::span<double> out, const In&... in) {
    SPY_ASSERT(((in.size() == out.size()) && ...));
    double* __restrict to = out.data();
    for (std::size_t i = 0; i < out.size(); ++i) to[i] = formula(in[i]...);
}

}  // namespace spymaster::physics
