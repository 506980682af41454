// The engine of gamma exposure: its grid, what it knows when, its levels; against a plain twin on random chains.
#include "physics/gamma/gex_engine.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>

#include "market/black.hpp"
#include "market/price.hpp"
#include "plain_gex.hpp"

namespace spymaster::physics::testing {
namespace {

using market::Right;
using windows::OptionQuote1s;

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kDollar = 1'000'000'000;
constexpr std::int64_t kOpen = 1'767'710'000 * kSecondNs;
constexpr std::int64_t kExpires = kOpen + 10 * 86'400 * kSecondNs;
constexpr market::GammaTerms kTerms{.multiplier = 50.0, .strikes_per_side = 2};

ListedOption option(std::int64_t id, Right right, std::int64_t strike_points,
                    std::int64_t expires = kExpires) {
    return {.instrument_id = id,
            .right = right,
            .strike_price_int = strike_points * kDollar,
            .expiration_ns = expires};
}

// What Black's formula gives at a volatility, as a quote.
OptionQuote1s quote_at(const ListedOption& option, double volatility, double underlying, std::int64_t end_ns,
                       const market::GammaTerms& terms = kTerms) {
    const double years = static_cast<double>(option.expiration_ns - end_ns) / (365.0 * 86'400e9);
    const Forward forward = forward_of(underlying, years, terms);
    const double strike = market::Price{option.strike_price_int}.points();
    const double value =
        forward.discount * market::black_value(option.right, forward.forward, strike,
                                               forward.log_forward - market::portable_log(strike),
                                               volatility * forward.root_years);
    return {.instrument_id = option.instrument_id,
            .right = option.right,
            .strike_price_int = option.strike_price_int,
            .bid_price_int = 1,
            .ask_price_int = 2,
            .mid_price = value,
            .mid_price_int = value * 1e9,
            .book_valid = true};
}

// Calls with odd ids and puts with even ones at strikes 100, 105, ... as far as given; 10 contracts of each are open.
struct Chain {
    explicit Chain(std::vector<std::int64_t> strikes, const market::GammaTerms& terms = kTerms)
        : options(listed(strikes)), engine(terms, options) {
        for (const ListedOption& each : options) engine.set_open_interest(each.instrument_id, 10.0);
    }

    static std::vector<ListedOption> listed(const std::vector<std::int64_t>& strikes) {
        std::vector<ListedOption> options;
        for (const std::int64_t strike : strikes) {
            const auto id = static_cast<std::int64_t>(options.size());
            options.push_back(option(id + 1, Right::call, strike));
            options.push_back(option(id + 2, Right::put, strike));
        }
        return options;
    }

    // Every option quoted at 20 %, in the `nth` second.
    const GexWindow& second(int nth, double spot, bool valid = true, std::int64_t epoch = 1) {
        quotes.clear();
        for (const ListedOption& each : options)
            quotes.push_back(quote_at(each, 0.2, spot, kOpen + (nth + 1) * kSecondNs));
        return close(nth, spot, valid, epoch);
    }
    const GexWindow& close(int nth, double spot, bool valid = true, std::int64_t epoch = 1) {
        return engine.close({.window_start_ts_ns = kOpen + nth * kSecondNs,
                             .window_end_ts_ns = kOpen + (nth + 1) * kSecondNs,
                             .spot_ref_price_int = std::llround(spot * 1e9),
                             .underlying_mid = spot,
                             .window_valid = valid,
                             .epoch = epoch,
                             .quotes = quotes});
    }

    std::vector<ListedOption> options;
    GexEngine engine;
    std::vector<OptionQuote1s> quotes;
};

std::vector<std::int64_t> strikes_of(const GexWindow& window) {
    std::vector<std::int64_t> strikes;
    for (const GexStrike1s& row : window.strikes) strikes.push_back(row.strike_price_int / kDollar);
    return strikes;
}

using Strikes = std::vector<std::int64_t>;

TEST(GexGrid, IsTheListedStrikesAroundTheNearestTiesUp) {
    Chain chain({100, 105, 110, 115, 120, 125, 130});
    EXPECT_EQ(strikes_of(chain.second(0, 115.0)), (Strikes{105, 110, 115, 120, 125}));
    EXPECT_EQ(strikes_of(chain.second(1, 112.4)), (Strikes{100, 105, 110, 115, 120}));
    EXPECT_EQ(strikes_of(chain.second(2, 112.5)), (Strikes{105, 110, 115, 120, 125}));  // halfway
    EXPECT_EQ(strikes_of(chain.second(3, 112.6)), (Strikes{105, 110, 115, 120, 125}));
}

TEST(GexGrid, EndsWithTheListAndKnowsNoStrikesInItsGaps) {
    Chain chain({100, 105, 120, 121, 180});
    EXPECT_EQ(strikes_of(chain.second(0, 90.0)), (Strikes{100, 105, 120}));
    EXPECT_EQ(strikes_of(chain.second(1, 101.0)), (Strikes{100, 105, 120}));
    EXPECT_EQ(strikes_of(chain.second(2, 112.0)), (Strikes{100, 105, 120, 121}));
    EXPECT_EQ(strikes_of(chain.second(3, 119.0)), (Strikes{100, 105, 120, 121, 180}));
    EXPECT_EQ(strikes_of(chain.second(4, 500.0)), (Strikes{120, 121, 180}));
}

TEST(GexGrid, IsThereInEverySecondWithASpotAndInNoOther) {
    Chain chain({100, 105});
    const GexWindow& unquoted = chain.close(0, 101.0);
    EXPECT_EQ(unquoted.strikes.size(), 2U);
    EXPECT_EQ(unquoted.strikes[0].gex_abs, 0.0);
    EXPECT_EQ(unquoted.strikes[0].gex_imbalance_ratio, 0.0);
    EXPECT_FALSE(unquoted.strikes[0].call_implied_volatility);
    EXPECT_EQ(unquoted.strikes[0].call_open_interest, 10.0);
    EXPECT_EQ(unquoted.levels.options_unpriced, 4);
    EXPECT_FALSE(unquoted.levels.flip_price_int || unquoted.levels.call_wall_price_int ||
                 unquoted.levels.put_wall_price_int);
    const GexWindow& nowhere = chain.close(1, 0.0);
    EXPECT_TRUE(nowhere.strikes.empty());
    EXPECT_FALSE(nowhere.levels.window_valid);
    EXPECT_EQ(nowhere.levels.underlying_mid, 0.0);
    EXPECT_EQ(nowhere.levels.options_unpriced, 4);
}

TEST(GexEngine, PricesFromTheMiddleAndElseFromTheAnchor) {
    Chain chain({100, 105});
    chain.second(0, 101.0);
    const GexWindow at_middle = chain.close(0, 101.0);
    GexSecond second{.window_start_ts_ns = kOpen,
                     .window_end_ts_ns = kOpen + kSecondNs,
                     .spot_ref_price_int = 101 * kDollar,
                     .underlying_mid = 0.0,
                     .window_valid = true,
                     .epoch = 1,
                     .quotes = chain.quotes};
    EXPECT_EQ(chain.engine.close(second).strikes, at_middle.strikes);
    second.underlying_mid = 101.5;  // the strikes stay centred on the anchor, the prices follow the middle
    const GexWindow& moved = chain.engine.close(second);
    EXPECT_EQ(moved.levels.underlying_mid, 101.5);
    EXPECT_NE(moved.strikes[0].gex_abs, at_middle.strikes[0].gex_abs);
}

TEST(GexEngine, CallsAlonePutsAloneAndAllExpired) {
    for (const Right right : {Right::call, Right::put}) {
        std::vector<ListedOption> options{option(1, right, 100), option(2, right, 105)};
        GexEngine engine(kTerms, options);
        std::vector<OptionQuote1s> quotes;
        for (const ListedOption& each : options) {
            engine.set_open_interest(each.instrument_id, 5.0);
            quotes.push_back(quote_at(each, 0.2, 101.0, kOpen + kSecondNs));
        }
        GexSecond second{.window_start_ts_ns = kOpen,
                         .window_end_ts_ns = kOpen + kSecondNs,
                         .spot_ref_price_int = 101 * kDollar,
                         .underlying_mid = 101.0,
                         .window_valid = true,
                         .quotes = quotes};
        const GexWindow window = engine.close(second);
        const double sign = right == Right::call ? 1.0 : -1.0;
        EXPECT_EQ(window.levels.options_priced, 2);
        EXPECT_EQ(window.levels.gex_total,
                  sign * (window.levels.gex_call_total + window.levels.gex_put_total));
        EXPECT_GT(sign * window.levels.gex_total, 0.0);
        EXPECT_EQ(window.strikes[0].gex_imbalance_ratio, sign);
        EXPECT_EQ(window.levels.call_wall_price_int.has_value(), right == Right::call);
        EXPECT_EQ(window.levels.put_wall_price_int.has_value(), right == Right::put);
        EXPECT_FALSE(window.levels.flip_price_int);
        // At the moment of expiration and after it nothing has a volatility.
        for (const std::int64_t end : {kExpires, kExpires + kSecondNs}) {
            second.window_start_ts_ns = end - kSecondNs;
            second.window_end_ts_ns = end;
            const GexWindow& expired = engine.close(second);
            EXPECT_EQ(expired.levels.options_unpriced, 2);
            EXPECT_EQ(expired.levels.gex_total, 0.0);
            EXPECT_EQ(expired.strikes.size(), 2U);
        }
    }
}

TEST(GexEngine, QuotesThatAreNoPriceAreNone) {
    Chain chain({100, 105, 110});
    EXPECT_EQ(chain.second(0, 104.0).levels.options_priced, 6);
    chain.quotes[0].book_valid = false;
    chain.quotes[1].bid_price_int = 0;
    chain.quotes[2].ask_price_int = chain.quotes[2].bid_price_int;
    chain.quotes[3].mid_price = 1'000.0;  // a put is never worth more than its strike
    chain.quotes.push_back(
        quote_at(option(99, Right::call, 100), 0.2, 104.0, kOpen + kSecondNs));  // of no option known
    const GexWindow& window = chain.close(0, 104.0);
    EXPECT_EQ(window.levels.options_priced, 2);
    EXPECT_EQ(window.levels.options_unpriced, 4);
    EXPECT_EQ(window.strikes[0].gex_abs, 0.0);
    EXPECT_FALSE(window.strikes[1].put_implied_volatility);
    EXPECT_NEAR(*window.strikes[2].call_implied_volatility, 0.2, 1e-9);
}

TEST(GexEngine, MultiplierIsTheDefinitionsWhereItHasOne) {
    std::vector<ListedOption> options{option(1, Right::call, 100), option(2, Right::put, 100)};
    options[1].multiplier = 5.0;
    GexEngine engine(kTerms, options);
    std::vector<OptionQuote1s> quotes;
    for (const ListedOption& each : options) {
        engine.set_open_interest(each.instrument_id, 1.0);
        quotes.push_back(quote_at(each, 0.2, 100.0, kOpen + kSecondNs));
    }
    const GexWindow& window = engine.close({.window_start_ts_ns = kOpen,
                                            .window_end_ts_ns = kOpen + kSecondNs,
                                            .spot_ref_price_int = 100 * kDollar,
                                            .underlying_mid = 100.0,
                                            .window_valid = true,
                                            .quotes = quotes});
    EXPECT_NEAR(window.levels.gex_call_total / window.levels.gex_put_total, 10.0, 1e-9);
}

TEST(GexEngine, OpenInterestCountsFromTheSecondInWhichItIsKnown) {
    Chain chain({100, 105, 110}), told({100, 105, 110});
    EXPECT_EQ(chain.second(0, 104.0), told.second(0, 104.0));
    told.engine.set_open_interest(3, 30.0);  // the call at 105
    told.engine.set_open_interest(999, 30.0);
    const GexWindow& before = chain.second(1, 104.0);
    const GexWindow& after = told.second(1, 104.0);
    EXPECT_EQ(after.strikes[1].call_open_interest, 30.0);
    EXPECT_NEAR(after.strikes[1].gex_call_abs, 3.0 * before.strikes[1].gex_call_abs,
                1e-9 * after.strikes[1].gex_call_abs);
    EXPECT_EQ(after.strikes[0], before.strikes[0]);
    EXPECT_EQ(after.strikes[1].gex_put_abs, before.strikes[1].gex_put_abs);
    told.engine.set_open_interest(3, 0.0);
    EXPECT_EQ(told.second(2, 104.0).levels.options_priced, 5);
    EXPECT_TRUE(
        told.second(3, 104.0).strikes[1].call_implied_volatility);  // priced still, as it is on the surface
}

TEST(GexDerivatives, FollowAStrikeAndForgetItWithTheData) {
    Chain chain({100, 105, 110, 115, 120, 125, 130});
    const auto abs_at = [](const GexWindow& window, std::int64_t strike) {
        return *std::ranges::find(window.strikes, strike * kDollar, &GexStrike1s::strike_price_int);
    };
    const GexStrike1s first = abs_at(chain.second(0, 115.0), 115);
    EXPECT_EQ(first.of_gex_abs, Changes{});
    const GexStrike1s second = abs_at(chain.second(1, 116.0), 115);
    EXPECT_EQ(second.of_gex_abs.d1, second.gex_abs - first.gex_abs);
    EXPECT_NE(second.of_gex_abs.d1, 0.0);
    // 130 comes to the surface: nothing is remembered of it, while 120 goes on.
    const GexWindow third = chain.second(2, 120.0);
    EXPECT_EQ(abs_at(third, 130).of_gex_abs, Changes{});
    EXPECT_NE(abs_at(third, 120).of_gex_abs.d3, 0.0);
    chain.second(3, 115.0);
    EXPECT_EQ(abs_at(chain.second(4, 120.0), 130).of_gex_abs, Changes{}) << "it was away for a second";
    // An invalid second, one after a gap, a new epoch, and one without a spot.
    chain.second(5, 119.0);
    EXPECT_EQ(abs_at(chain.second(6, 120.0, false), 120).of_gex_abs, Changes{});
    EXPECT_EQ(abs_at(chain.second(7, 119.0), 120).of_gex_abs, Changes{});
    EXPECT_NE(abs_at(chain.second(8, 120.0), 120).of_gex_abs, Changes{});
    EXPECT_EQ(abs_at(chain.second(10, 119.0), 120).of_gex_abs, Changes{});
    EXPECT_EQ(abs_at(chain.second(11, 118.0, true, 2), 120).of_gex_abs, Changes{});
    EXPECT_NE(abs_at(chain.second(12, 120.0, true, 2), 120).of_gex_abs, Changes{});
    chain.close(13, 0.0, true, 2);
    EXPECT_EQ(abs_at(chain.second(14, 118.0, true, 2), 120).of_gex_abs, Changes{});
}

TEST(GexLevels, WallsAreTheStrikesWithTheMostAndTheFlipLiesBetweenPutsAndCalls) {
    Chain chain({90, 95, 100, 105, 110});
    for (const ListedOption& each : chain.options) chain.engine.set_open_interest(each.instrument_id, 0.0);
    chain.engine.set_open_interest(2, 1'000.0);  // puts at 90 and 95
    chain.engine.set_open_interest(4, 3'000.0);
    chain.engine.set_open_interest(7, 2'000.0);  // calls at 105 and 110
    chain.engine.set_open_interest(9, 1'000.0);
    const GexWindow window = chain.second(0, 101.0);
    EXPECT_EQ(window.levels.put_wall_price_int, 95 * kDollar);
    EXPECT_EQ(window.levels.call_wall_price_int, 105 * kDollar);
    ASSERT_TRUE(window.levels.flip_price_int);
    EXPECT_GT(*window.levels.flip_price_int, 95 * kDollar);
    EXPECT_LT(*window.levels.flip_price_int, 105 * kDollar);
    // The same chain mirrored has its signs the other way: the flip is where it was.
    market::GammaTerms mirrored = kTerms;
    std::swap(mirrored.call_sign, mirrored.put_sign);
    Chain other({90, 95, 100, 105, 110}, mirrored);
    for (const ListedOption& each : other.options) other.engine.set_open_interest(each.instrument_id, 0.0);
    other.engine.set_open_interest(2, 1'000.0);
    other.engine.set_open_interest(4, 3'000.0);
    other.engine.set_open_interest(7, 2'000.0);
    other.engine.set_open_interest(9, 1'000.0);
    const GexWindow& reversed = other.second(0, 101.0);
    EXPECT_EQ(reversed.levels.gex_total, -window.levels.gex_total);
    EXPECT_EQ(reversed.levels.flip_price_int, window.levels.flip_price_int);
}

// Chains of any kind, a few seconds of each; quotes missing, wrong or stale; open interest published on the way.
class RandomChain {
  public:
    explicit RandomChain(std::uint32_t seed) : random_(seed), terms_(chance(0.5) ? on_share() : kTerms) {
        terms_.strikes_per_side = between(1, 6);
        const int strikes = between(1, 25);
        std::set<std::int64_t> listed;
        for (int i = 0; i < strikes; ++i) listed.insert((680 + between(0, 40)) * kDollar / 2);
        for (const std::int64_t strike : listed) {
            for (const Right right : {Right::call, Right::put}) {
                for (int i = chance(0.1) ? 2 : chance(0.05) ? 0 : 1; i > 0; --i) {
                    options_.push_back({.instrument_id = ++last_id_,
                                        .right = right,
                                        .strike_price_int = strike,
                                        .expiration_ns = kOpen + (chance(0.1) ? 2 : 5'000) * kSecondNs,
                                        .multiplier = chance(0.3) ? 10.0 : 0.0});
                }
            }
        }
        if (options_.empty())
            options_.push_back(
                {.instrument_id = 1, .strike_price_int = 350 * kDollar, .expiration_ns = kExpires});
    }

    // The next second; a few are left out, or have no spot or no middle.
    GexSecond next() {
        nth_ += chance(0.1) ? 2 : 1;
        epoch_ += chance(0.1) ? 1 : 0;
        const double spot = chance(0.05) ? 0.0 : 345.0 + between(0, 100) * 0.1;
        const double middle = chance(0.1) ? 0.0 : spot + 0.05;
        quotes_.clear();
        const double price = middle > 0.0 ? middle : spot;
        const std::int64_t end = kOpen + nth_ * kSecondNs;
        for (const ListedOption& each : options_) {
            if (chance(0.1) || !(price > 0.0) || each.expiration_ns <= end) continue;
            OptionQuote1s& quote =
                quotes_.emplace_back(quote_at(each, 0.05 + between(0, 40) * 0.01, price, end, terms_));
            if (chance(0.05)) quote.book_valid = false;
            if (chance(0.05)) quote.ask_price_int = 1;
            if (chance(0.05)) quote.mid_price *= between(0, 4);
            quote.mid_price = std::round(quote.mid_price * 200.0) / 200.0;
        }
        return {.window_start_ts_ns = end - kSecondNs,
                .window_end_ts_ns = end,
                .spot_ref_price_int = std::llround(spot * 1e9),
                .underlying_mid = middle,
                .window_valid = !chance(0.1),
                .epoch = epoch_,
                .quotes = quotes_};
    }

    int between(int low, int high) { return std::uniform_int_distribution(low, high)(random_); }
    bool chance(double share) { return std::uniform_real_distribution(0.0, 1.0)(random_) < share; }
    [[nodiscard]] const market::GammaTerms& terms() const { return terms_; }
    [[nodiscard]] const std::vector<ListedOption>& options() const { return options_; }

  private:
    static market::GammaTerms on_share() { return {.multiplier = 100.0, .carry = 0.05}; }

    std::mt19937 random_;
    market::GammaTerms terms_;
    std::vector<ListedOption> options_;
    std::int64_t last_id_ = 0;
    std::int64_t nth_ = 0;
    std::int64_t epoch_ = 1;
    std::vector<OptionQuote1s> quotes_;
};

void expect_near(double got, double want, double size, const char* what) {
    EXPECT_NEAR(got, want, 1e-7 * std::max({std::abs(want), size, 1e-12})) << what;
}

void expect_volatility(const std::optional<double>& got, const std::optional<double>& want) {
    ASSERT_EQ(got.has_value(), want.has_value());
    if (!got) return;
    EXPECT_NEAR(*got, *want, 1e-7 * *want);
}

void expect_same_surface(const GexWindow& got, const PlainGex::Second& want) {
    ASSERT_EQ(got.strikes.size(), want.surface.size());
    auto plain = want.surface.begin();
    for (const GexStrike1s& row : got.strikes) {
        const auto& [strike, expected] = *plain++;
        SCOPED_TRACE(strike);
        ASSERT_EQ(row.strike_price_int, strike);
        const double size = expected.call + expected.put;
        expect_near(row.gex_call_abs, expected.call, 0.0, "call");
        expect_near(row.gex_put_abs, expected.put, 0.0, "put");
        expect_near(row.gex_abs, size, 0.0, "abs");
        expect_near(row.gex, expected.call - expected.put, size, "net");
        const double reach = std::abs(expected.gex_abs.d1) + std::abs(expected.gex_abs.d2) + size;
        expect_near(row.of_gex_abs.d1, expected.gex_abs.d1, reach, "d1");
        expect_near(row.of_gex_abs.d2, expected.gex_abs.d2, reach, "d2");
        expect_near(row.of_gex_abs.d3, expected.gex_abs.d3, reach + std::abs(expected.gex_abs.d3), "d3");
        expect_near(row.of_gex.d3, expected.gex.d3, reach + std::abs(expected.gex.d3), "net d3");
        EXPECT_EQ(row.call_open_interest, expected.call_oi);
        EXPECT_EQ(row.put_open_interest, expected.put_oi);
        expect_volatility(row.call_implied_volatility, expected.call_vol);
        expect_volatility(row.put_implied_volatility, expected.put_vol);
    }
}

// The twin's total changes sign at the flip, and at no strike nearer to the underlying.
void expect_flip(const GexLevels1s& levels, const std::set<std::int64_t>& held, const PlainGex& plain) {
    const double here = plain.net_at(levels.underlying_mid);
    double reach = std::numeric_limits<double>::infinity();
    if (levels.flip_price_int) {
        const double flip = market::Price{*levels.flip_price_int}.points();
        const double below = plain.net_at(flip - 1e-6), above = plain.net_at(flip + 1e-6);
        EXPECT_TRUE(below * above <= 0.0) << flip << ' ' << below << ' ' << above;
        reach = std::abs(flip - levels.underlying_mid) - 1e-6;
    }
    if (std::abs(here) < 1e-100) return;
    for (const std::int64_t strike : held) {
        const double price = market::Price{strike}.points();
        if (std::abs(price - levels.underlying_mid) >= reach) continue;
        EXPECT_GE(plain.net_at(price) * (here < 0.0 ? -1.0 : 1.0), 0.0) << price;
    }
}

TEST(GexTwin, RandomChainsAsAPlainComputation) {
    int flips = 0, priced = 0, seconds = 0;
    for (std::uint32_t seed = 0; seed < 150; ++seed) {
        RandomChain chain(seed);
        GexEngine engine(chain.terms(), chain.options());
        PlainGex plain(chain.terms(), chain.options());
        for (int nth = 0; nth < 8; ++nth) {
            SCOPED_TRACE(fmt::format("seed {} second {}", seed, nth));
            for (const ListedOption& each : chain.options()) {
                if (!chain.chance(nth == 0 ? 0.8 : 0.1)) continue;
                const double contracts = chain.between(0, 2'000);
                engine.set_open_interest(each.instrument_id, contracts);
                plain.set_open_interest(each.instrument_id, contracts);
            }
            const GexSecond second = chain.next();
            const GexWindow& got = engine.close(second);
            const PlainGex::Second want = plain.close(second);
            expect_same_surface(got, want);
            expect_near(got.levels.gex_call_total, want.call_total, 0.0, "call total");
            expect_near(got.levels.gex_put_total, want.put_total, 0.0, "put total");
            ASSERT_EQ(got.levels.options_priced, want.priced);
            ASSERT_EQ(got.levels.options_unpriced, want.unpriced);
            expect_flip(got.levels, want.held, plain);
            if (::testing::Test::HasFailure()) return;
            flips += got.levels.flip_price_int ? 1 : 0;
            priced += got.levels.options_priced;
            ++seconds;
        }
    }
    EXPECT_GT(flips, seconds / 5);
    EXPECT_GT(priced, 5 * seconds);
}

// The same seconds give the same bits, and a second is not changed by what comes after it.
TEST(GexTwin, APrefixOfTheDayGivesAPrefixOfTheRows) {
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        RandomChain one(seed), other(seed);
        GexEngine first(one.terms(), one.options()), second(other.terms(), other.options());
        for (const ListedOption& each : one.options()) {
            first.set_open_interest(each.instrument_id, 100.0);
            second.set_open_interest(each.instrument_id, 100.0);
        }
        std::vector<GexWindow> kept;
        for (int nth = 0; nth < 6; ++nth) kept.push_back(first.close(one.next()));
        for (int nth = 0; nth < 3; ++nth)
            EXPECT_EQ(second.close(other.next()), kept[static_cast<std::size_t>(nth)]);
    }
}

}  // namespace
}  // namespace spymaster::physics::testing
