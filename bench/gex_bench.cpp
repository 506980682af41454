// Gamma exposure of a chain: us a second (volatilities, surface, levels, flip) for 100 and for 500 options, all of them quoted
// and held. Quotes are made at known volatilities; the totals of every second must be those of these volatilities, or the program
// fails.
//
//   bench_gex [--seconds N]       default 2,000; SPYMASTER_BENCH_SMALL in the environment: 20
//
// Processor time of the thread.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

#include "market/black.hpp"
#include "market/price.hpp"
#include "physics/gamma/gamma_exposure.hpp"
#include "physics/gamma/gex_engine.hpp"
#include "physics/gamma/option_gamma.hpp"
#include "physics/gamma/years_to_expiration.hpp"

namespace spymaster::bench {
namespace {

using market::Right;
using physics::ListedOption;

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kDollar = 1'000'000'000;  // 1e-9
constexpr std::int64_t kOpen = 1'767'709'800 * kSecondNs;
constexpr std::int64_t kExpires = kOpen + 23'400 * kSecondNs;
constexpr std::int64_t kMiddle = 6'950;  // points

double cpu_us() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) * 1e-3;
}

// Most of what is held is out of the money, as it is: calls above, puts below. The total changes sign between them.
double contracts_of(const ListedOption& option) {
    const bool above = option.strike_price_int >= kMiddle * kDollar;
    return above == (option.right == Right::call) ? 1'000.0 : 200.0;
}

double volatility_at(double strike, double spot) {
    return 0.12 + 0.5 * std::abs(strike / spot - 1.0);
}

// A quote of every option at its volatility, and the exposure of calls less puts that they have.
double quote_all(const std::vector<ListedOption>& options, double spot, std::int64_t end,
                 const market::GammaTerms& terms, std::vector<windows::OptionQuote1s>& quotes) {
    const auto forward = physics::forward_of(spot, physics::years_to_expiration(kExpires, end), terms);
    double total = 0.0;
    quotes.clear();
    for (const ListedOption& option : options) {
        const double strike = market::Price{option.strike_price_int}.points();
        const double log_strike = market::portable_log(strike);
        const double volatility = volatility_at(strike, spot);
        const double value = forward.discount * market::black_value(option.right, forward.forward, strike,
                                                                    forward.log_forward - log_strike,
                                                                    volatility * forward.root_years);
        quotes.push_back({.instrument_id = option.instrument_id,
                          .right = option.right,
                          .strike_price_int = option.strike_price_int,
                          .bid_price_int = 1,
                          .ask_price_int = 2,
                          .mid_price = value,
                          .book_valid = true});
        total += terms.sign(option.right) *
                 physics::gamma_exposure(physics::option_gamma(forward, log_strike, volatility),
                                         contracts_of(option), terms.multiplier, spot);
    }
    return total;
}

bool scenario(std::size_t count, std::int64_t step_points, int seconds) {
    const market::GammaTerms& terms = market::gamma_terms(market::ProductType::future_option_mbo);
    std::vector<ListedOption> options;
    const auto strikes = static_cast<std::int64_t>(count / 2);
    for (std::int64_t i = 0; i < strikes; ++i) {
        const std::int64_t strike = (kMiddle + (i - strikes / 2) * step_points) * kDollar;
        for (const Right right : {Right::call, Right::put})
            options.push_back({.instrument_id = static_cast<std::int64_t>(options.size()),
                               .right = right,
                               .strike_price_int = strike,
                               .expiration_ns = kExpires});
    }
    physics::GexEngine engine(terms, options);
    for (const ListedOption& option : options)
        engine.set_open_interest(option.instrument_id, contracts_of(option));
    std::vector<windows::OptionQuote1s> quotes;
    double us = 0.0, worst = 0.0;
    std::int64_t priced = 0;
    int flips = 0;
    for (int second = 1; second <= seconds; ++second) {
        const double spot = 6'950.0 + 5.0 * std::sin(second * 0.01);
        const std::int64_t end = kOpen + second * kSecondNs;
        const double expected = quote_all(options, spot, end, terms, quotes);
        const double start = cpu_us();
        const physics::GexWindow& window = engine.close({.window_start_ts_ns = end - kSecondNs,
                                                         .window_end_ts_ns = end,
                                                         .spot_ref_price_int = std::llround(spot * 1e9),
                                                         .underlying_mid = spot,
                                                         .window_valid = true,
                                                         .quotes = quotes});
        us += cpu_us() - start;
        priced += window.levels.options_priced;
        flips += window.levels.flip_price_int ? 1 : 0;
        const double size = window.levels.gex_call_total + window.levels.gex_put_total;
        worst = std::max(worst, std::abs(window.levels.gex_total - expected) / size);
    }
    std::printf(
        "%4zu options: %8.1f us a second, %6.3f us an option; %.0f priced a second, totals within %.1e\n",
        options.size(), us / seconds, us / seconds / static_cast<double>(options.size()),
        static_cast<double>(priced) / seconds, worst);
    // What is worth less than 1e-10 of the underlying has no volatility, and is missing in the totals.
    return flips == seconds && worst < 1e-6 &&
           priced > static_cast<std::int64_t>(options.size()) * seconds * 8 / 10;
}

}  // namespace
}  // namespace spymaster::bench

int main(int argc, char** argv) {
    int seconds = std::getenv("SPYMASTER_BENCH_SMALL") != nullptr ? 20 : 2'000;
    if (argc == 3 && std::strcmp(argv[1], "--seconds") == 0) seconds = std::max(std::atoi(argv[2]), 1);
    const bool right =
        spymaster::bench::scenario(100, 5, seconds) && spymaster::bench::scenario(500, 1, seconds);
    if (!right) std::puts("WRONG: totals are not those of the volatilities that the quotes were made with");
    return right ? 0 : 1;
}
