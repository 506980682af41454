#include "feed/simulated/option_reference.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "dbn/downgrade.hpp"
#include "dbn/upgrade.hpp"
#include "option_chains.hpp"

namespace spymaster::feed {
namespace {

using Definitions = std::vector<dbn::InstrumentDefMsg>;

std::map<std::uint32_t, dbn::InstrumentDefMsg> last_of_each(const Definitions& definitions) {
    std::map<std::uint32_t, dbn::InstrumentDefMsg> last;
    for (const auto& def : definitions) last[def.hd.instrument_id] = def;
    return last;
}

void check_chain(const OptionChain& chain, const Definitions& definitions) {
    std::uint64_t ts_recv = 0;
    std::map<char, int> actions;
    for (const auto& def : definitions) {
        EXPECT_GE(def.ts_recv, ts_recv);
        ts_recv = def.ts_recv;
        ++actions[def.security_update_action];
    }
    EXPECT_EQ(actions['M'], 1);
    EXPECT_EQ(actions['D'], 1);
    const auto last = last_of_each(definitions);
    for (const OptionInstrument& option : chain.options) {
        const auto& def = last.at(option.instrument_id);
        EXPECT_EQ(dbn::text(def.raw_symbol), option.raw_symbol);
        EXPECT_EQ(def.instrument_class, market::letter(option.right));
        EXPECT_EQ(def.strike_price, option.strike_price_int);
        EXPECT_EQ(def.expiration, chain.expiry_of(option).expiration);
        EXPECT_EQ(dbn::text(def.underlying), chain.underlying);
        EXPECT_EQ(dbn::text(def.asset), chain.expiry_of(option).asset);
    }
    // Whoever takes the first record of each finds one option in the wrong expiry.
    int wrong = 0;
    for (const auto& def : definitions) wrong += last.at(def.hd.instrument_id).expiration != def.expiration;
    EXPECT_EQ(wrong, 1);
    EXPECT_EQ(last.at(chain.options[chain.todays() - 1].instrument_id).security_update_action, 'D');
}

TEST(OptionReference, DefinitionsOfAFuturesChain) {
    const OptionChain chain = future_chain(future_path());
    const Definitions definitions = chain_definitions(chain, future_path());
    check_chain(chain, definitions);
    const auto& future = definitions.front();
    EXPECT_EQ(future.instrument_class, 'F');
    EXPECT_EQ(dbn::text(future.raw_symbol), "ESH6");
    EXPECT_EQ(future.hd.instrument_id, chain.underlying_id);
    EXPECT_EQ(future.min_price_increment, 250'000'000);
    EXPECT_EQ(future.unit_of_measure_qty, 50'000'000'000);
    EXPECT_EQ(market::format_utc(static_cast<std::int64_t>(future.expiration)), "2026-03-20T13:30:00Z");
    const auto& option = definitions[1];
    EXPECT_EQ(option.min_price_increment, dbn::kUndefPrice);  // variable: tick_rule
    EXPECT_EQ(option.tick_rule, 17);
    EXPECT_EQ(option.unit_of_measure_qty, 50'000'000'000);
    EXPECT_EQ(dbn::text(option.security_type), "OOF");
    int spreads = 0;
    for (const auto& def : definitions) {
        if (def.instrument_class != 'T') continue;
        ++spreads;
        EXPECT_EQ(def.user_defined_instrument, 'Y');
        EXPECT_TRUE(dbn::text(def.raw_symbol).starts_with("UD:"));
        EXPECT_EQ(def.leg_count, 2);
    }
    EXPECT_EQ(spreads, 8);  // four of two legs
}

TEST(OptionReference, DefinitionsOfASharesChain) {
    const OptionChain chain = share_chain(share_path());
    const Definitions definitions = chain_definitions(chain, share_path());
    check_chain(chain, definitions);
    for (const auto& def : definitions) {
        EXPECT_EQ(def.expiration % 86'400'000'000'000U, 0U);
        EXPECT_EQ(def.hd.publisher_id, 30);
        EXPECT_EQ(dbn::text(def.security_type), "OPT");
    }
    const auto stock = underlying_definition(share_path());
    EXPECT_EQ(stock.instrument_class, 'K');
    EXPECT_EQ(stock.hd.publisher_id, 2);
    EXPECT_EQ(dbn::text(stock.raw_symbol), "SPY");
    EXPECT_EQ(stock.expiration, dbn::kUndefTimestamp);
}

TEST(OptionReference, OldVersionsHoldTheSame) {
    const OptionChain futures = future_chain(future_path(), 20);
    for (const auto& def : chain_definitions(futures, future_path())) {
        const auto one = dbn::definition_v1(def);
        const auto two = dbn::definition_v2(def);
        ASSERT_TRUE(one.ok() && two.ok());
        for (const auto& back : {*dbn::read_definition(reinterpret_cast<const std::byte*>(&*one)),
                                 *dbn::read_definition(reinterpret_cast<const std::byte*>(&*two))}) {
            EXPECT_EQ(back.expiration, def.expiration);
            EXPECT_EQ(back.strike_price, def.strike_price);
            EXPECT_EQ(back.raw_symbol, def.raw_symbol);
            EXPECT_EQ(back.underlying, def.underlying);
            EXPECT_EQ(back.asset, def.asset);
            EXPECT_EQ(back.instrument_class, def.instrument_class);
            EXPECT_EQ(back.security_update_action, def.security_update_action);
            EXPECT_EQ(back.user_defined_instrument, def.user_defined_instrument);
        }
    }
}

void check_statistics(const OptionChain& chain, const UnderlyingPath& path) {
    std::map<int, int> types;
    std::set<std::uint32_t> known;
    std::set<std::uint32_t> in_the_morning;
    int later = 0;
    int deleted = 0;
    int unknown = 0;
    std::uint64_t ts_recv = 0;
    for (const dbn::StatMsg& stat : chain_statistics(chain, path)) {
        EXPECT_GE(stat.ts_recv, ts_recv);
        ts_recv = stat.ts_recv;
        EXPECT_LT(static_cast<std::int64_t>(stat.hd.ts_event), path.end_ns());
        ++types[stat.stat_type];
        if (stat.stat_type != 9) continue;
        EXPECT_EQ(stat.price, dbn::kUndefPrice);
        known.insert(stat.hd.instrument_id);
        const bool morning = static_cast<std::int64_t>(stat.hd.ts_event) < path.options().session.start_ns;
        if (morning) in_the_morning.insert(stat.hd.instrument_id);
        later += !morning && stat.update_action == 1;
        deleted += stat.update_action == 2;
        unknown += stat.quantity == dbn::kUndefStatQuantity;
        if (stat.quantity != dbn::kUndefStatQuantity) {
            EXPECT_GE(stat.quantity, 0);
        }
        EXPECT_TRUE(dbn::statistics_v1(stat).ok());
    }
    EXPECT_EQ(known.size(), chain.options.size());
    EXPECT_EQ(in_the_morning.size(), chain.options.size());
    EXPECT_GT(later, 10);
    EXPECT_GT(deleted, 0);
    EXPECT_GT(unknown, 2);
    for (const int type : {1, 3, 6}) EXPECT_GT(types[type], 20) << type;
    EXPECT_EQ(types.size(), 4U);
}

TEST(OptionReference, StatisticsOfBothKindsOfChain) {
    check_statistics(future_chain(future_path()), future_path());
    check_statistics(share_chain(share_path()), share_path());
}

TEST(OptionReference, SmallestChain) {
    const OptionChain chain = share_chain(share_path(), 1);
    EXPECT_EQ(chain.todays(), 2U);
    EXPECT_FALSE(chain_statistics(chain, share_path()).empty());
    EXPECT_EQ(last_of_each(chain_definitions(chain, share_path())).size(), chain.options.size());
}

}  // namespace
}  // namespace spymaster::feed
