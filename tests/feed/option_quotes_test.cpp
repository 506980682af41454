#include "feed/simulated/option_quotes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <set>

#include "option_chains.hpp"

namespace spymaster::feed {
namespace {

using Records = std::vector<dbn::Cmbp1Msg>;
using Level = dbn::ConsolidatedBidAskPair;

Records all_records(const OptionChain& chain, const UnderlyingPath& path, const OptionFlowOptions& options) {
    auto quotes = OptionQuotes::create(chain, path, options);
    EXPECT_TRUE(quotes.ok()) << (quotes.ok() ? "" : quotes.error().message);
    Records all;
    for (auto some = quotes->next(); !some.empty(); some = quotes->next()) {
        EXPECT_LT(some.size(), 8'192U);
        all.insert(all.end(), some.begin(), some.end());
    }
    EXPECT_EQ(quotes->totals().records, all.size());
    EXPECT_EQ(quotes->progress(), 1.0);
    return all;
}

const OptionChain& chain() {
    static const OptionChain made = share_chain(share_path());
    return made;
}
const Records& default_quotes() {
    static const Records records = all_records(chain(), share_path(), {});
    return records;
}

TEST(OptionQuotes, SameArgumentsSameBytes) {
    const Records again = all_records(chain(), share_path(), {});
    ASSERT_EQ(again.size(), default_quotes().size());
    EXPECT_EQ(std::memcmp(again.data(), default_quotes().data(), again.size() * sizeof(dbn::Cmbp1Msg)), 0);
    EXPECT_NE(bytes_hash(all_records(chain(), share_path(), {.seed = 2})), bytes_hash(again));
}

// As OptionMarket's.
TEST(OptionQuotes, BytesAreTheSameInEveryBuild) {
    EXPECT_EQ(bytes_hash(default_quotes()), 17705760871729730316U);
}

TEST(OptionQuotes, RecordsAreAsOprasAre) {
    const std::int64_t open = *market::local_instant(chain().date, 34'200, "America/New_York");
    std::uint64_t ts_recv = 0;
    std::set<std::uint32_t> ids;
    std::set<std::uint16_t> publishers;
    for (const dbn::Cmbp1Msg& msg : default_quotes()) {
        ASSERT_EQ(msg.hd.size(), sizeof msg);
        ASSERT_EQ(msg.hd.rtype, dbn::rtype::cmbp_1);
        ASSERT_EQ(msg.flags, 194);
        ASSERT_GE(msg.ts_recv, ts_recv);
        ASSERT_GT(msg.ts_recv, msg.hd.ts_event);
        ts_recv = msg.ts_recv;
        ASSERT_GE(static_cast<std::int64_t>(msg.hd.ts_event), open);
        ASSERT_LT(static_cast<std::int64_t>(msg.hd.ts_event), share_path().end_ns() + 1'000'000);
        ids.insert(msg.hd.instrument_id);
        publishers.insert(msg.hd.publisher_id);
        const Level& top = msg.levels[0];
        ASSERT_EQ(top.bid_px == dbn::kUndefPrice, top.bid_sz == 0);
        ASSERT_EQ(top.ask_px == dbn::kUndefPrice, top.ask_sz == 0);
        ASSERT_EQ(top.bid_pb == 0, top.bid_sz == 0);
        if (top.bid_sz > 0) {
            ASSERT_EQ(top.bid_px % 10'000'000, 0);
            ASSERT_GT(top.bid_px, 0);
        }
        if (top.bid_sz > 0 && top.ask_sz > 0) {
            ASSERT_LT(top.bid_px, top.ask_px);
        }
    }
    EXPECT_EQ(ids.size(), chain().options.size());
    EXPECT_GT(publishers.size(), 15U);
    EXPECT_FALSE(publishers.contains(30));
}

// What action, side, price and size say is what happened to the levels.
TEST(OptionQuotes, ActionsSayHowTheBestChanged) {
    std::map<std::uint32_t, Level> before;
    std::map<char, int> actions;
    int both = 0;
    for (const dbn::Cmbp1Msg& msg : default_quotes()) {
        const auto seen = before.find(msg.hd.instrument_id);
        const Level old = seen == before.end() ? Level{dbn::kUndefPrice, dbn::kUndefPrice, 0, 0, 0, {}, 0, {}}
                                               : seen->second;
        const Level now = msg.levels[0];
        before[msg.hd.instrument_id] = now;
        ++actions[msg.action];
        const bool bid = old.bid_px != now.bid_px || old.bid_sz != now.bid_sz || old.bid_pb != now.bid_pb;
        const bool ask = old.ask_px != now.ask_px || old.ask_sz != now.ask_sz || old.ask_pb != now.ask_pb;
        if (msg.action == 'T') {
            ASSERT_FALSE(bid || ask);
            ASSERT_GT(msg.size, 0U);
            continue;
        }
        ASSERT_TRUE(bid || ask);
        if (bid && ask) {
            ++both;
            ASSERT_EQ(msg.side, 'N');
            ASSERT_EQ(msg.price, dbn::kUndefPrice);
            continue;
        }
        ASSERT_EQ(msg.side, bid ? 'B' : 'A');
        const std::int64_t was_px = bid ? old.bid_px : old.ask_px;
        const std::int64_t px = bid ? now.bid_px : now.ask_px;
        if (msg.action == 'C') {
            ASSERT_EQ(msg.price, was_px);
            ASSERT_EQ(msg.size, bid ? old.bid_sz : old.ask_sz);
            ASSERT_NE(px, was_px);
        } else {
            ASSERT_EQ(msg.price, px);
            ASSERT_EQ(msg.size, bid ? now.bid_sz : now.ask_sz);
            ASSERT_EQ(msg.action == 'M', px == was_px);
        }
    }
    for (const char action : {'A', 'C', 'M', 'T'}) EXPECT_GT(actions[action], 500) << action;
    EXPECT_GT(both, 500);
}

// A trade at the best: that quote is smaller or gone in the next record of the option, or was so in the one before.
TEST(OptionQuotes, TradesTakeFromTheQuote) {
    std::map<std::uint32_t, std::vector<const dbn::Cmbp1Msg*>> by_option;
    for (const dbn::Cmbp1Msg& msg : default_quotes()) by_option[msg.hd.instrument_id].push_back(&msg);
    std::map<char, int> sides;
    int after = 0;
    int first = 0;
    int between = 0;
    const auto took = [](const Level& old, const Level& now, const dbn::Cmbp1Msg& trade, bool ask) {
        const std::int64_t px = ask ? old.ask_px : old.bid_px;
        const std::int64_t gone =
            std::int64_t{ask ? old.ask_sz : old.bid_sz} -
            ((ask ? now.ask_px : now.bid_px) == px ? std::int64_t{ask ? now.ask_sz : now.bid_sz} : 0);
        return px == trade.price && (ask ? old.ask_pb : old.bid_pb) == trade.hd.publisher_id && gone >= 0;
    };
    for (const auto& [id, records] : by_option) {
        for (std::size_t i = 2; i + 1 < records.size(); ++i) {
            const dbn::Cmbp1Msg& trade = *records[i];
            if (trade.action != 'T') continue;
            ++sides[trade.side];
            bool next = false;
            bool previous = false;
            for (const bool ask : {false, true}) {
                if (trade.side != 'N' && (trade.side == 'B') != ask) continue;
                next |= took(trade.levels[0], records[i + 1]->levels[0], trade, ask);
                previous |= took(records[i - 2]->levels[0], records[i - 1]->levels[0], trade, ask);
            }
            if (next) {
                ++after;
            } else if (previous) {
                ++first;
            } else {
                ++between;
                ASSERT_EQ(trade.side, 'N');
            }
        }
    }
    EXPECT_GT(after, first);
    EXPECT_GT(first, 50);
    EXPECT_GT(between, 5);
    EXPECT_LT(between, after / 5);
    for (const char side : {'A', 'B', 'N'}) EXPECT_GT(sides[side], 100) << side;
}

TEST(OptionQuotes, PricesFollowTheUnderlying) {
    std::map<std::uint32_t, const OptionInstrument*> options;
    for (const OptionInstrument& option : chain().options) options[option.instrument_id] = &option;
    for (const dbn::Cmbp1Msg& msg : default_quotes()) {
        if (msg.action == 'T') continue;
        const Level& top = msg.levels[0];
        const auto ts = static_cast<std::int64_t>(msg.hd.ts_event);
        const OptionInstrument& option = *options.at(msg.hd.instrument_id);
        const double spot = static_cast<double>(share_path().at(ts).mid_int()) * 1e-9;
        const double strike = static_cast<double>(option.strike_price_int) * 1e-9;
        const OptionPricer pricer(spot, chain().expiry_of(option).ends_ns - ts, chain().smile, chain().rates);
        const double worth = pricer.value(option.right, strike, std::log(strike));
        // A record may be a few microseconds into the underlying's next step.
        if (top.bid_sz > 0) {
            ASSERT_LT(static_cast<double>(top.bid_px) * 1e-9, worth + 0.5);
        }
        if (top.ask_sz > 0) {
            ASSERT_GT(static_cast<double>(top.ask_px) * 1e-9, worth - 0.5);
        }
        if (top.bid_sz > 0 && top.ask_sz > 0) {
            ASSERT_LT(static_cast<double>(top.ask_px - top.bid_px) * 1e-9, 0.6 + 0.02 * worth);
        }
    }
}

TEST(OptionQuotes, TheMeanRateIsAsAsked) {
    for (const double pace : {100.0, 5'000.0}) {
        auto quotes = OptionQuotes::create(chain(), share_path(), {.events_per_second = pace});
        ASSERT_TRUE(quotes.ok());
        while (!quotes->next().empty()) {
        }
        EXPECT_NEAR(static_cast<double>(quotes->totals().session_records) / 180.0, pace, 0.06 * pace);
    }
}

TEST(OptionQuotes, NothingBeforeTheOpen) {
    const UnderlyingPath path = path_of("SPY", "09:20-09:32");
    const OptionChain early = share_chain(path, 11);
    const Records records = all_records(early, path, {.events_per_second = 50.0});
    EXPECT_GE(static_cast<std::int64_t>(records.front().hd.ts_event), early.opens_ns);
    EXPECT_EQ(early.opens_ns, *market::local_instant(early.date, 34'200, "America/New_York"));
    EXPECT_NEAR(static_cast<double>(records.size()), 50.0 * 120, 600);

    const UnderlyingPath before = path_of("SPY", "09:00-09:10");
    EXPECT_EQ(OptionQuotes::create(early, before, {}).error().code, ErrorCode::usage);
    EXPECT_EQ(OptionQuotes::create(future_chain(future_path(), 5), future_path(), {}).error().code,
              ErrorCode::usage);
}

}  // namespace
}  // namespace spymaster::feed
