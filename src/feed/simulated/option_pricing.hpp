// What an option is worth, from the price of its underlying and the time that is left: Black's formula on the
// forward, discounted (Black 1976; with forward = spot e^(carry t) it is Black-Scholes 1973), with a volatility
// smile.
//
// Only + - * / and the square root, which IEEE rounds exactly: the same arguments give the same bits on every
// machine. Any thread.
#pragma once

#include <cstdint>

#include "market/right.hpp"

namespace spymaster::feed {

// Volatility a year, over k = ln(strike / forward) / sqrt(years left), over which smiles of all expiries look
// alike:
//   base (1 + slope k + bend (sqrt(k^2 + 1/4) - 1/2)) (1 + rush e^(-hours left)),   k held within +-2.5
struct Smile {
    double base = 0.13;
    double slope = -0.5;  // negative: low strikes are dearer
    double bend = 0.8;
    double rush = 0.35;  // more in the last hours
};

// Continuous, a year. An option on a future has no carry.
struct Rates {
    double rate = 0.0;   // discounts the payment
    double carry = 0.0;  // forward = price of the underlying * e^(carry * years)
};

// Values of all options of one expiry at one moment. What does not depend on the strike is worked out once.
class OptionPricer {
  public:
    // `left_ns` to the expiry; 0 or less: only what exercise pays. REQUIRES: underlying > 0.
    OptionPricer(double underlying, std::int64_t left_ns, const Smile& smile, const Rates& rates);

    [[nodiscard]] double forward() const { return forward_; }
    [[nodiscard]] double discount() const { return discount_; }
    // REQUIRES: log_strike = ln strike.
    [[nodiscard]] double volatility(double log_strike) const;
    // At least the discounted difference between forward and strike, where that is in the holder's favour.
    // REQUIRES: strike > 0, log_strike = ln strike.
    [[nodiscard]] double value(market::Right right, double strike, double log_strike) const;

  private:
    Smile smile_;
    double forward_;
    double log_forward_;
    double discount_;
    double root_years_;  // sqrt of the years left; 0: expired
    double base_;        // volatility, rush included
};

// Which premiums there can be. Ticks count the price in units of small_tick; from `change` on, only every
// ratio-th of them is a price.
//   options on ES: 0.05 up to and including 10.00, above 0.25 (the rule CME's contract has)
//   options on SPY: 0.01 everywhere (all of its classes trade in pennies)
struct PremiumTicks {
    std::int64_t small_tick = 0;  // 1e-9
    std::int32_t change = 0;
    std::int32_t ratio = 1;

    // The highest price at or below, the lowest at or above `points`; at least 0.
    [[nodiscard]] std::int32_t floor(double points) const;
    [[nodiscard]] std::int32_t ceil(double points) const;
    // The next price up or down. down(0) is -1.
    [[nodiscard]] std::int32_t up(std::int32_t tick) const { return tick + (tick < change ? 1 : ratio); }
    [[nodiscard]] std::int32_t down(std::int32_t tick) const { return tick - (tick <= change ? 1 : ratio); }
    [[nodiscard]] bool is_price(std::int32_t tick) const { return tick <= change || tick % ratio == 0; }
    [[nodiscard]] double points(std::int32_t tick) const {
        return static_cast<double>(tick) * static_cast<double>(small_tick) * 1e-9;
    }
};
inline constexpr PremiumTicks kFutureOptionTicks{.small_tick = 50'000'000, .change = 200, .ratio = 5};
inline constexpr PremiumTicks kEquityOptionTicks{.small_tick = 10'000'000, .change = 0, .ratio = 1};

}  // namespace spymaster::feed
