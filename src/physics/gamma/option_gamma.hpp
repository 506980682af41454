// Gamma: how the delta of an option, call or put, changes with the price of its underlying.
//
//   s = volatility * sqrt(T)     d1 = ln(F / K) / s + s / 2
//   gamma = D (F / S)^2 phi(d1) / (F s)
//
// With F = S (futures) it is Black's, with F = S e^(rT) that of Black and Scholes, phi(d1) / (S s).
//
//   unit    1/points, a unit of the underlying
//   range   [0, inf)
//   edge    far from the money it underflows to 0; at the money it grows without end as s goes to 0
//   spec    radar 3.5
#pragma once

#include "market/portable_math.hpp"
#include "physics/gamma/forward.hpp"

namespace spymaster::physics {

// REQUIRES: volatility > 0; log_strike = ln strike.
inline double option_gamma(const Forward& forward, double log_strike, double volatility) {
    const double deviation = volatility * forward.root_years;
    const double d1 = (forward.log_forward - log_strike) / deviation + 0.5 * deviation;
    return forward.discount * forward.growth * market::normal_density(d1) / (forward.underlying * deviation);
}

}  // namespace spymaster::physics
