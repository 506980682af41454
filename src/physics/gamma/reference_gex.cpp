#include "physics/gamma/reference_gex.hpp"

#include <algorithm>
#include <cmath>

#include "market/portable_math.hpp"

namespace spymaster::physics {

namespace {

constexpr double kRate = 0.05;
constexpr double kMultiplier = 50.0;

}  // namespace

std::int64_t reference_centre(double forward) {
    return static_cast<std::int64_t>(std::nearbyint(forward / kReferenceStrikeStep) * kReferenceStrikeStep);
}

std::optional<ReferenceValue> reference_value(market::Right right, double mid, double strike, double forward,
                                              std::int64_t expiration_ns, std::int64_t window_end_ts_ns,
                                              double open_interest) {
    const double years =
        (static_cast<double>(expiration_ns) - static_cast<double>(window_end_ts_ns)) / 1e9 / 86'400.0 / 365.0;
    if (!(years > 0.0)) return std::nullopt;
    const double root_years = std::sqrt(years);
    const double discount = market::portable_exp(-kRate * years);
    const double log_moneyness = market::portable_log(forward / strike);
    const double sign = right == market::Right::call ? 1.0 : -1.0;
    const auto d1_at = [&](double sigma) {
        return (log_moneyness + 0.5 * sigma * sigma * years) / (sigma * root_years);
    };
    double sigma = 0.5;
    for (int step = 0; step < 3; ++step) {
        const double d1 = d1_at(sigma);
        const double d2 = d1 - sigma * root_years;
        const double vega = std::max(forward * market::normal_density(d1) * root_years * discount, 1e-6);
        const double value =
            discount * sign *
            (forward * market::normal_cdf(sign * d1) - strike * market::normal_cdf(sign * d2));
        sigma = std::clamp(sigma - (value - mid) / vega, 0.001, 5.0);
    }
    const double gamma = discount * market::normal_density(d1_at(sigma)) / (forward * sigma * root_years);
    return ReferenceValue{sigma, gamma, gamma * open_interest * kMultiplier};
}

}  // namespace spymaster::physics
