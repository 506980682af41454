#include "feed/simulated/simulated_market.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <set>

#include "dbn/decoder.hpp"
#include "market/session.hpp"
#include "plain_book.hpp"
#include "simulated_records.hpp"

namespace spymaster::feed {
namespace {

// The default market; made once for the tests that look at it.
const Records& default_market() {
    static const Records records = all_records(options_of("09:30-09:40", 400.0, 1));
    return records;
}

PlainBook replay(const Records& records) {
    PlainBook book;
    for (const dbn::MboMsg& msg : records) book.apply(msg);
    return book;
}

TEST(SimulatedMarket, SameOptionsSameBytes) {
    const Records one = all_records(options_of("09:30-09:31", 400.0, 7));
    const Records two = all_records(options_of("09:30-09:31", 400.0, 7));
    ASSERT_EQ(one.size(), two.size());
    EXPECT_EQ(std::memcmp(one.data(), two.data(), one.size() * sizeof(dbn::MboMsg)), 0);
}

// The very bytes, so that another compiler, build type or processor that makes another market is
// noticed. A change of the
// simulator changes them: then this number is changed with it, knowingly.
TEST(SimulatedMarket, BytesAreTheSameInEveryBuild) {
    EXPECT_EQ(fnv(all_records(options_of("09:30-09:31", 400.0, 7))), 12812224487363166471U);
}

TEST(SimulatedMarket, AnotherSeedOrDateIsAnotherMarket) {
    const SimulationOptions options = options_of("09:30-09:31", 100.0, 1);
    SimulationOptions other_date = options;
    other_date.date = {2026, 1, 7};
    other_date.session = *market::on_date(*market::parse_session("09:30-09:31"), other_date.date);
    const std::uint64_t hash = fnv(all_records(options));
    EXPECT_NE(hash, fnv(all_records(options_of("09:30-09:31", 100.0, 2))));
    EXPECT_NE(hash, fnv(all_records(other_date)));
}

TEST(SimulatedMarket, BeginsWithASnapshotAsDatabentoWritesIt) {
    const Records& records = default_market();
    const SimulationOptions options = options_of("09:30-09:40", 400.0, 1);
    const auto midnight = static_cast<std::uint64_t>(options.date.midnight_utc_ns());
    const dbn::MboMsg& clear = records.front();
    EXPECT_EQ(clear.action, 'R');
    EXPECT_EQ(clear.side, 'N');
    EXPECT_EQ(clear.flags, 40);
    EXPECT_EQ(clear.price, dbn::kUndefPrice);
    EXPECT_EQ(clear.order_id, 0U);
    EXPECT_EQ(clear.size, 0U);
    EXPECT_EQ(clear.ts_recv, midnight);
    EXPECT_EQ(clear.hd.ts_event, records[1].hd.ts_event);

    std::size_t end = 1;
    while (is_snapshot(records[end])) {
        const dbn::MboMsg& add = records[end];
        ASSERT_EQ(add.action, 'A');
        ASSERT_EQ(add.ts_recv, midnight);
        ASSERT_LT(add.hd.ts_event, midnight);
        ASSERT_GE(add.hd.ts_event, records[end - 1].hd.ts_event);
        ASSERT_EQ(add.flags, is_snapshot(records[end + 1]) ? 40 : 168);
        ASSERT_GT(add.size, 0U);
        ++end;
    }
    EXPECT_GT(end, 8'000U);
    EXPECT_LT(end, 20'000U);
}

TEST(SimulatedMarket, ReplaysInAPlainBookWithNothingWrong) {
    const PlainBook book = replay(default_market());
    const Findings& found = book.found;
    EXPECT_EQ(found.unknown, 0U);
    EXPECT_EQ(found.duplicate_adds, 0U);
    EXPECT_EQ(found.over_cancels, 0U);
    EXPECT_EQ(found.crossed, 0U);
    EXPECT_EQ(found.empty_side, 0U);
    EXPECT_EQ(found.ts_recv_back, 0U);
    EXPECT_EQ(found.ts_event_back, 0U);
    EXPECT_EQ(found.before_sent, 0U);
    EXPECT_EQ(found.broken_events, 0U);
    EXPECT_GT(found.trade_events, 5'000U);
    EXPECT_GT(found.icebergs, 50U);
    EXPECT_GT(found.sweeps, 50U);
}

TEST(SimulatedMarket, ManySeedsReplayWithNothingWrong) {
    for (std::uint64_t seed = 100; seed < 112; ++seed) {
        const PlainBook book = replay(all_records(options_of("10:00-10:05", 300.0, seed)));
        EXPECT_EQ(book.found.wrong(), 0U) << "seed " << seed;
    }
}

TEST(SimulatedMarket, RecordsAreOfOneInstrumentOfGlobex) {
    const SimulatedMarket market = market_of(options_of("09:30-09:40", 400.0, 1));
    EXPECT_EQ(market.contract(), "ESH6");
    for (const dbn::MboMsg& msg : default_market()) {
        ASSERT_EQ(msg.hd.size(), sizeof(dbn::MboMsg));
        ASSERT_EQ(msg.hd.rtype, dbn::rtype::mbo);
        ASSERT_EQ(msg.hd.publisher_id, 1);
        ASSERT_EQ(msg.hd.instrument_id, market.instrument_id());
        ASSERT_TRUE(msg.action == 'R' || msg.price % 250'000'000 == 0);
    }
}

TEST(SimulatedMarket, OnlyFlagsThatRealFilesHave) {
    for (const auto& [what, count] : replay(default_market()).found.flags) {
        const auto [action, flags] = what;
        if (action == 'T' || action == 'F') {
            EXPECT_EQ(flags, 0) << action;
        } else {
            EXPECT_TRUE(flags == 0 || flags == 130 || (flags == 134 && action == 'A'))
                << action << ' ' << flags;
        }
    }
}

TEST(SimulatedMarket, SequencesGoUpAndOrderIdsDoNotAlways) {
    std::uint32_t sequence = 0;
    std::uint64_t id = 0;
    std::uint64_t adds = 0;
    std::uint64_t back = 0;
    std::set<std::uint64_t> seen;
    for (const dbn::MboMsg& msg : default_market()) {
        if (is_snapshot(msg)) continue;
        ASSERT_GE(msg.sequence, sequence);
        sequence = msg.sequence;
        if (msg.action != 'A') continue;
        ++adds;
        back += msg.order_id < id;
        id = msg.order_id;
        seen.insert(id);
    }
    EXPECT_EQ(seen.size(), adds);
    const double share = static_cast<double>(back) / static_cast<double>(adds);  // real ESH4 file: 6.6 %
    EXPECT_GT(share, 0.03);
    EXPECT_LT(share, 0.12);
}

TEST(SimulatedMarket, ThePaceIsTheOneAskedFor) {
    for (const double pace : {50.0, 400.0, 2'000.0}) {
        const SimulationOptions options = options_of("09:30-09:35", pace, 3);
        std::uint64_t in_session = 0;
        for (const dbn::MboMsg& msg : all_records(options)) {
            in_session +=
                !is_snapshot(msg) && static_cast<std::int64_t>(msg.hd.ts_event) >= options.session.start_ns;
        }
        EXPECT_NEAR(static_cast<double>(in_session) / 300.0, pace, 0.05 * pace);
    }
}

TEST(SimulatedMarket, NothingIsOutsideTheFile) {
    const SimulationOptions options = options_of("09:30-09:40", 400.0, 1);
    for (const dbn::MboMsg& msg : default_market()) {
        ASSERT_GE(static_cast<std::int64_t>(msg.ts_recv), options.date.midnight_utc_ns());
        ASSERT_LT(static_cast<std::int64_t>(msg.hd.ts_event), options.session.end_ns);
    }
}

TEST(SimulatedMarket, TheMixIsThatOfARealMarket) {
    const Findings found = replay(default_market()).found;
    double all = 0.0;
    for (const auto& [action, count] : found.actions) all += static_cast<double>(count);
    const auto share = [&](char action) { return static_cast<double>(found.actions.at(action)) / all; };
    // The real ESH4 hour: A 34, C 30, M 20, F 11, T 5 % of the records after the snapshot.
    EXPECT_NEAR(share('A'), 0.34, 0.10);
    EXPECT_NEAR(share('C'), 0.30, 0.10);
    EXPECT_NEAR(share('M'), 0.20, 0.10);
    EXPECT_NEAR(share('F'), 0.11, 0.06);
    EXPECT_NEAR(share('T'), 0.05, 0.03);
}

TEST(SimulatedMarket, ArrivalsComeInClusters) {
    const SimulationOptions options = options_of("09:30-09:40", 400.0, 1);
    std::vector<double> events(6'000);  // in tenths of a second
    for (const dbn::MboMsg& msg : default_market()) {
        const std::int64_t since = static_cast<std::int64_t>(msg.hd.ts_event) - options.session.start_ns;
        if (since >= 0 && !is_snapshot(msg) && (msg.flags & dbn::flag::last) != 0) {
            events.at(static_cast<std::size_t>(since / 100'000'000)) += 1.0;
        }
    }
    double mean = 0.0;
    double variance = 0.0;
    for (const double n : events) mean += n / 6'000.0;
    for (const double n : events) variance += (n - mean) * (n - mean) / 6'000.0;
    EXPECT_GT(variance, 2.0 * mean);  // independent arrivals would have variance = mean
}

// So that there is something to see: the touch moves, walls of several times the usual depth stand, and
// liquidity ahead of
// the price goes away.
TEST(SimulatedMarket, HasWallsVacuumsAndAMovingPrice) {
    constexpr std::int64_t kTick = 250'000'000;
    const SimulationOptions options = options_of("09:30-09:40", 400.0, 1);
    PlainBook book;
    std::int64_t next_look = options.session.start_ns;
    int walls = 0;
    int vacuums = 0;
    std::int64_t lowest = INT64_MAX;
    std::int64_t highest = 0;
    for (const dbn::MboMsg& msg : default_market()) {
        book.apply(msg);
        if (static_cast<std::int64_t>(msg.hd.ts_event) < next_look || (msg.flags & dbn::flag::last) == 0)
            continue;
        next_look += market::kNanosPerSecond;
        lowest = std::min(lowest, book.best_bid());
        highest = std::max(highest, book.best_bid());
        for (const char side : {'A', 'B'}) {
            std::int64_t wall = 0;
            std::int64_t sum = 0;
            for (std::int64_t k = 1; k <= 15; ++k) {
                const std::int64_t lots = side == 'B' ? book.lots('B', book.best_bid() - k * kTick)
                                                      : book.lots('A', book.best_ask() + k * kTick);
                wall = std::max(wall, lots);
                sum += lots;
            }
            walls += wall > 350;
            vacuums += sum < 15 * 30;
        }
    }
    EXPECT_GT(walls, 30);
    EXPECT_GT(vacuums, 10);
    EXPECT_GT(highest - lowest, 20 * kTick);
    EXPECT_LT(highest - lowest, 800 * kTick);
}

TEST(SimulatedMarket, SilencesAndLossesHappen) {
    const SimulationOptions options = options_of("09:30-10:30", 60.0, 5);
    SimulatedMarket market = market_of(options);
    PlainBook book;
    std::uint64_t losses = 0;
    std::uint64_t clears = 0;
    bool waits_for_snapshot = false;
    bool clean = true;
    std::uint64_t silences = 0;
    std::uint64_t last_event = 0;
    for (auto some = market.next(); !some.empty(); some = market.next()) {
        for (const dbn::MboMsg& msg : some) {
            clears += msg.action == 'R';
            if (waits_for_snapshot) clean = clean && msg.action == 'R';
            waits_for_snapshot = (msg.flags & dbn::flag::maybe_bad_book) != 0;
            losses += waits_for_snapshot;
            if (!is_snapshot(msg)) {
                const bool in_session = last_event >= static_cast<std::uint64_t>(options.session.start_ns);
                silences += in_session && msg.hd.ts_event - last_event > 1'100'000'000U;
                last_event = msg.hd.ts_event;
            }
            book.apply(msg);
        }
    }
    EXPECT_TRUE(clean) << "a record flagged MAYBE_BAD_BOOK is followed by a snapshot";
    EXPECT_GE(losses, 1U);
    EXPECT_EQ(losses, market.totals().losses);
    EXPECT_EQ(clears, losses + 1);
    EXPECT_EQ(clears, market.totals().snapshots);
    EXPECT_GE(silences, market.totals().silences);
    EXPECT_GE(market.totals().silences, 8U);
    EXPECT_EQ(book.found.wrong(), 0U);
}

// The snapshot after a loss is the market as it went on: the orders do not grow without bound, and the
// halt is empty.
TEST(SimulatedMarket, AWholeDayStaysBoundedAndHalts) {
    const SimulationOptions options = options_of("full-day", 6.0, 1);
    SimulatedMarket market = market_of(options);
    const std::int64_t halt_ns = *market::local_instant(options.date, 17 * 3600, "America/New_York");
    PlainBook book;
    std::uint64_t in_halt = 0;
    std::size_t most = 0;
    double progress = 0.0;
    for (auto some = market.next(); !some.empty(); some = market.next()) {
        EXPECT_GE(market.progress(), progress);
        progress = market.progress();
        EXPECT_LT(some.size(), 50'000U);
        for (const dbn::MboMsg& msg : some) {
            const auto ts = static_cast<std::int64_t>(msg.hd.ts_event);
            in_halt += ts >= halt_ns && ts < halt_ns + 3'600 * market::kNanosPerSecond;
            book.apply(msg);
            most = std::max(most, book.order_count());
        }
    }
    EXPECT_EQ(progress, 1.0);
    EXPECT_EQ(book.found.wrong(), 0U);
    EXPECT_EQ(in_halt, 0U);
    EXPECT_LT(most, 40'000U);
    EXPECT_NEAR(static_cast<double>(market.totals().session_records), 6.0 * 86'400, 0.05 * 6.0 * 86'400);
}

TEST(SimulatedMarket, SaysWhatItCannotDo) {
    SimulationOptions saturday = options_of("09:30-09:40", 400.0, 1);
    saturday.date = {2026, 1, 10};
    EXPECT_EQ(SimulatedMarket::create(saturday).error().code, ErrorCode::usage);

    SimulationOptions unknown = options_of("09:30-09:40", 400.0, 1);
    unknown.symbol = "CLH6";
    EXPECT_NE(SimulatedMarket::create(unknown).error().message.find("ES, MES, NQ, MNQ"), std::string::npos);

    EXPECT_EQ(SimulatedMarket::create(options_of("17:10-17:20", 400.0, 1)).error().code,
              ErrorCode::usage);  // the halt
    EXPECT_EQ(SimulatedMarket::create(options_of("20:00-21:00", 400.0, 1)).error().code,
              ErrorCode::usage);  // after 24:00 UTC
    EXPECT_EQ(SimulatedMarket::create(options_of("09:30-09:40", 0.0, 1)).error().code, ErrorCode::usage);
    EXPECT_EQ(SimulatedMarket::create(options_of("09:30-09:40", std::nan(""), 1)).error().code,
              ErrorCode::usage);
}

TEST(SimulatedMarket, KnowsItsContracts) {
    SimulationOptions options = options_of("09:30-09:31", 50.0, 1);
    options.symbol = "NQM6";
    const SimulatedMarket named = market_of(options);
    EXPECT_EQ(named.contract(), "NQM6");
    options.symbol = "MES";
    const SimulatedMarket front = market_of(options);
    EXPECT_EQ(front.contract(), "MESH6");
    EXPECT_NE(named.instrument_id(), front.instrument_id());
    options.symbol = "NQ";
    EXPECT_EQ(replay(all_records(options)).found.wrong(), 0U);
}

// The conventions that the checks above hold the simulator to are those of a real file: its events pass
// them too.
TEST(SimulatedMarket, RealEventsKeepTheSameConventions) {
    const char* const folder = std::getenv("SPYMASTER_TEST_DATA");
    const std::filesystem::path data = folder != nullptr ? folder : SPYMASTER_SOURCE_DIR "/../shared/data";
    const std::filesystem::path file = data / "real/esh4-glbx-mdp3-20231225.mbo.dbn.zst";
    if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
    auto decoder = dbn::Decoder::open(file);
    ASSERT_TRUE(decoder.ok()) << decoder.error().message;
    PlainBook book;
    for (auto block = decoder->next_block(); block.ok() && !block->empty(); block = decoder->next_block()) {
        for (std::size_t at = 0; at < block->size(); at += sizeof(dbn::MboMsg)) {
            book.apply(dbn::load<dbn::MboMsg>(block->data() + at));
        }
    }
    const Findings& found = book.found;
    EXPECT_EQ(found.events, 47'022U);
    EXPECT_EQ(found.unknown, 7U);  // Fills of the opening auction, of side N; no Cancel and no Modify
    EXPECT_EQ(found.over_cancels, 0U);
    EXPECT_EQ(found.ts_recv_back, 0U);
    EXPECT_EQ(found.crossed, 891U);  // all before the open
    // Of 2,853 events with trades some have more than the simulator makes: stops set off, orders
    // replaced in the same event.
    EXPECT_LT(found.broken_events, found.events / 100);
}

}  // namespace
}  // namespace spymaster::feed
