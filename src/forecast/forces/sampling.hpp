// Sampling: a field over whole ticks, seen from a place between them.
//
//   y = x + shift         i = floor(y),  f = y - i
//   value(y) = F(i)                            if f = 0
//              F(i) + (F(i+1) - F(i)) * f      else
//
//   symbol  y: where a particle that has moved by delta finds what is x ticks from it; shift = delta (ahead) or
//           -delta (literal), decision D-8
//   unit    that of the field
//   range   between the two neighbours
//   edge    |shift| <= 80, so that |y| <= 144
//   spec    5.8 (decision D-7)
#pragma once

#include <cmath>
#include <cstddef>

#include "forecast/forces/directional.hpp"
#include "forecast/forces/distance_weight.hpp"

namespace spymaster::forecast {

// PERF. Every x of a step has the same floor(shift), so its neighbours stand side by side in memory and several x are
// done at once. x + shift is rounded, so f differs in its last bits from x to x, and may even reach the next tick:
// f = 1 from here, which is f = 0 from there.
template <int reach>
void sample_around(const Directional& field, double shift, Around<reach>& values) {
    const double whole = std::floor(shift);
    const double* __restrict left = field.data() + (kDirectionalReach - reach + static_cast<int>(whole));
    const double* __restrict right = left + 1;
    double* __restrict to = values.data();
    for (int place = 0; place <= 2 * reach; ++place) {
        const auto x = static_cast<double>(place - reach);
        const double f = (x + shift) - (x + whole);
        const double between = left[place] + (right[place] - left[place]) * f;
        to[place] = f == 1.0 ? right[place] : between;
    }
}

}  // namespace spymaster::forecast
