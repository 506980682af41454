// The volatility at which Black's formula gives the price of an option, or none.
//
//   v = mid / D - max(0, +-(F - K))       what the price is beyond exercise: by put-call parity the undiscounted
//                                          value of the option of the same strike that is out of the money
//   none if v < 1e-10 F                    at or below the discounted exercise value, but for rounding
//   none if v >= min(F, K) (1 - 1e-12)     at or above what any volatility gives
//   none if volatility < 0.001             v is within the rounding of a quote of nothing
//   else the root of  value(s) = v,  volatility = s / sqrt(T)
//
// Newton's steps on ln value(s), which is concave in s, so that they close in from below; a step that would leave the bracket,
// which shrinks at every evaluation, halves it instead. The result depends on the arguments alone.
//
//   unit    1/sqrt(year)
//   range   [0.001, 16 / sqrt(T)]
//   edge    expired, no price: none; not settled after 80 steps: none
//   spec    radar 8.3 (D-31)
#pragma once

#include <optional>

#include "market/right.hpp"
#include "physics/gamma/forward.hpp"

namespace spymaster::physics {

// REQUIRES: strike > 0; log_strike = ln strike.
std::optional<double> implied_volatility(market::Right right, double mid, double strike, double log_strike,
                                         const Forward& forward);

}  // namespace spymaster::physics
