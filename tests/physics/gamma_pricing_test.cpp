// Black's formula, its greeks and its inverse: against QuantLib's numbers, and for what must hold of any.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "market/black.hpp"
#include "physics/gamma/exposure_imbalance.hpp"
#include "physics/gamma/gamma_exposure.hpp"
#include "physics/gamma/implied_volatility.hpp"
#include "physics/gamma/option_gamma.hpp"
#include "physics/gamma/option_vega.hpp"
#include "physics/gamma/years_to_expiration.hpp"

namespace spymaster::physics {
namespace {

using market::Right;

constexpr market::GammaTerms kOnFuture{.rate = 0.05, .carry = 0.0};
constexpr market::GammaTerms kOnShare{.rate = 0.05, .carry = 0.05};
constexpr double kSecond = 1.0 / (365.0 * 86'400.0);

double value(Right right, double strike, double volatility, const Forward& forward) {
    return forward.discount * market::black_value(right, forward.forward, strike,
                                                  forward.log_forward - market::portable_log(strike),
                                                  volatility * forward.root_years);
}

std::optional<double> implied(Right right, double mid, double strike, const Forward& forward) {
    return implied_volatility(right, mid, strike, market::portable_log(strike), forward);
}

// How far a volatility may be off when the price it comes from is known to the rounding of the forward.
double from_rounding(double strike, double volatility, const Forward& forward) {
    const double vega = option_vega(forward.forward, forward.log_forward - market::portable_log(strike),
                                    volatility * forward.root_years);
    return 4e-16 * forward.forward / (vega * forward.root_years) + 1e-10 * volatility;
}

struct QuantLibRow {
    double underlying, carry;
    Right right;
    double strike, seconds, volatility, value, gamma, vega, implied;
};

std::vector<QuantLibRow> quantlib_rows() {
    std::ifstream file(std::string(SPYMASTER_SOURCE_DIR) + "/tests/physics/quantlib_values.csv");
    std::vector<QuantLibRow> rows;
    std::string line;
    for (int header = 0; header < 2; ++header) std::getline(file, line);
    while (std::getline(file, line)) {
        std::vector<std::string> cells;
        std::stringstream parts(line);
        for (std::string cell; std::getline(parts, cell, ',');) cells.push_back(cell);
        const auto number = [&cells](std::size_t i) { return std::stod(cells.at(i)); };
        rows.push_back({number(0), number(1), cells.at(2) == "C" ? Right::call : Right::put, number(3),
                        number(4), number(5), number(6), number(7), number(8), number(9)});
    }
    return rows;
}

TEST(GammaAgainstQuantLib, ValuesGreeksAndImpliedVolatilities) {
    const auto rows = quantlib_rows();
    ASSERT_EQ(rows.size(), 420U);
    int inverted = 0;
    for (const QuantLibRow& row : rows) {
        SCOPED_TRACE(fmt::format("{} {} {} s vol {}", market::letter(row.right), row.strike, row.seconds,
                                 row.volatility));
        const market::GammaTerms& terms = row.carry == 0.0 ? kOnFuture : kOnShare;
        const Forward forward = forward_of(row.underlying, row.seconds * kSecond, terms);
        const double log_strike = market::portable_log(row.strike);
        EXPECT_NEAR(value(row.right, row.strike, row.volatility, forward), row.value, 1e-15 * row.underlying);
        // ln(F/K) / s is known to so much; its square stands in the exponent of the density.
        const double deviation = row.volatility * forward.root_years;
        const double relative = 1e-12 + 3e-15 / deviation * 6.0;
        EXPECT_NEAR(option_gamma(forward, log_strike, row.volatility) / row.gamma, 1.0, relative);
        const double vega = forward.discount * forward.root_years *
                            option_vega(forward.forward, forward.log_forward - log_strike, deviation);
        EXPECT_NEAR(vega / row.vega, 1.0, relative);
        const auto volatility = implied(row.right, row.value, row.strike, forward);
        const double sign = row.right == Right::call ? 1.0 : -1.0;
        const double exercise = std::max(sign * (forward.forward - row.strike), 0.0);
        if (row.value / forward.discount - exercise < 2e-10 * row.underlying)
            continue;  // within its rounding
        ASSERT_TRUE(volatility.has_value());
        EXPECT_NEAR(*volatility, row.volatility, 4.0 * from_rounding(row.strike, row.volatility, forward));
        EXPECT_NEAR(*volatility, row.implied, 4.0 * from_rounding(row.strike, row.volatility, forward));
        ++inverted;
    }
    EXPECT_GT(inverted, 350);
}

// A chain of any underlying, time and strike, in deviations from the forward.
struct Drawn {
    Forward forward;
    double strike;
    double volatility;
};

Drawn drawn() {
    const auto between = [](double low, double high) {
        return low + (high - low) * *rc::gen::inRange(0, 1'000'001) * 1e-6;
    };
    const double seconds = std::exp(between(0.0, std::log(30.0 * 86'400.0)));
    const double volatility = std::exp(between(std::log(0.02), std::log(3.0)));
    const auto& terms = *rc::gen::arbitrary<bool>() ? kOnFuture : kOnShare;
    const Forward forward = forward_of(std::exp(between(0.0, 9.0)), seconds * kSecond, terms);
    const double strike = forward.forward * std::exp(between(-5.8, 5.8) * volatility * forward.root_years);
    return {forward, strike, volatility};
}

RC_GTEST_PROP(Gamma, CallLessPutIsTheDiscountedForwardLessTheStrike, ()) {
    const Drawn d = drawn();
    const double call = value(Right::call, d.strike, d.volatility, d.forward);
    const double put = value(Right::put, d.strike, d.volatility, d.forward);
    const double parity = d.forward.discount * (d.forward.forward - d.strike);
    RC_ASSERT(std::abs(call - put - parity) <= 1e-14 * (d.forward.forward + d.strike));
}

RC_GTEST_PROP(Gamma, ValueGrowsWithVolatilityAndCallsFallWithTheStrike, ()) {
    const Drawn d = drawn();
    for (const Right right : {Right::call, Right::put}) {
        const double now = value(right, d.strike, d.volatility, d.forward);
        const double rounding = 1e-15 * d.forward.forward;
        RC_ASSERT(value(right, d.strike, d.volatility * 1.01, d.forward) >= now - rounding);
        const double higher = value(right, d.strike * 1.0001, d.volatility, d.forward);
        RC_ASSERT((right == Right::call ? higher <= now + rounding : higher >= now - rounding));
    }
}

RC_GTEST_PROP(Gamma, VolatilityComesBackFromThePrice, ()) {
    const Drawn d = drawn();
    for (const Right right : {Right::call, Right::put}) {
        const double price = value(right, d.strike, d.volatility, d.forward);
        const double sign = right == Right::call ? 1.0 : -1.0;
        const double time_value =
            price / d.forward.discount - std::max(sign * (d.forward.forward - d.strike), 0.0);
        if (time_value < 2e-10 * d.forward.forward) continue;
        const auto volatility = implied(right, price, d.strike, d.forward);
        RC_ASSERT(volatility.has_value());
        RC_ASSERT(std::abs(*volatility - d.volatility) <=
                  8.0 * from_rounding(d.strike, d.volatility, d.forward));
        RC_ASSERT(std::abs(value(right, d.strike, *volatility, d.forward) - price) <=
                  4e-15 * (d.forward.forward + d.strike));
    }
}

// Whatever price a quote may have: none, or a volatility that gives that price.
RC_GTEST_PROP(Gamma, AVolatilityGivesThePriceOrThereIsNone, ()) {
    const Drawn d = drawn();
    const double share = *rc::gen::inRange(-100, 1'200) * 1e-3;
    const Right right = *rc::gen::arbitrary<bool>() ? Right::call : Right::put;
    const double most = d.forward.discount * (right == Right::call ? d.forward.forward : d.strike);
    const double mid = share * most;
    const auto volatility = implied(right, mid, d.strike, d.forward);
    const double sign = right == Right::call ? 1.0 : -1.0;
    const double least = d.forward.discount * std::max(sign * (d.forward.forward - d.strike), 0.0);
    if (mid <= least || mid >= most) RC_ASSERT(!volatility);
    if (!volatility) {
        const double cheapest = value(right, d.strike, 1e-3, d.forward);
        RC_ASSERT(
            (mid <= std::max(cheapest, least) + 2e-10 * d.forward.forward || mid >= most * (1.0 - 1e-9)));
        return;
    }
    RC_ASSERT(*volatility >= 1e-3);
    RC_ASSERT(std::abs(value(right, d.strike, *volatility, d.forward) - mid) <=
              1e-13 * (d.forward.forward + d.strike));
}

TEST(Gamma, IsTheSecondDifferenceOfTheValue) {
    for (const market::GammaTerms& terms : {kOnFuture, kOnShare}) {
        for (const double strike : {6'920.0, 6'950.0, 6'990.0}) {
            const double years = 5.0 / (365.0 * 24.0);
            const auto at = [&](double underlying) {
                return value(Right::call, strike, 0.15, forward_of(underlying, years, terms));
            };
            const double numeric = (at(6'950.5) - 2.0 * at(6'950.0) + at(6'949.5)) / 0.25;
            const double gamma =
                option_gamma(forward_of(6'950.0, years, terms), market::portable_log(strike), 0.15);
            EXPECT_NEAR(gamma, numeric, 1e-6) << strike;
            EXPECT_GT(gamma, 1e-4);
        }
    }
}

TEST(ImpliedVolatility, NoneWhereThePriceIsAnArbitrage) {
    const Forward forward = forward_of(100.0, 30.0 / 365.0, {.rate = 0.05, .carry = 0.0});
    const double D = forward.discount;
    // At, below and just above the discounted exercise value.
    EXPECT_FALSE(implied(Right::call, 10.0 * D, 90.0, forward));
    EXPECT_FALSE(implied(Right::call, 9.0 * D, 90.0, forward));
    EXPECT_FALSE(implied(Right::put, 10.0 * D - 1e-9, 110.0, forward));
    EXPECT_TRUE(implied(Right::call, 10.0 * D + 1e-3, 90.0, forward));
    EXPECT_TRUE(implied(Right::put, 10.0 * D + 1e-3, 110.0, forward));
    // At and above what it can be worth at most.
    EXPECT_FALSE(implied(Right::call, 100.0 * D, 110.0, forward));
    EXPECT_FALSE(implied(Right::put, 110.0 * D, 110.0, forward));
    EXPECT_FALSE(implied(Right::put, 1'000.0, 110.0, forward));
    EXPECT_TRUE(implied(Right::call, 99.9 * D, 110.0, forward));
    // No price, and no time.
    for (const double mid : {0.0, -1.0, std::nan("")})
        EXPECT_FALSE(implied(Right::call, mid, 100.0, forward));
    EXPECT_FALSE(implied(Right::call, 1.0, 100.0, Forward{.forward = 100.0, .discount = 1.0}));
}

TEST(ImpliedVolatility, NoneWhereItWouldBeBelowATenthOfAPercent) {
    const Forward forward = forward_of(100.0, 1.0, kOnFuture);
    EXPECT_FALSE(implied(Right::call, value(Right::call, 100.0, 0.0009, forward), 100.0, forward));
    EXPECT_TRUE(implied(Right::call, value(Right::call, 100.0, 0.0011, forward), 100.0, forward));
}

// The row of the vectors' notes, by the corrected solver: the same quote has a volatility that gives it.
TEST(ImpliedVolatility, OfTheVectorsQuote) {
    const Forward forward = forward_of(6'950.5, 0.0008560692541856926, kOnFuture);
    const auto volatility = implied(Right::put, 7.0, 6'940.0, forward);
    ASSERT_TRUE(volatility);
    EXPECT_NEAR(value(Right::put, 6'940.0, *volatility, forward), 7.0, 1e-11);
    EXPECT_NEAR(*volatility, 0.1417989495376558, 1e-4);  // three steps come near
}

TEST(GammaExposure, IsDollarsPerPercent) {
    // A gamma of 0.01 on 10 contracts of 50 dollars a point: 5 units a point; 1 % of 7000 is 70 points, of 7000 * 50.
    EXPECT_DOUBLE_EQ(gamma_exposure(0.01, 10.0, 50.0, 7'000.0), 0.01 * 10.0 * 70.0 * 7'000.0 * 50.0);
    EXPECT_EQ(gamma_exposure(0.01, 0.0, 50.0, 7'000.0), 0.0);
    EXPECT_EQ(exposure_imbalance(-3.0, 3.0), -1.0);
    EXPECT_EQ(exposure_imbalance(0.0, 0.0), 0.0);
    EXPECT_EQ(
        years_to_expiration(1'767'733'200'000'000'000, 1'767'733'200'000'000'000 - 31'536'000'000'000'000),
        1.0);
}

}  // namespace
}  // namespace spymaster::physics
