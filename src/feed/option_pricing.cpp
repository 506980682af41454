#include "feed/option_pricing.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "feed/random.hpp"

namespace spymaster::feed {

namespace {

constexpr double kNanosPerHour = 3'600.0 * 1e9;
constexpr double kFarthest = 2.5;  // |k| from which the smile is flat: beyond, slopes could give arbitrage

template <std::size_t N>
double polynomial(const std::array<double, N>& highest_first, double x) {
    double sum = 0.0;
    for (const double coefficient : highest_first) sum = sum * x + coefficient;
    return sum;
}

constexpr std::array<double, 15> inverse_factorials() {  // 1/14! ... 1/0!
    std::array<double, 15> inverse{};
    double factorial = 1.0;
    for (std::size_t k = 0; k < inverse.size(); ++k) {
        if (k > 0) factorial *= static_cast<double>(k);
        inverse[inverse.size() - 1 - k] = 1.0 / factorial;
    }
    return inverse;
}
constexpr std::array kInverseFactorials = inverse_factorials();

constexpr std::array kHartAbove{3.52624965998911e-02, 0.700383064443688, 6.37396220353165, 33.912866078383,
                                112.079291497871,     221.213596169931,  220.206867912376};
constexpr std::array kHartBelow{8.83883476483184e-02, 1.75566716318264, 16.064177579207,  86.7807322029461,
                                296.564248779674,     637.333633378831, 793.826512519948, 440.413735824752};

}  // namespace

double portable_exp(double x) {
    if (x < -700.0) return 0.0;
    const double scaled = x * 1.4426950408889634;
    const auto doublings = static_cast<int>(scaled + (scaled < 0.0 ? -0.5 : 0.5));
    // ln 2 in two parts, the first so short that its product with a whole number is exact.
    constexpr double kLn2High = 6.93147180369123816490e-01;
    constexpr double kLn2Low = 1.90821492927058770002e-10;
    const double rest = (x - doublings * kLn2High) - doublings * kLn2Low;  // within +-0.35
    return polynomial(kInverseFactorials, rest) *
           std::bit_cast<double>(static_cast<std::uint64_t>(1023 + doublings) << 52);
}

double normal_cdf(double x) {
    const double size = x < 0.0 ? -x : x;
    if (size > 37.0) return x < 0.0 ? 0.0 : 1.0;
    const double density = portable_exp(-0.5 * size * size);
    double tail = 0.0;
    if (size < 7.07106781186547) {
        tail = density * polynomial(kHartAbove, size) / polynomial(kHartBelow, size);
    } else {
        const double fraction = size + 1.0 / (size + 2.0 / (size + 3.0 / (size + 4.0 / (size + 0.65))));
        tail = density / fraction / 2.506628274631;
    }
    return x < 0.0 ? tail : 1.0 - tail;
}

OptionPricer::OptionPricer(double underlying, std::int64_t left_ns, const Smile& smile, const Rates& rates)
    : smile_(smile) {
    const double left = static_cast<double>(std::max(left_ns, std::int64_t{0}));
    const double years = left / kNanosPerYear;
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
    const double sign = right == market::Right::call ? 1.0 : -1.0;
    const double exercise = std::max(sign * (forward_ - strike), 0.0);
    if (root_years_ <= 0.0) return discount_ * exercise;
    const double deviation = volatility(log_strike) * root_years_;
    const double d1 = (log_forward_ - log_strike) / deviation + 0.5 * deviation;
    const double d2 = d1 - deviation;
    const double value = sign * (forward_ * normal_cdf(sign * d1) - strike * normal_cdf(sign * d2));
    return discount_ * std::max(value, exercise);
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
