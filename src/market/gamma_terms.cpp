#include "market/gamma_terms.hpp"

#include "base/assert.hpp"

namespace spymaster::market {

const GammaTerms& gamma_terms(ProductType product) {
    // CME's options on ES: 50 dollars a point.
    static constexpr GammaTerms kFutureOption{.multiplier = 50.0, .strikes_per_side = 12};
    // A hundred shares. They pay no dividend here, so money carries them at its rate.
    static constexpr GammaTerms kEquityOption{.multiplier = 100.0, .carry = 0.05, .strikes_per_side = 25};
    SPY_ASSERT(product_of(product).is_option());
    return product == ProductType::future_option_mbo ? kFutureOption : kEquityOption;
}

}  // namespace spymaster::market
