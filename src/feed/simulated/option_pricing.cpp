#include "feed/simulated/option_pricing.hpp"

#include <algorithm>
#include <cmath>

#include "market/black.hpp"
#include "market/portable_math.hpp"

namespace spymaster::feed {

namespace {

using market::portable_exp;
using market::portable_log;

constexpr double kNanosPerHour = 3'600.0 * 1e9;
constexpr double kFarthest = 2.5;  // |k| from which the smile is flat: beyond, slopes could give arbitrage

}  // namespace

OptionPricer::OptionPricer(double underlying, std::int64_t left_ns, const Smile& smile, const Rates& rates)
    : smile_(smile) {
    const double left = static_cast<double>(std::max(left_ns, std::int64_t{0}));
    const double years = left / market::kNanosPerYear;
    forward_ = underlying * portable_exp(rates.carry * years);
    log_forward_ = portable_log(forward_);
    discount_ = portable_exp(-rates.rate * years);
    root_years_ = std::sqrt(years);
    base_ = smile.base * (1.0 + smile.rush * portable_exp(-left / kNanosPerHour));
}

double OptionPricer::volatility(double log_strike) const {
    if (root_years_ <= 0.0) return base_;
    const double k = std::clamp((log_strike - log_forward_) / root_years_, -kFarthest, kFarthest);
    return base_ * (1.0 + smile_.slope * k + smile_.bend * (std::sqrt(k * k + 0.25) - 0.5));
}

double OptionPricer::value(market::Right right, double strike, double log_strike) const {
    if (root_years_ <= 0.0) {
        const double sign = right == market::Right::call ? 1.0 : -1.0;
        return discount_ * std::max(sign * (forward_ - strike), 0.0);
    }
    const double deviation = volatility(log_strike) * root_years_;
    return discount_ * market::black_value(right, forward_, strike, log_forward_ - log_strike, deviation);
}

std::int32_t PremiumTicks::floor(double points) const {
    const double ticks = points * 1e9 / static_cast<double>(small_tick);
    if (!(ticks > 0.0)) return 0;
    // A premium that is a whole number of ticks, but for the rounding of decimal fractions, is that price.
    const auto whole = static_cast<std::int32_t>(ticks + 1e-6);
    return whole <= change ? whole : std::max(whole / ratio * ratio, change);
}

std::int32_t PremiumTicks::ceil(double points) const {
    const std::int32_t below = floor(points);
    return static_cast<double>(below) * static_cast<double>(small_tick) * 1e-9 >=
                   points - 1e-6 * static_cast<double>(small_tick) * 1e-9
               ? below
               : up(below);
}

}  // namespace spymaster::feed
