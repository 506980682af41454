// The clock, the session's edges, the anchors and the rest age.
#include <gtest/gtest.h>

#include "../book/random_stream.hpp"
#include "../book/records.hpp"
#include "kept_windows.hpp"
#include "windows/window_engine.hpp"

namespace spymaster::testing {
namespace {

constexpr std::int64_t kT = 1000 * kSecond;

class Clock : public ::testing::Test {
  protected:
    void apply(std::initializer_list<Record> records) {
        for (const Record& r : records) engine.apply(r);
    }
    const windows::DepthAndFlow1s* row(std::size_t window, market::Side side, std::int64_t price) {
        for (const auto& r : kept.windows.at(window).flow) {
            if (r.side == side && r.price_int == price) return &r;
        }
        return nullptr;
    }

    KeptWindows kept;
    windows::WindowEngine engine{market::Grid{}, {kT, kT + 10 * kSecond}, kept};
};

TEST_F(Clock, ASessionOfNSecondsHasOneWindowMore) {
    engine.finish();
    ASSERT_EQ(kept.windows.size(), 11U);
    EXPECT_EQ(kept.windows.front().snapshot.window_end_ts_ns, kT);
    EXPECT_EQ(kept.windows.back().snapshot.window_end_ts_ns, kT + 10 * kSecond);
    for (const windows::Window& window : kept.windows) {
        EXPECT_TRUE(window.flow.empty());
        EXPECT_FALSE(window.snapshot.book_valid);
    }
    engine.finish();
    EXPECT_EQ(kept.windows.size(), 11U);
}

TEST_F(Clock, EverySkippedSecondIsEmitted) {
    apply(
        {add(1, 'B', ticks(100), 5).at(kT - 3600 * kSecond), add(2, 'B', ticks(99), 5).at(kT + 4 * kSecond)});
    ASSERT_EQ(kept.windows.size(), 5U);
    EXPECT_EQ(kept.windows[3].flow.size(), 1U);
    engine.finish();
    ASSERT_EQ(kept.windows.size(), 11U);
    for (std::size_t i = 0; i < 11; ++i) {
        EXPECT_EQ(kept.windows[i].snapshot.window_start_ts_ns,
                  kT + (static_cast<std::int64_t>(i) - 1) * kSecond);
        EXPECT_EQ(kept.windows[i].snapshot.record_count, i == 5 ? 1 : 0);
    }
}

TEST_F(Clock, NothingComesAfterTheSession) {
    apply({add(1, 'B', ticks(100), 5).at(kT), add(2, 'B', ticks(101), 5).at(kT + 10 * kSecond)});
    EXPECT_TRUE(engine.done());
    EXPECT_EQ(kept.windows.size(), 11U);
    EXPECT_EQ(kept.windows.back().snapshot.best_bid_price_int, ticks(100));
    apply({add(3, 'B', ticks(102), 5).at(kT)});
    engine.finish();
    EXPECT_EQ(engine.totals().records, 1U);
    EXPECT_EQ(kept.windows.size(), 11U);
}

TEST_F(Clock, ALateRecordBelongsToTheCurrentWindow) {
    apply({add(1, 'B', ticks(100), 5).at(kT + kSecond), add(2, 'B', ticks(99), 5).at(kT)});
    engine.finish();
    EXPECT_EQ(kept.windows[2].snapshot.record_count, 2);
    EXPECT_EQ(kept.windows[2].snapshot.late_count, 1);
    EXPECT_EQ(engine.totals().late_records, 1U);
}

TEST_F(Clock, TheWindowOfASnapshotIsWhenItWasTaken) {
    apply(
        {add(1, 'B', ticks(100), 5).at(kT - 99 * kSecond).received(kT + kSecond).with(dbn::flag::snapshot)});
    engine.finish();
    EXPECT_EQ(kept.windows[2].snapshot.record_count, 1);
    EXPECT_EQ(kept.windows[2].snapshot.late_count, 0);
    EXPECT_FALSE(kept.windows[2].snapshot.window_valid);
}

TEST_F(Clock, AnAbsurdTimeEndsTheSessionAndNothingElse) {
    Record r = add(1, 'B', ticks(100), 5).at(kT);
    r.hd.ts_event = dbn::kUndefTimestamp;  // ts_recv stands in
    apply({r});
    EXPECT_EQ(engine.totals().records, 1U);
    r.hd.ts_event = r.ts_recv = (std::uint64_t{1} << 63) - 1;
    apply({r});
    EXPECT_TRUE(engine.done());
    EXPECT_EQ(kept.windows.size(), 11U);
}

TEST_F(Clock, RestIsAgeAtWindowEndInclusive) {
    apply({add(1, 'B', ticks(100), 5).at(kT + kSecond / 2),
           add(2, 'B', ticks(100), 3).at(kT + kSecond / 2 + 1)});
    engine.finish();
    ASSERT_NE(row(2, market::Side::bid, ticks(100)), nullptr);
    EXPECT_EQ(row(2, market::Side::bid, ticks(100))->depth_qty_rest, 8);
    EXPECT_EQ(row(2, market::Side::bid, ticks(100))->depth_qty_start, 8);
    EXPECT_TRUE(kept.windows[1].flow.empty()) << "no spot at the start of that window";
}

TEST_F(Clock, RestInTheWindowOfEntry) {
    apply({add(9, 'A', ticks(101), 1).at(kT - 5 * kSecond)});  // gives the window a spot
    apply({add(1, 'B', ticks(100), 5).at(kT + kSecond / 2),
           add(2, 'B', ticks(100), 3).at(kT + kSecond / 2 + 1)});
    engine.finish();
    EXPECT_EQ(row(1, market::Side::bid, ticks(100))->depth_qty_rest, 5);
    EXPECT_EQ(row(1, market::Side::bid, ticks(100))->depth_qty_end, 8);
    EXPECT_EQ(row(2, market::Side::bid, ticks(100))->depth_qty_rest, 8);
}

TEST_F(Clock, SpotIsTheLastTradeWhileOnTheBookElseTheNearerBest) {
    apply({add(1, 'B', ticks(100), 5).at(kT), add(2, 'A', ticks(104), 5).at(kT),
           add(3, 'A', ticks(103), 5).at(kT)});
    apply({record('N', 0, 'N', 0, 0).at(kT + kSecond)});          // window 2: both sides, no trade: bid
    apply({trade('B', ticks(104), 1).at(kT + kSecond)});          // window 3: 104 is on the book
    apply({trade('B', ticks(102), 1).at(kT + 3 * kSecond)});      // window 5: 102 is not; the ask is nearer
    apply({cancel(3, 'A', ticks(103), 5).at(kT + 4 * kSecond)});  // window 6: a tie of 2: bid
    apply({cancel(1, 'B', ticks(100), 5).at(kT + 5 * kSecond)});  // window 7: only an ask
    apply({cancel(2, 'A', ticks(104), 5).at(kT + 6 * kSecond)});  // window 8: neither: the last trade
    engine.finish();
    const std::vector<std::int64_t> spots{0, 0, 100, 104, 104, 103, 100, 104, 102, 102, 102};
    for (std::size_t i = 0; i < 11; ++i)
        EXPECT_EQ(kept.windows[i].snapshot.spot_ref_price_int, ticks(spots[i])) << i;
}

TEST_F(Clock, RowsReachTheHalfWidthInclusive) {
    apply({add(1, 'B', ticks(1000), 5).at(kT), add(2, 'A', ticks(1200), 5).at(kT),
           add(3, 'A', ticks(1201), 5).at(kT)});
    apply({add(4, 'B', ticks(800), 5).at(kT), add(5, 'B', ticks(800) - 1, 5).at(kT),
           add(6, 'A', ticks(1100) + kTick / 2, 5).at(kT)});
    engine.finish();
    const auto& flow = kept.windows[2].flow;
    ASSERT_EQ(flow.size(), 4U);
    EXPECT_EQ(flow[0].price_int, ticks(800));
    EXPECT_EQ(flow[0].rel_ticks, -200);
    EXPECT_EQ(flow[1].rel_ticks, 0);
    EXPECT_EQ(flow[2].rel_ticks, 100);  // 100.5: halves to even
    EXPECT_EQ(flow[3].rel_ticks, 200);
    EXPECT_EQ(flow[3].rel_ticks_side, 100);  // from 1100.5: 99.5
    EXPECT_EQ(flow[2].rel_ticks_side, 0);
}

TEST_F(Clock, AWindowWithAClearIsMarkedAndItsStartDeduced) {
    apply({clear().at(kT - kSecond).last(), add(1, 'B', ticks(100), 5).at(kT - kSecond)});
    apply({clear().at(kT + 1), add(2, 'B', ticks(100), 3).at(kT + 2).last()});
    engine.finish();
    EXPECT_FALSE(kept.windows[1].snapshot.window_valid);
    EXPECT_TRUE(kept.windows[1].snapshot.book_valid);
    EXPECT_EQ(row(1, market::Side::bid, ticks(100))->depth_qty_start, 0);  // 3 - 3 + 0 + 0
    EXPECT_TRUE(kept.windows[2].snapshot.window_valid);
    EXPECT_EQ(kept.windows[2].snapshot.epoch, 2);
    EXPECT_EQ(engine.totals().identity_violations, 0U);
}

TEST_F(Clock, CrossedLastsWhileItStands) {
    apply({add(1, 'B', ticks(101), 5).at(kT), add(2, 'A', ticks(100), 5).at(kT).last()});
    apply({cancel(1, 'B', ticks(101), 5).at(kT + 2 * kSecond).last()});
    engine.finish();
    const std::vector<bool> crossed{false, true, true, true, false};
    for (std::size_t i = 0; i < crossed.size(); ++i)
        EXPECT_EQ(kept.windows[i].snapshot.crossed, crossed[i]) << i;
}

TEST(Prefix, OfTheRecordsGivesAPrefixOfTheWindows) {
    const auto records = RandomStream(5, {.chaos = 0.2}).take(3'000);
    const market::SessionWindow session{kT, kT + 40 * kSecond};
    const auto run = [&](std::size_t count) {
        KeptWindows kept;
        windows::WindowEngine engine(market::Grid{}, session, kept);
        for (std::size_t i = 0; i < count; ++i) engine.apply(records[i]);
        return std::move(kept.windows);
    };
    const auto whole = run(records.size());
    for (std::size_t count = 0; count < records.size(); count += 371) {
        const auto part = run(count);
        ASSERT_LE(part.size(), whole.size());
        for (std::size_t i = 0; i < part.size(); ++i) expect_same_window(part[i], whole[i]);
    }
}

}  // namespace
}  // namespace spymaster::testing
