// SPY and QQQ: the simulated market with Nasdaq's conventions.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "book/book.hpp"
#include "dbn/decoder.hpp"
#include "itch_rules.hpp"
#include "simulated_records.hpp"

namespace spymaster::feed {
namespace {

constexpr std::int64_t kCent = 10'000'000;
constexpr std::int64_t kDollar = 1'000'000'000;

const SimulationOptions& default_options() {
    static const SimulationOptions options = options_of("09:30-09:40", 400.0, 1, "SPY");
    return options;
}

// Made once for the tests that look at it.
const Records& default_share() {
    static const Records records = all_records(default_options());
    return records;
}

ItchRules replay(const Records& records) {
    ItchRules rules;
    for (const dbn::MboMsg& msg : records) rules.apply(msg);
    return rules;
}

TEST(SimulatedShare, BytesAreTheSameInEveryBuild) {
    EXPECT_EQ(fnv(all_records(options_of("09:30-09:31", 400.0, 7, "SPY"))), 1523169744966352432U);
}

TEST(SimulatedShare, AnotherSeedOrShareIsAnotherMarket) {
    const std::uint64_t hash = fnv(all_records(options_of("09:30-09:31", 100.0, 1, "SPY")));
    EXPECT_NE(hash, fnv(all_records(options_of("09:30-09:31", 100.0, 2, "SPY"))));
    EXPECT_NE(hash, fnv(all_records(options_of("09:30-09:31", 100.0, 1, "QQQ"))));
}

TEST(SimulatedShare, KeepsToItchWithNothingWrong) {
    const ItchFindings found = replay(default_share()).found;
    EXPECT_EQ(found.foreign_records, 0U);
    EXPECT_EQ(found.modifies, 0U);
    EXPECT_EQ(found.clears, 1U);
    EXPECT_EQ(found.bad_values, 0U);
    EXPECT_EQ(found.used_ids, 0U);
    EXPECT_EQ(found.unknown, 0U);
    EXPECT_EQ(found.wrong_orders, 0U);
    EXPECT_EQ(found.over_cancels, 0U);
    EXPECT_EQ(found.not_the_best, 0U);
    EXPECT_EQ(found.not_the_first, 0U);
    EXPECT_EQ(found.crossed, 0U);
    EXPECT_EQ(found.locked, 0U);
    EXPECT_EQ(found.times_back, 0U);
    EXPECT_EQ(found.bad_deltas, 0U);
    EXPECT_EQ(found.bad_flags, 0U);
    EXPECT_EQ(found.broken_events, 0U);
    EXPECT_GT(found.executions, 5'000U);
    EXPECT_GT(found.hidden, 300U);
    EXPECT_GT(found.replaces, 3'000U);
    EXPECT_GT(found.partial_cancels, 100U);
    EXPECT_GT(found.sweeps, 50U);
    EXPECT_GT(found.rests, 100U);
    EXPECT_GT(found.odd_lots, found.adds / 10);
    EXPECT_LT(found.odd_lots, found.adds / 2);
}

// The checks can fail: every tenth-thousandth record changed in one way each time.
TEST(SimulatedShare, TheChecksNoticeWhatIsChanged) {
    const auto wrong_after = [](auto change) {
        ItchRules rules;
        std::size_t i = 0;
        for (dbn::MboMsg msg : default_share()) {
            if (++i % 10'000 == 0) change(msg);
            rules.apply(msg);
        }
        return rules.found.wrong();
    };
    EXPECT_EQ(wrong_after([](dbn::MboMsg&) {}), 0U);
    EXPECT_GT(wrong_after([](dbn::MboMsg& msg) { msg.price += 1; }), 30U);
    EXPECT_GT(wrong_after([](dbn::MboMsg& msg) { msg.size += 1'000'000; }), 10U);
    EXPECT_GT(wrong_after([](dbn::MboMsg& msg) { msg.order_id = 7; }), 30U);
    EXPECT_GT(wrong_after([](dbn::MboMsg& msg) { msg.action = 'M'; }), 30U);
    EXPECT_GT(wrong_after([](dbn::MboMsg& msg) { msg.flags ^= dbn::flag::last; }), 30U);
    EXPECT_GT(wrong_after([](dbn::MboMsg& msg) { msg.ts_recv += 1; }), 30U);
    EXPECT_GT(wrong_after([](dbn::MboMsg& msg) { msg.side = msg.side == 'A' ? 'B' : 'A'; }), 10U);
}

TEST(SimulatedShare, ManySeedsKeepToItch) {
    for (std::uint64_t seed = 200; seed < 208; ++seed) {
        const char* symbol = seed % 2 == 0 ? "SPY" : "QQQ";
        EXPECT_EQ(replay(all_records(options_of("10:00-10:05", 300.0, seed, symbol))).found.wrong(), 0U)
            << symbol << ' ' << seed;
    }
}

TEST(SimulatedShare, BeginsWithAClearAndTheFirstOrdersComeAtFour) {
    const Records& records = default_share();
    const dbn::MboMsg& clear = records.front();
    EXPECT_EQ(clear.action, 'R');
    EXPECT_EQ(clear.side, 'N');
    EXPECT_EQ(clear.order_id, 0U);
    EXPECT_EQ(clear.size, 0U);
    EXPECT_EQ(clear.price, dbn::kUndefPrice);
    EXPECT_EQ(clear.flags, 130);
    const std::int64_t four = *market::local_instant(default_options().date, 4 * 3600, "America/New_York");
    EXPECT_EQ(four, default_options().date.midnight_utc_ns() + 9 * 3'600 * market::kNanosPerSecond);
    EXPECT_LT(static_cast<std::int64_t>(clear.hd.ts_event), four);
    EXPECT_GE(static_cast<std::int64_t>(records[1].hd.ts_event), four);
    EXPECT_LT(static_cast<std::int64_t>(records[1].hd.ts_event), four + market::kNanosPerSecond);

    std::uint64_t before_ramp = 0;
    for (const dbn::MboMsg& msg : records) {
        const auto ts = static_cast<std::int64_t>(msg.hd.ts_event);
        before_ramp += ts >= four + 20 * market::kNanosPerSecond &&
                       ts < default_options().session.start_ns - 600 * market::kNanosPerSecond;
    }
    EXPECT_GT(before_ramp, 5'000U);  // thin: 5 hours and 20 minutes at most 0.6 a second
    EXPECT_LT(before_ramp, 15'000U);
}

// The hour of the opening is New York's, in summer too.
TEST(SimulatedShare, OpensAtFourInSummer) {
    SimulationOptions options = options_of("09:30-09:31", 100.0, 1, "SPY");
    options.date = {2026, 7, 7};
    options.session = *market::on_date(*market::parse_session("09:30-09:31"), options.date);
    const Records records = all_records(options);
    EXPECT_EQ(static_cast<std::int64_t>(records[1].hd.ts_event) / (3'600 * market::kNanosPerSecond),
              options.date.midnight_utc_ns() / (3'600 * market::kNanosPerSecond) + 8);
    EXPECT_EQ(replay(records).found.wrong(), 0U);
}

TEST(SimulatedShare, ThePaceIsTheOneAskedFor) {
    for (const double pace : {50.0, 400.0, 2'000.0}) {
        const SimulationOptions options = options_of("09:30-09:35", pace, 3, "SPY");
        std::uint64_t in_session = 0;
        for (const dbn::MboMsg& msg : all_records(options))
            in_session += static_cast<std::int64_t>(msg.hd.ts_event) >= options.session.start_ns;
        EXPECT_NEAR(static_cast<double>(in_session) / 300.0, pace, 0.05 * pace);
    }
}

TEST(SimulatedShare, TheProjectsBookFindsNothingWrong) {
    book::Book book(market::PriceDelta{kCent});
    ItchRules rules;
    for (const dbn::MboMsg& msg : default_share()) {
        book.apply(msg);
        rules.apply(msg);
    }
    EXPECT_EQ(book.anomalies().total(), 0U);
    EXPECT_EQ(book.crossed_publishes().count, 0U);
    EXPECT_EQ(book.orders().size(), rules.order_count());
}

// A tenth of the future's price, and it goes where the future goes.
TEST(SimulatedShare, FollowsTheFutureOfTheSameSeed) {
    SimulatedMarket share = market_of(default_options());
    SimulatedMarket future = market_of(options_of("09:30-09:40", 400.0, 1));
    double widest = 0.0;
    std::int64_t lowest = INT64_MAX;
    std::int64_t highest = 0;
    const auto [start, end] = default_options().session;
    for (std::int64_t ts = start; ts < end; ts += market::kNanosPerSecond) {
        share.run_to(ts);
        future.run_to(ts);
        const std::int64_t mid = share.top().mid_int();
        lowest = std::min(lowest, mid);
        highest = std::max(highest, mid);
        const double expected = static_cast<double>(future.top().mid_int()) * 69'150 / 27'800 / 25;
        widest = std::max(widest, std::abs(static_cast<double>(mid) - expected) / static_cast<double>(kCent));
    }
    EXPECT_LT(widest, 20.0);  // cents; the future's mid itself is up to 1.5 points off its efficient price
    EXPECT_GT(highest - lowest, kDollar);
}

// Many thin levels a cent apart, and clusters at whole and half dollars.
TEST(SimulatedShare, DepthIsThinAndClustersAtWholeAndHalfDollars) {
    const ItchRules rules = replay(default_share());
    const std::int64_t bid = rules.best_bid();
    EXPECT_LE(rules.best_ask() - bid, 10 * kCent);
    int filled = 0;
    for (std::int64_t k = 1; k <= 30; ++k)
        filled += rules.shares('B', bid - k * kCent, bid - (k - 1) * kCent) > 0;
    EXPECT_GT(filled, 20);
    std::int64_t whole = 0;
    std::int64_t half = 0;
    std::int64_t other = 0;  // of 98 cents of a dollar
    const std::int64_t base = bid / kDollar * kDollar;
    for (std::int64_t k = 1; k <= 40; ++k) {
        const std::int64_t dollar = base - k * kDollar;
        const std::int64_t here = rules.shares('B', dollar, dollar + kCent);
        const std::int64_t there = rules.shares('B', dollar + kDollar / 2, dollar + kDollar / 2 + kCent);
        whole += here;
        half += there;
        other += rules.shares('B', dollar, dollar + kDollar) - here - there;
    }
    EXPECT_GT(whole, half);
    EXPECT_GT(half, 5 * other / 98);
    EXPECT_GT(other, 0);
    EXPECT_LT(rules.order_count(), 30'000U);
}

TEST(SimulatedShare, SilencesHappenAndNothingIsLost) {
    const SimulationOptions options = options_of("09:30-10:30", 60.0, 5, "SPY");
    SimulatedMarket market = market_of(options);
    ItchRules rules;
    std::uint64_t silences = 0;
    std::uint64_t last = 0;
    for (auto some = market.next(); !some.empty(); some = market.next()) {
        for (const dbn::MboMsg& msg : some) {
            silences += last >= static_cast<std::uint64_t>(options.session.start_ns) &&
                        msg.hd.ts_event - last > 1'100'000'000U;
            last = msg.hd.ts_event;
            rules.apply(msg);
        }
    }
    EXPECT_GE(market.totals().silences, 8U);
    EXPECT_GE(silences, market.totals().silences);
    EXPECT_EQ(market.totals().losses, 0U);
    EXPECT_EQ(market.totals().snapshots, 0U);
    EXPECT_EQ(rules.found.wrong(), 0U);
    EXPECT_EQ(rules.found.clears, 1U);
}

TEST(SimulatedShare, AWholeDayStaysBoundedAndEndsAtEight) {
    const SimulationOptions options = options_of("full-day", 20.0, 1, "SPY");
    SimulatedMarket market = market_of(options);
    const std::int64_t open_ns = *market::local_instant(options.date, 4 * 3600, "America/New_York");
    ItchRules rules;
    std::size_t most = 0;
    std::uint64_t closed = 0;
    for (auto some = market.next(); !some.empty(); some = market.next()) {
        for (const dbn::MboMsg& msg : some) {
            rules.apply(msg);
            most = std::max(most, rules.order_count());
            closed += msg.action != 'R' && static_cast<std::int64_t>(msg.hd.ts_event) < open_ns;
        }
    }
    EXPECT_EQ(rules.found.wrong(), 0U);
    EXPECT_EQ(closed, 0U);
    EXPECT_LT(most, 40'000U);
    EXPECT_NEAR(static_cast<double>(market.totals().session_records), 20.0 * 86'400, 0.05 * 20.0 * 86'400);
}

TEST(SimulatedShare, SaysWhatItCannotDo) {
    EXPECT_EQ(SimulatedMarket::create(options_of("20:00-21:00 UTC", 400.0, 1, "SPYX")).error().code,
              ErrorCode::usage);
    EXPECT_EQ(SimulatedMarket::create(options_of("02:00-03:00", 400.0, 1, "SPY")).error().code,
              ErrorCode::usage);  // before the market opens
    EXPECT_EQ(SimulatedMarket::create(options_of("03:59-04:00", 400.0, 1, "SPY")).error().code,
              ErrorCode::usage);
}

// The checks above hold for real records too, as far as there are any at hand.
TEST(SimulatedShare, RealRecordsKeepTheSameConventions) {
    const char* const folder = std::getenv("SPYMASTER_TEST_DATA");
    const std::filesystem::path data = folder != nullptr ? folder : SPYMASTER_SOURCE_DIR "/../shared/data";
    const std::filesystem::path file = data / "dbn_vectors/python/XNAS.ITCH/test_data.mbo.dbn.zst";
    if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
    auto decoder = dbn::Decoder::open(file);
    ASSERT_TRUE(decoder.ok()) << decoder.error().message;
    ItchRules rules;
    for (auto block = decoder->next_block(); block.ok() && !block->empty(); block = decoder->next_block()) {
        for (std::size_t at = 0; at < block->size(); at += sizeof(dbn::MboMsg))
            rules.apply(dbn::load<dbn::MboMsg>(block->data() + at));
    }
    EXPECT_EQ(rules.order_count(), 4U);
    EXPECT_EQ(rules.found.wrong(), 0U);
}

}  // namespace
}  // namespace spymaster::feed
