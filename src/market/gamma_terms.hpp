// What gamma exposure takes as given for the options of a product: none of it is in quotes or open interest.
#pragma once

#include "market/product.hpp"
#include "market/right.hpp"

namespace spymaster::market {

struct GammaTerms {
    double multiplier =
        0.0;             // dollars a point and contract, where the definition gives none (OPRA's never do)
    double rate = 0.05;  // that discounts the payment; continuous, a year of 365 days
    double carry = 0.0;  // forward = price of the underlying * e^(carry * years): 0 where that is a future
    // Which way dealers are taken to be: they hold the calls, and have written the puts.
    double call_sign = 1.0;
    double put_sign = -1.0;
    int strikes_per_side = 0;  // of the surface, listed ones

    [[nodiscard]] double sign(Right right) const { return right == Right::call ? call_sign : put_sign; }
    bool operator==(const GammaTerms&) const = default;
};

// REQUIRES: a product of options.
const GammaTerms& gamma_terms(ProductType product);

}  // namespace spymaster::market
