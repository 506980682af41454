// What an option pays on average at its expiration, undiscounted (Black 1976), for an underlying whose forward price is
// lognormal:
//
//   s  = volatility * sqrt(years)                                the deviation of ln(price at expiration)
//   d1 = ln(F / K) / s + s / 2          d2 = d1 - s
//   call = F N(d1) - K N(d2)            put = K N(-d2) - F N(-d1)
//
//   unit    F, K and the result in points; s none
//   range   [max(0, +-(F - K)), F] of a call, ... K] of a put; rounding never takes it below
//   edge    deep in the money it is F - K, far out 0
//   spec    radar 3.5; with F = S e^(rate * years) it is Black-Scholes (1973)
#pragma once

#include <algorithm>

#include "market/portable_math.hpp"
#include "market/right.hpp"

namespace spymaster::market {

// A year has 365 days here, nights and weekends included.
inline constexpr double kNanosPerYear = 365.0 * 86'400.0 * 1e9;

// REQUIRES: forward, strike, deviation > 0; log_moneyness = ln(forward / strike).
inline double black_value(Right right, double forward, double strike, double log_moneyness,
                          double deviation) {
    const double sign = right == Right::call ? 1.0 : -1.0;
    const double d1 = log_moneyness / deviation + 0.5 * deviation;
    const double d2 = d1 - deviation;
    const double value = sign * (forward * normal_cdf(sign * d1) - strike * normal_cdf(sign * d2));
    return std::max(value, std::max(sign * (forward - strike), 0.0));
}

}  // namespace spymaster::market
