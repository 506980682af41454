#include "physics/gamma/implied_volatility.hpp"

#include <algorithm>
#include <cmath>

#include "market/black.hpp"
#include "physics/gamma/option_vega.hpp"

namespace spymaster::physics {

namespace {

using market::Right;

constexpr double kLeastTimeValue = 1e-10;  // of the forward
constexpr double kMostTimeValue = 1.0 - 1e-12;
constexpr double kLeastVolatility = 1e-3;
constexpr double kMostDeviation = 16.0;  // beyond, values do not differ in a double
constexpr double kSettled = 1e-9;        // of a step: what it leaves is of the order of its square
constexpr double kNarrow = 1e-14;        // of the bracket
constexpr int kMostSteps = 80;

// Where the root might be: from the far wing, where ln v is about -(x/s)^2 / 2, and at the money, where v is F s / sqrt(2 pi).
double first_guess(double log_moneyness, double time_value_share) {
    const double wing =
        std::abs(log_moneyness) / std::sqrt(-2.0 * market::portable_log(0.5 * time_value_share));
    return wing + 2.5 * time_value_share;
}

// The deviation at which the option is worth `time_value`. REQUIRES: there is one within the bracket.
std::optional<double> deviation_of(Right right, double time_value, double strike, double log_moneyness,
                                   double forward, double low) {
    double high = kMostDeviation;
    double s = std::clamp(first_guess(log_moneyness, time_value / forward), low, high);
    for (int step = 0; step < kMostSteps; ++step) {
        const double value = market::black_value(right, forward, strike, log_moneyness, s);
        (value < time_value ? low : high) = s;
        const double vega = option_vega(forward, log_moneyness, s);
        double next = 0.5 * (low + high);
        if (value > 0.0 && vega > 0.0) {
            const double newton = s - market::portable_log(value / time_value) * value / vega;
            if (std::abs(newton - s) <= kSettled * s) return newton;
            if (newton > low && newton < high) next = newton;
        }
        if (high - low <= kNarrow * s) return s;
        s = next;
    }
    return std::nullopt;
}

}  // namespace

std::optional<double> implied_volatility(Right right, double mid, double strike, double log_strike,
                                         const Forward& forward) {
    if (!(mid > 0.0) || !(forward.root_years > 0.0)) return std::nullopt;
    const double sign = right == Right::call ? 1.0 : -1.0;
    const double exercise = std::max(sign * (forward.forward - strike), 0.0);
    const double time_value = mid / forward.discount - exercise;
    if (!(time_value >= kLeastTimeValue * forward.forward)) return std::nullopt;
    if (time_value >= kMostTimeValue * std::min(forward.forward, strike)) return std::nullopt;

    const Right out_of_the_money = strike >= forward.forward ? Right::call : Right::put;
    const double log_moneyness = forward.log_forward - log_strike;
    const double least = kLeastVolatility * forward.root_years;
    if (market::black_value(out_of_the_money, forward.forward, strike, log_moneyness, least) > time_value)
        return std::nullopt;
    const auto deviation =
        deviation_of(out_of_the_money, time_value, strike, log_moneyness, forward.forward, least);
    if (!deviation) return std::nullopt;
    return std::max(*deviation / forward.root_years, kLeastVolatility);
}

}  // namespace spymaster::physics
