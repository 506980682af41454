#include "feed/simulated/option_pricing.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace spymaster::feed {
namespace {

using market::Right;

constexpr std::int64_t kHourNs = 3'600LL * 1'000'000'000;

OptionPricer pricer(double underlying, std::int64_t left_ns, const Rates& rates = {}) {
    return {underlying, left_ns, Smile{}, rates};
}
double value(const OptionPricer& pricer, Right right, double strike) {
    return pricer.value(right, strike, std::log(strike));
}

// Black's formula with the C library's functions, undiscounted.
TEST(OptionPricing, BlacksFormula) {
    const OptionPricer now = pricer(6'950.0, 5 * kHourNs);
    for (double strike = 6'700.0; strike <= 7'200.0; strike += 5.0) {
        const double years = 5.0 / (365.0 * 24.0);
        const double deviation = now.volatility(std::log(strike)) * std::sqrt(years);
        const double d1 = std::log(6'950.0 / strike) / deviation + 0.5 * deviation;
        const auto n = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
        const double call = 6'950.0 * n(d1) - strike * n(d1 - deviation);
        EXPECT_NEAR(value(now, Right::call, strike), std::max(call, 6'950.0 - strike), 1e-8) << strike;
    }
    // By hand: at the money, forward * deviation / sqrt(2 pi) and a little less.
    const double deviation = now.volatility(std::log(6'950.0)) * std::sqrt(5.0 / (365.0 * 24.0));
    EXPECT_NEAR(value(now, Right::call, 6'950.0), 6'950.0 * deviation * 0.39894228, 1e-3);
}

TEST(OptionPricing, CallLessPutIsTheDiscountedForwardLessTheStrike) {
    for (const std::int64_t left : {30 * kHourNs, 6 * kHourNs, kHourNs, kHourNs / 360}) {
        const OptionPricer now = pricer(690.0, left, {.rate = 0.037, .carry = 0.026});
        EXPECT_GT(now.forward(), 690.0);
        for (double strike = 600.0; strike <= 780.0; strike += 1.0) {
            const double call = value(now, Right::call, strike);
            const double put = value(now, Right::put, strike);
            ASSERT_NEAR(call - put, now.discount() * (now.forward() - strike), 1e-9) << strike << " " << left;
        }
    }
}

// No free lunch between strikes: a call is worth less the higher the strike, by less than the difference, and
// twice the middle is at most the sum of its neighbours.
TEST(OptionPricing, NoArbitrageBetweenStrikes) {
    for (const std::int64_t left : {24 * kHourNs, 6 * kHourNs, kHourNs, kHourNs / 60, kHourNs / 3'600}) {
        const OptionPricer now = pricer(6'950.0, left);
        std::vector<double> calls;
        std::vector<double> puts;
        for (double strike = 6'300.0; strike <= 7'600.0; strike += 5.0) {
            calls.push_back(value(now, Right::call, strike));
            puts.push_back(value(now, Right::put, strike));
        }
        constexpr double kRounding = 1e-8;
        for (std::size_t i = 1; i < calls.size(); ++i) {
            ASSERT_LE(calls[i], calls[i - 1] + kRounding) << i << " " << left;
            ASSERT_GE(calls[i], calls[i - 1] - 5.0 - kRounding) << i << " " << left;
            ASSERT_GE(puts[i], puts[i - 1] - kRounding) << i << " " << left;
            if (i < 2) continue;
            // The smile has a bend where it becomes flat, where nothing is worth a thousandth of a tick.
            ASSERT_LE(2.0 * calls[i - 1], calls[i] + calls[i - 2] + 5e-5) << i << " " << left;
        }
    }
}

TEST(OptionPricing, WithinBounds) {
    for (const std::int64_t left : {6 * kHourNs, kHourNs / 600, std::int64_t{0}, -kHourNs}) {
        const OptionPricer now = pricer(6'951.25, left, {.rate = 0.037, .carry = 0.0});
        for (double strike = 6'000.0; strike <= 8'000.0; strike += 12.5) {
            const double call = value(now, Right::call, strike);
            const double put = value(now, Right::put, strike);
            ASSERT_GE(call, now.discount() * std::max(now.forward() - strike, 0.0));
            ASSERT_LE(call, now.discount() * now.forward());
            ASSERT_GE(put, now.discount() * std::max(strike - now.forward(), 0.0));
            ASSERT_LE(put, now.discount() * strike);
        }
        if (left > 0) continue;
        EXPECT_EQ(value(now, Right::call, 6'950.0), 1.25);  // expired
        EXPECT_EQ(value(now, Right::put, 6'950.0), 0.0);
    }
}

TEST(OptionPricing, TheSmileIsSkewedAndRises) {
    const OptionPricer morning = pricer(6'950.0, 6 * kHourNs);
    const OptionPricer evening = pricer(6'950.0, kHourNs / 2);
    const auto at = [](const OptionPricer& now, double strike) { return now.volatility(std::log(strike)); };
    EXPECT_GT(at(morning, 6'850.0), at(morning, 6'950.0) * 1.1);
    EXPECT_GT(at(morning, 6'850.0), at(morning, 7'050.0) * 1.1);
    EXPECT_GT(at(morning, 7'250.0), at(morning, 7'000.0));  // high strikes rise too, far out
    EXPECT_GT(at(evening, 6'950.0), at(morning, 6'950.0) * 1.1);
    EXPECT_EQ(at(morning, 3'000.0), at(morning, 2'000.0));  // flat beyond
}

TEST(OptionPricing, TicksOfFutureOptions) {
    const PremiumTicks& ticks = kFutureOptionTicks;
    EXPECT_EQ(ticks.floor(9.99), 199);
    EXPECT_EQ(ticks.floor(10.0), 200);
    EXPECT_EQ(ticks.floor(10.24), 200);
    EXPECT_EQ(ticks.floor(10.25), 205);
    EXPECT_EQ(ticks.floor(0.049), 0);
    EXPECT_EQ(ticks.floor(-1.0), 0);
    EXPECT_EQ(ticks.ceil(10.01), 205);
    EXPECT_EQ(ticks.ceil(10.0), 200);
    EXPECT_EQ(ticks.ceil(0.01), 1);
    EXPECT_EQ(ticks.up(199), 200);
    EXPECT_EQ(ticks.up(200), 205);
    EXPECT_EQ(ticks.down(205), 200);
    EXPECT_EQ(ticks.down(200), 199);
    for (std::int32_t tick = 1; tick < 2'000; ++tick) {
        const double points = tick * 0.05;
        ASSERT_TRUE(ticks.is_price(ticks.floor(points)));
        if (!ticks.is_price(tick)) continue;
        ASSERT_EQ(ticks.floor(points), tick);
        ASSERT_EQ(ticks.ceil(points), tick);
        ASSERT_EQ(ticks.down(ticks.up(tick)), tick);
    }
}

TEST(OptionPricing, TicksOfEquityOptions) {
    EXPECT_EQ(kEquityOptionTicks.floor(3.019), 301);
    EXPECT_EQ(kEquityOptionTicks.ceil(3.011), 302);
    EXPECT_EQ(kEquityOptionTicks.up(301), 302);
    EXPECT_EQ(kEquityOptionTicks.down(1), 0);
    for (std::int32_t tick = 1; tick < 3'000; ++tick) ASSERT_EQ(kEquityOptionTicks.floor(tick * 0.01), tick);
}

}  // namespace
}  // namespace spymaster::feed
