#include "feed/simulated/option_market.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>

#include "option_chains.hpp"
#include "plain_book.hpp"

namespace spymaster::feed {
namespace {

using Records = std::vector<dbn::MboMsg>;

Records all_records(const OptionChain& chain, const UnderlyingPath& path, const OptionFlowOptions& options) {
    auto market = OptionMarket::create(chain, path, options);
    EXPECT_TRUE(market.ok()) << (market.ok() ? "" : market.error().message);
    Records all;
    for (auto some = market->next(); !some.empty(); some = market->next()) {
        EXPECT_LT(some.size(), 8'192U);
        all.insert(all.end(), some.begin(), some.end());
    }
    EXPECT_EQ(market->totals().records, all.size());
    EXPECT_GT(market->totals().walls, 4U);
    EXPECT_EQ(market->progress(), 1.0);
    return all;
}

const OptionChain& chain() {
    static const OptionChain made = future_chain(future_path());
    return made;
}
const Records& default_market() {
    static const Records records = all_records(chain(), future_path(), {});
    return records;
}

bool is_snapshot(const dbn::MboMsg& msg) {
    return (msg.flags & dbn::flag::snapshot) != 0;
}

TEST(OptionMarket, SameArgumentsSameBytes) {
    const Records again = all_records(chain(), future_path(), {});
    ASSERT_EQ(again.size(), default_market().size());
    EXPECT_EQ(std::memcmp(again.data(), default_market().data(), again.size() * sizeof(dbn::MboMsg)), 0);
    EXPECT_NE(bytes_hash(all_records(chain(), future_path(), {.seed = 2})), bytes_hash(again));
}

// As of the simulated market: another compiler or processor that makes other bytes is noticed, and so is a change of
// the simulator, which changes this number knowingly. The underlying's path is part of it.
TEST(OptionMarket, BytesAreTheSameInEveryBuild) {
    EXPECT_EQ(bytes_hash(default_market()), 4685048898079363207U);
}

TEST(OptionMarket, BeginsWithASnapshotOfEveryInstrument) {
    const auto midnight = static_cast<std::uint64_t>(chain().date.midnight_utc_ns());
    std::map<std::uint32_t, int> clears;
    std::size_t alone = 0;
    std::size_t i = 0;
    const Records& records = default_market();
    while (is_snapshot(records[i])) {
        ASSERT_EQ(records[i].action, 'R');
        ASSERT_EQ(records[i].price, dbn::kUndefPrice);
        const std::uint32_t id = records[i].hd.instrument_id;
        ++clears[id];
        const std::size_t first = i;
        while ((records[i].flags & dbn::flag::last) == 0) {
            ASSERT_EQ(records[i].flags, 40);
            ++i;
            ASSERT_EQ(records[i].action, 'A');
            ASSERT_EQ(records[i].hd.instrument_id, id);
            ASSERT_LT(records[i].hd.ts_event, midnight);
        }
        ASSERT_EQ(records[i].flags, 168);
        ASSERT_EQ(records[i].ts_recv, midnight);
        alone += i == first;
        ++i;
    }
    EXPECT_EQ(clears.size(), chain().options.size() + chain().spreads.size());
    for (const auto& [id, count] : clears) EXPECT_EQ(count, 1);
    EXPECT_GT(alone, chain().spreads.size());  // some options are empty too
    for (; i < records.size(); ++i) ASSERT_FALSE(is_snapshot(records[i]));
}

// Every book replayed by itself: known orders, sizes, uncrossed, CME's events.
TEST(OptionMarket, KeepsCmesConventions) {
    std::map<std::uint32_t, PlainBook> books;
    std::uint64_t ts_recv = 0;
    std::uint64_t trades = 0;
    for (const dbn::MboMsg& msg : default_market()) {
        ASSERT_GE(msg.ts_recv, ts_recv);
        ts_recv = msg.ts_recv;
        if (msg.action != 'R') {
            ASSERT_GT(msg.size, 0U);
            ASSERT_GT(msg.price, 0);
        }
        ASSERT_TRUE(is_snapshot(msg) || msg.flags == 0 || msg.flags == 130) << int{msg.flags};
        books[msg.hd.instrument_id].apply(msg);
    }
    for (const auto& [id, book] : books) {
        const Findings& found = book.found;
        ASSERT_EQ(found.wrong() - found.empty_side, 0U) << id;
        trades += found.trade_events;
        EXPECT_LT(book.order_count(), 80U);
    }
    EXPECT_GT(trades, 500U);
}

TEST(OptionMarket, PricesAreOnTicksAndNearWhatTheOptionIsWorth) {
    std::map<std::uint32_t, const OptionInstrument*> options;
    for (const OptionInstrument& option : chain().options) options[option.instrument_id] = &option;
    std::uint64_t trades = 0;
    double off = 0.0;
    for (const dbn::MboMsg& msg : default_market()) {
        if (msg.action == 'R') continue;
        const std::int64_t tick = msg.price > 10'000'000'000 ? 250'000'000 : 50'000'000;
        ASSERT_EQ(msg.price % tick, 0);
        const auto ts = static_cast<std::int64_t>(msg.hd.ts_event);
        if (msg.action != 'T' || ts < future_path().options().session.start_ns) continue;
        const OptionInstrument& option = *options.at(msg.hd.instrument_id);
        const OptionExpiry& expiry = chain().expiry_of(option);
        const double spot = static_cast<double>(future_path().at(ts).mid_int()) * 1e-9;
        const double strike = static_cast<double>(option.strike_price_int) * 1e-9;
        const OptionPricer pricer(spot, expiry.ends_ns - ts, chain().smile, chain().rates);
        const double worth = pricer.value(option.right, strike, std::log(strike));
        const double price = static_cast<double>(msg.price) * 1e-9;
        ++trades;
        off += std::abs(price - worth) > 1.0 + 0.1 * worth;
        // No arbitrage, but for a quote that is a moment old.
        const double exercise = option.right == market::Right::call ? spot - strike : strike - spot;
        ASSERT_GT(price, exercise - 10.0);
        ASSERT_LT(price, option.right == market::Right::call ? spot : strike);
    }
    EXPECT_LT(off / static_cast<double>(trades), 0.03);
}

TEST(OptionMarket, TheMeanRateIsAsAsked) {
    for (const double pace : {50.0, 2'000.0}) {
        auto market = OptionMarket::create(chain(), future_path(), {.events_per_second = pace});
        ASSERT_TRUE(market.ok());
        while (!market->next().empty()) {
        }
        EXPECT_NEAR(static_cast<double>(market->totals().session_records) / 180.0, pace, 0.06 * pace);
    }
}

// Something to see: at the round strikes some thousand lots come and go.
TEST(OptionMarket, WallsAppearAndVanish) {
    std::map<std::uint32_t, PlainBook> books;
    std::map<std::uint32_t, std::int64_t> strikes;
    for (const OptionInstrument& option : chain().options)
        strikes[option.instrument_id] = option.strike_price_int;
    std::map<std::pair<std::uint32_t, char>, bool> stands;
    int appeared = 0;
    int vanished = 0;
    std::int64_t next_look = future_path().options().session.start_ns;
    for (const dbn::MboMsg& msg : default_market()) {
        books[msg.hd.instrument_id].apply(msg);
        if (static_cast<std::int64_t>(msg.hd.ts_event) < next_look || msg.flags != 130) continue;
        next_look += market::kNanosPerSecond;
        for (const auto& [id, book] : books) {
            std::map<char, std::int64_t> lots;
            for (const auto& [order_id, order] : book.sorted_orders()) lots[order.side] += order.size;
            for (const char side : {'A', 'B'}) {
                bool& wall = stands[{id, side}];
                const bool now = lots[side] > 400;
                if (now && !wall) {
                    ++appeared;
                    EXPECT_EQ(strikes[id] % 25'000'000'000, 0);
                }
                vanished += wall && !now;
                wall = now;
            }
        }
    }
    EXPECT_GT(appeared, 3);
    EXPECT_GT(vanished, 1);
}

TEST(OptionMarket, NothingAfterTheExpiry) {
    const UnderlyingPath path = path_of("ES", "15:58-16:20");
    const OptionChain late = future_chain(path, 20);
    auto market = OptionMarket::create(late, path, {.events_per_second = 200.0});
    ASSERT_TRUE(market.ok());
    std::uint64_t last = 0;
    for (auto some = market->next(); !some.empty(); some = market->next()) last = some.back().hd.ts_event;
    EXPECT_LT(static_cast<std::int64_t>(last), late.expiries[0].ends_ns);
    EXPECT_GT(static_cast<std::int64_t>(last), late.expiries[0].ends_ns - 2 * market::kNanosPerSecond);
}

TEST(OptionMarket, SaysWhatItCannotDo) {
    EXPECT_EQ(OptionMarket::create(share_chain(share_path(), 5), share_path(), {}).error().code,
              ErrorCode::usage);
    for (const double pace : {0.0, 2e6, std::nan("")}) {
        EXPECT_EQ(OptionMarket::create(chain(), future_path(), {.events_per_second = pace}).error().code,
                  ErrorCode::usage);
    }
    const UnderlyingPath late = path_of("ES", "16:10-16:20");
    const OptionChain expired = future_chain(late, 5);
    EXPECT_EQ(OptionMarket::create(expired, late, {}).error().code, ErrorCode::usage);
}

}  // namespace
}  // namespace spymaster::feed
