#include "feed/simulated/option_chain.hpp"

#include <gtest/gtest.h>

#include <set>

#include "option_chains.hpp"

namespace spymaster::feed {
namespace {

using market::Right;

std::string asset_on(market::Date date) {
    return future_chain(path_of("ES", "09:30-09:31", date), 2).expiries[0].asset;
}

TEST(OptionChain, OfAFuture) {
    const OptionChain chain = future_chain(future_path());
    EXPECT_EQ(chain.root, "ES");
    EXPECT_EQ(chain.underlying, "ESH6");
    EXPECT_EQ(chain.todays(), 160U);
    EXPECT_EQ(chain.options.size(), 200U);
    EXPECT_EQ(chain.spreads.size(), 4U);
    EXPECT_EQ(chain.expiries[0].asset, "E1B");  // 2026-01-06 is the first Tuesday
    EXPECT_EQ(chain.expiries[1].asset, "E1C");
    EXPECT_EQ(market::format_utc(chain.expiries[0].ends_ns), "2026-01-06T21:00:00Z");
    EXPECT_EQ(chain.expiries[0].expiration, static_cast<std::uint64_t>(chain.expiries[0].ends_ns));
    const OptionInstrument& first = chain.options.front();
    EXPECT_EQ(first.raw_symbol, "E1BF6 C" + std::to_string(first.strike_price_int / 1'000'000'000));
    EXPECT_EQ(chain.options[1].right, Right::put);
    EXPECT_EQ(chain.options[2].strike_price_int - first.strike_price_int, 5'000'000'000);
    EXPECT_EQ(first.strike_price_int % 5'000'000'000, 0);
    // The day begins in the middle.
    const std::int64_t spot = future_path().at(future_path().begin_ns()).mid_int();
    EXPECT_NEAR(static_cast<double>(spot - first.strike_price_int), 200e9, 6e9);
}

TEST(OptionChain, OfAShare) {
    const OptionChain chain = share_chain(share_path());
    EXPECT_EQ(chain.root, "SPY");
    EXPECT_EQ(chain.todays(), 242U);
    EXPECT_TRUE(chain.spreads.empty());
    EXPECT_EQ(market::format_utc(static_cast<std::int64_t>(chain.expiries[0].expiration)),
              "2026-01-06T00:00:00Z");
    EXPECT_EQ(market::format_utc(chain.expiries[0].ends_ns), "2026-01-06T21:00:00Z");
    const OptionInstrument& first = chain.options.front();
    EXPECT_EQ(first.raw_symbol, "SPY   260106C00" + std::to_string(first.strike_price_int / 1'000'000));
    EXPECT_EQ(first.raw_symbol.size(), 21U);
    const std::int64_t spot = share_path().at(share_path().options().session.start_ns).mid_int();
    EXPECT_NEAR(static_cast<double>(spot - first.strike_price_int), 60e9, 1.1e9);
}

TEST(OptionChain, WeeklyNamesByTheCalendar) {
    EXPECT_EQ(asset_on({2026, 1, 5}), "E1A");   // first Monday
    EXPECT_EQ(asset_on({2026, 1, 8}), "E2D");   // second Thursday: the first is January 1
    EXPECT_EQ(asset_on({2026, 1, 9}), "EW2");   // Friday
    EXPECT_EQ(asset_on({2026, 1, 30}), "EW");   // the last weekday
    EXPECT_EQ(asset_on({2026, 6, 30}), "EW");   // a Tuesday, but the last weekday
    EXPECT_EQ(asset_on({2026, 7, 29}), "E5C");  // fifth Wednesday
}

TEST(OptionChain, SummerEndsAnHourEarlierAndAFridayIsFollowedByMonday) {
    const OptionChain chain = future_chain(path_of("ES", "09:30-09:31", {2026, 7, 10}), 10);
    EXPECT_EQ(market::format_utc(chain.expiries[0].ends_ns), "2026-07-10T20:00:00Z");
    EXPECT_EQ(chain.expiries[1].date, (market::Date{2026, 7, 13}));
    EXPECT_TRUE(chain.options.back().raw_symbol.starts_with("E2AN6 P"));
}

TEST(OptionChain, IdsAreUniqueHoweverMany) {
    const OptionChain chain = future_chain(future_path(), 2'500);
    EXPECT_EQ(chain.todays(), 5'000U);
    std::set<std::uint32_t> ids{chain.underlying_id};
    std::set<std::string> names;
    for (const OptionInstrument& option : chain.options) {
        EXPECT_TRUE(ids.insert(option.instrument_id).second);
        EXPECT_TRUE(names.insert(option.raw_symbol).second);
        EXPECT_GT(option.strike_price_int, 0);
    }
    for (const OptionSpread& spread : chain.spreads) {
        EXPECT_TRUE(ids.insert(spread.instrument_id).second);
        EXPECT_TRUE(spread.raw_symbol.starts_with("UD:"));
    }
}

TEST(OptionChain, SaysWhatItCannotDo) {
    const market::Product& options = market::product_of(market::ProductType::future_option_mbo);
    const market::Product& shares = market::product_of(market::ProductType::equity_option_mbo);
    EXPECT_EQ(option_chain(options, future_path(), 2'501).error().code, ErrorCode::usage);
    EXPECT_EQ(option_chain(options, future_path(), -1).error().code, ErrorCode::usage);
    EXPECT_NE(option_chain(shares, share_path(), 2'500).error().message.find("do not fit above 0"),
              std::string::npos);
    EXPECT_EQ(option_chain(market::product_of(market::ProductType::future_mbo), future_path()).error().code,
              ErrorCode::usage);
}

TEST(OptionChain, MetadataNamesEveryInstrument) {
    const OptionChain chain = share_chain(share_path(), 11);
    for (const int version : {1, 2, 3}) {
        const dbn::Metadata metadata =
            chain_metadata(chain, dbn::Schema::statistics, share_path().end_ns(), version);
        EXPECT_EQ(metadata.dataset, "OPRA.PILLAR");
        EXPECT_EQ(metadata.symbols, std::vector<std::string>{"SPY.OPT"});
        ASSERT_EQ(metadata.mappings.size(), chain.options.size());
        EXPECT_EQ(metadata.mappings[3].raw_symbol, chain.options[3].raw_symbol);
        EXPECT_EQ(metadata.mappings[3].intervals[0].symbol, std::to_string(chain.options[3].instrument_id));
        EXPECT_TRUE(dbn::encode_metadata(metadata).ok());  // 21 letters fit version 1
    }
}

}  // namespace
}  // namespace spymaster::feed
