// Vega: how the undiscounted value of an option, call or put, grows with the deviation of its underlying.
//
//   s = volatility * sqrt(T)     d1 = ln(F / K) / s + s / 2     dV/ds = F phi(d1)
//
//   unit    points; times D sqrt(T): discounted value, by volatility a year
//   range   [0, F / sqrt(2 pi)]
//   edge    far from the money it underflows to 0
//   spec    radar 3.5
#pragma once

#include "market/portable_math.hpp"

namespace spymaster::physics {

// REQUIRES: deviation > 0.
inline double option_vega(double forward, double log_moneyness, double deviation) {
    return forward * market::normal_density(log_moneyness / deviation + 0.5 * deviation);
}

}  // namespace spymaster::physics
