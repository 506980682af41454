// What options of one expiration share at a moment.
//
//   F = S e^(carry T)        D = e^(-rate T)
//
//   unit    F in points, D none
//   range   above 0
//   edge    options on a future have no carry: F = S
//   spec    radar 3.5, 8.3 (D-31, D-32)
#pragma once

#include <cmath>

#include "market/gamma_terms.hpp"
#include "market/portable_math.hpp"

namespace spymaster::physics {

struct Forward {
    double underlying = 0.0;  // S, points
    double forward = 0.0;     // F
    double log_forward = 0.0;
    double discount = 0.0;    // D
    double growth = 0.0;      // F / S
    double root_years = 0.0;  // square root of T
};

// REQUIRES: underlying, years > 0.
inline Forward forward_of(double underlying, double years, const market::GammaTerms& terms) {
    Forward forward;
    forward.underlying = underlying;
    forward.growth = market::portable_exp(terms.carry * years);
    forward.forward = underlying * forward.growth;
    forward.log_forward = market::portable_log(forward.forward);
    forward.discount = market::portable_exp(-terms.rate * years);
    forward.root_years = std::sqrt(years);
    return forward;
}

}  // namespace spymaster::physics
