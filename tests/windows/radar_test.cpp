// Buckets, micro-cases, derivatives and their resets, and properties of the wall and the radar.
#include <gtest/gtest.h>

#include <cmath>

#include "../book/random_stream.hpp"
#include "kept_windows.hpp"
#include "plain_reference.hpp"
#include "windows/radar/buckets.hpp"
#include "windows/radar/depth_statistics.hpp"
#include "windows/window_engine.hpp"

namespace spymaster::testing {
namespace {

using market::Side;
using windows::Bucket;
using windows::Compatibility;
using windows::RadarFeature;
using windows::WallRow1s;
using windows::Window;

constexpr std::int64_t kB = ticks(20'000);  // a price that things happen around

std::vector<Window> run(const std::vector<Record>& records, std::int64_t seconds,
                        Compatibility rules = Compatibility::corrected, const market::Grid& grid = {}) {
    KeptWindows kept;
    windows::WindowEngine engine(grid, {kSecond, seconds * kSecond}, kept, rules);
    for (const Record& r : records) engine.apply(r);
    engine.finish();
    return std::move(kept.windows);
}

const WallRow1s* find(const Window& window, Side side, std::int64_t price) {
    for (const WallRow1s& row : window.wall) {
        if (row.side == side && row.price_int == price) return &row;
    }
    return nullptr;
}

Record at_s(const Record& r, double seconds) {
    return r.at(static_cast<std::int64_t>(std::llround(seconds * 1e9))).last();
}

TEST(RadarBuckets, ByTicksFromSpot) {
    const windows::Buckets buckets(kTick);
    constexpr std::array kWant{Bucket::at,   Bucket::at,  Bucket::at,  Bucket::near, Bucket::near,
                               Bucket::near, Bucket::mid, Bucket::mid, Bucket::mid,  Bucket::mid,
                               Bucket::mid,  Bucket::mid, Bucket::mid, Bucket::mid,  Bucket::mid,
                               Bucket::far,  Bucket::far, Bucket::far, Bucket::far,  Bucket::far,
                               Bucket::far,  Bucket::out, Bucket::out};
    for (std::size_t k = 0; k < kWant.size(); ++k) {
        const std::int64_t away = ticks(static_cast<std::int64_t>(k));
        EXPECT_EQ(buckets.of(Side::ask, kB + away, kB), kWant[k]) << k;
        EXPECT_EQ(buckets.of(Side::bid, kB - away, kB), kWant[k]) << k;
        if (k == 0) continue;
        EXPECT_EQ(buckets.of(Side::ask, kB - away, kB), Bucket::out) << k;
        EXPECT_EQ(buckets.of(Side::bid, kB + away, kB), Bucket::out) << k;
    }
}

// Of odd and even ticks, every price half-way between two k and its neighbours, as the plain twin rounds them.
TEST(RadarBuckets, HalvesGoToTheEvenTick) {
    for (const std::int64_t tick : {kTick, std::int64_t{10'000'000}, std::int64_t{7}, std::int64_t{1}}) {
        const windows::Buckets buckets(tick);
        const PlainRadar plain(Compatibility::corrected, tick, 0);
        for (std::int64_t halves = 0; halves <= 46; ++halves) {
            for (std::int64_t off = -1; off <= 1; ++off) {
                const std::int64_t away = halves * tick / 2 + off;
                EXPECT_EQ(static_cast<int>(buckets.of(Side::ask, kB + away, kB)),
                          plain.bucket('A', kB + away, kB));
                EXPECT_EQ(static_cast<int>(buckets.of(Side::bid, kB - away, kB)),
                          plain.bucket('B', kB - away, kB));
            }
        }
    }
    const windows::Buckets buckets(kTick);
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(buckets.of(Side::bid, -kMax - 1, kMax), Bucket::out);
    EXPECT_EQ(buckets.of(Side::ask, kMax, 1), Bucket::out);
    EXPECT_EQ(windows::Buckets(kMax).of(Side::ask, kMax, 1), Bucket::at);
}

TEST(RadarDepth, OfAnEmptySideAndOfSomeLevels) {
    EXPECT_EQ(windows::depth_statistics({}, Side::ask, kB, kTick), windows::DepthStatistics{});
    EXPECT_EQ(windows::depth_statistics({{kB - ticks(1), 5}, {kB + ticks(21), 5}}, Side::ask, kB, kTick),
              windows::DepthStatistics{});
    const windows::DepthStatistics got = windows::depth_statistics(
        {{kB + ticks(1), 2}, {kB + ticks(4), 3}, {kB + ticks(10), 4}, {kB + ticks(20), 1}}, Side::ask, kB,
        kTick);
    EXPECT_EQ(got, (windows::DepthStatistics{10, 2, 3, 1, (2 + 12 + 40 + 20) / 10.0, 1}));
}

// Appendix B: what the reference makes of them, and what is true. Rules of the reference put spot at the last trade.
TEST(RadarMicroCases, PartialCancelsAndFills) {
    const std::vector<Record> stream{
        at_s(trade('A', kB, 1), 1),           at_s(add(1, 'B', kB, 10), 1),
        at_s(cancel(1, 'B', kB, 4), 1),       at_s(add(2, 'B', kB - kTick, 10), 1),
        at_s(fill(2, 'B', kB - kTick, 4), 1), at_s(cancel(2, 'B', kB - kTick, 4), 1)};
    PlainReference plain(128);
    for (Record r : stream) r.flags = 0, plain.apply(r);
    plain.finish();
    ASSERT_EQ(plain.windows.size(), 1U);
    ASSERT_EQ(plain.windows[0].wall.size(), 2U);
    EXPECT_EQ(plain.windows[0].wall[1].pull_qty_total, 10);
    EXPECT_EQ(plain.windows[0].wall[1].depth_qty_end, 0);
    EXPECT_EQ(plain.windows[0].wall[0].fill_qty, 4);
    EXPECT_EQ(plain.windows[0].wall[0].pull_qty_total, 6);

    const Window window = run(stream, 2, Compatibility::reference).at(1);
    const WallRow1s *b = find(window, Side::bid, kB), *below = find(window, Side::bid, kB - kTick);
    ASSERT_TRUE(b != nullptr && below != nullptr);
    EXPECT_EQ(std::tuple(b->add_qty, b->pull_qty_total, b->depth_qty_end), std::tuple(10, 4, 6));
    EXPECT_EQ(std::tuple(below->add_qty, below->fill_qty, below->pull_qty_total, below->depth_qty_end),
              std::tuple(10, 4, 0, 6));
}

TEST(RadarMicroCases, FlagLastIsNoSnapshot) {
    std::vector<Record> stream{at_s(add(1, 'B', kB, 10), 1),           at_s(add(2, 'A', kB + kTick, 10), 1),
                               at_s(trade('B', kB + kTick, 1), 1),     at_s(fill(2, 'A', kB + kTick, 1), 1),
                               at_s(modify(2, 'A', kB + kTick, 9), 1), at_s(add(3, 'B', kB - kTick, 5), 2),
                               at_s(add(4, 'B', kB - kTick, 5), 3)};
    for (const std::size_t unflagged : {2U, 3U}) stream[unflagged].flags = 0;
    PlainReference plain(128);
    for (const Record& r : stream) plain.apply(r);
    plain.finish();
    ASSERT_EQ(plain.windows.size(), 3U);
    EXPECT_EQ(plain.windows[0].snapshot.bid, 0);
    EXPECT_EQ(plain.windows[0].wall.at(1).fill_qty, 1);
    EXPECT_EQ(plain.windows[0].wall.at(1).depth_qty_end, 0);
    EXPECT_EQ(plain.windows[2].snapshot.bid_qty, 10);
    EXPECT_FALSE(plain.windows[2].snapshot.book_valid);

    const auto windows = run(stream, 4, Compatibility::reference);
    const WallRow1s* ask = find(windows.at(1), Side::ask, kB + kTick);
    ASSERT_NE(ask, nullptr);
    EXPECT_EQ(std::tuple(ask->add_qty, ask->fill_qty, ask->pull_qty_total, ask->depth_qty_end),
              std::tuple(10, 1, 0, 9));
    EXPECT_EQ(windows.at(3).snapshot.best_bid_price_int, kB);
}

// A clear in a window: the wall keeps what happened before it, the radar begins anew.
TEST(RadarMicroCases, AClearInTheMiddle) {
    const std::vector<Record> stream{
        at_s(clear(), 1),   at_s(trade('A', kB, 1), 1.5),  at_s(add(1, 'B', kB, 10), 2),
        at_s(clear(), 2.1), at_s(add(2, 'B', kB, 3), 2.2), at_s(add(3, 'B', kB, 1), 3)};
    const auto windows = run(stream, 4);
    const Window& cleared = windows.at(2);
    EXPECT_FALSE(cleared.snapshot.window_valid);
    EXPECT_TRUE(windows.at(3).snapshot.window_valid);
    const WallRow1s* row = find(cleared, Side::bid, kB);
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(std::tuple(row->depth_qty_start, row->add_qty, row->depth_qty_end), std::tuple(0, 13, 3));
    ASSERT_TRUE(cleared.radar);
    EXPECT_DOUBLE_EQ(cleared.radar->of(RadarFeature::u13_bid_add_intensity_log), std::log1p(3.0));
}

// A snapshot's orders were there before: no adds, though the reference counts them.
TEST(RadarMicroCases, ASnapshot) {
    constexpr std::uint8_t kFlags = dbn::flag::snapshot | dbn::flag::bad_ts_recv;
    const std::vector<Record> stream{at_s(clear(), 1), at_s(trade('A', kB, 1), 1.5),
                                     clear().with(kFlags).at(2 * kSecond),
                                     at_s(add(7, 'B', kB, 4), 2).with(kFlags), at_s(add(8, 'B', kB, 1), 4)};
    for (const Compatibility rules : {Compatibility::corrected, Compatibility::reference}) {
        const auto windows = run(stream, 5, rules);
        const bool reference = rules == Compatibility::reference;
        EXPECT_FALSE(windows.at(2).snapshot.window_valid);
        EXPECT_TRUE(windows.at(3).snapshot.window_valid);
        const WallRow1s* row = find(windows.at(2), Side::bid, kB);
        ASSERT_NE(row, nullptr);
        EXPECT_EQ(row->add_qty, reference ? 4 : 0);
        EXPECT_EQ(row->depth_qty_start, reference ? 0 : 4);
        EXPECT_DOUBLE_EQ(windows.at(2).radar->of(RadarFeature::u13_bid_add_intensity_log),
                         std::log1p(reference ? 4.0 : 0.0));
        EXPECT_DOUBLE_EQ(windows.at(4).radar->of(RadarFeature::u13_bid_add_intensity_log),
                         std::log1p(1.0 / 5.0));
    }
}

// Rested orders near the touch: what a fill takes is no pull and not repriced; what else is, is.
TEST(RadarMicroCases, RepricingAndPulling) {
    const std::vector<Record> stream{at_s(clear(), 1),
                                     at_s(add(1, 'A', kB + ticks(2), 10), 1),
                                     at_s(add(2, 'A', kB + ticks(4), 6), 1),
                                     at_s(add(3, 'A', kB + ticks(5), 7), 1),
                                     at_s(add(4, 'B', kB, 5), 1),
                                     at_s(trade('A', kB, 1), 1),
                                     at_s(fill(1, 'A', kB + ticks(2), 4), 3),
                                     at_s(modify(1, 'A', kB + ticks(2), 6), 3),   // settles the fill
                                     at_s(modify(2, 'A', kB + ticks(7), 6), 3),   // away, within influence
                                     at_s(modify(3, 'A', kB + ticks(3), 7), 3),   // toward
                                     at_s(cancel(1, 'A', kB + ticks(2), 2), 3)};  // of 6: a pull of 2 from at
    const Window window = run(stream, 4).at(3);
    ASSERT_TRUE(window.radar && window.snapshot.window_valid);
    EXPECT_DOUBLE_EQ(window.radar->of(RadarFeature::f1_ask_reprice_away_share_rest), 6.0 / 14.0);
    EXPECT_DOUBLE_EQ(window.radar->of(RadarFeature::f2_ask_pull_intensity_log_rest), std::log1p(2.0 / 24.0));
    EXPECT_DOUBLE_EQ(window.radar->of(RadarFeature::f2_ask_at_pull_share_rest), 2.0 / 3.0);
    EXPECT_DOUBLE_EQ(window.radar->of(RadarFeature::f2_ask_pull_add_log_rest), std::log(3.0));
    EXPECT_DOUBLE_EQ(window.radar->of(RadarFeature::f4_bid_pull_add_log_rest), 0.0);
    EXPECT_DOUBLE_EQ(window.radar->of(RadarFeature::f8_ask_bbo_dist_ticks), 2.0);
}

// d1 = x - x', d2 = d1 - d1', d3 = d2 - d2', through a silent second, to a clear and on after it.
TEST(RadarDerivatives, AreResetByAClearAndCarriedThroughSilence) {
    const std::int64_t level = kB - ticks(3);
    std::vector<Record> stream{at_s(clear(), 1), at_s(add(1, 'B', kB, 5), 1), at_s(trade('A', kB, 1), 1)};
    std::uint64_t id = 10;
    const auto grow = [&](std::uint32_t qty, double t) {
        stream.push_back(at_s(add(++id, 'B', level, qty), t));
    };
    grow(10, 2);  // valid from 2 on: x 10 (first sight: in range before)
    grow(3, 3);   // 13
    stream.push_back(at_s(cancel(11, 'B', level, 10), 4));  // 3
    stream.push_back(at_s(cancel(12, 'B', level, 3), 5));   // 0
    grow(7, 7);                                             // silent in 6, unchanged in 8
    stream.push_back(at_s(clear(), 9));                     // 0
    grow(2, 10);
    grow(4, 11);  // 6
    const auto windows = run(stream, 12);
    const auto d = [&](std::size_t second) {
        const WallRow1s* row = find(windows.at(second), Side::bid, level);
        EXPECT_NE(row, nullptr) << second;
        return row == nullptr
                   ? std::tuple<long, long, long>{}
                   : std::tuple<long, long, long>(row->d1_depth_qty, row->d2_depth_qty, row->d3_depth_qty);
    };
    EXPECT_FALSE(windows.at(1).snapshot.window_valid);
    EXPECT_EQ(d(2), std::tuple(0, 0, 0));  // nothing before it was valid
    EXPECT_EQ(d(3), std::tuple(3, 3, 3));
    EXPECT_EQ(d(4), std::tuple(-10, -13, -16));
    EXPECT_EQ(d(5), std::tuple(-3, 7, 20));
    EXPECT_EQ(find(windows.at(6), Side::bid, level), nullptr);
    EXPECT_EQ(d(7), std::tuple(7, 7, 4));  // 6: 0, 3, -4
    EXPECT_EQ(d(8), std::tuple(0, -7, -14));
    EXPECT_FALSE(windows.at(9).snapshot.window_valid);
    EXPECT_EQ(windows.at(9).radar->d1, windows::RadarValues{});
    EXPECT_EQ(d(10), std::tuple(0, 0, 0));
    EXPECT_EQ(d(11), std::tuple(4, 4, 4));
    // The radar's: those of a feature against the seconds before.
    constexpr std::size_t kInner = place(RadarFeature::f3_bid_slope_inner_log);
    const auto x = [&](std::size_t second) { return windows.at(second).radar->value[kInner]; };
    EXPECT_EQ(windows.at(3).radar->d1[kInner], x(3) - x(2));
    EXPECT_EQ(windows.at(5).radar->d2[kInner], (x(5) - x(4)) - (x(4) - x(3)));
    EXPECT_EQ(windows.at(10).radar->d1, windows::RadarValues{});
    EXPECT_EQ(windows.at(11).radar->d1[kInner], x(11) - x(10));
}

// The reference goes on against the last row there was.
TEST(RadarDerivatives, OfTheReferenceAreNeverReset) {
    const std::vector<Record> stream{at_s(clear(), 1), at_s(trade('A', kB, 1), 1),
                                     at_s(add(1, 'B', kB, 5), 2), at_s(clear(), 3),
                                     at_s(add(2, 'B', kB, 9), 6)};
    const auto windows = run(stream, 7, Compatibility::reference);
    const WallRow1s* row = find(windows.at(6), Side::bid, kB);
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(std::tuple(row->d1_depth_qty, row->d2_depth_qty, row->d3_depth_qty), std::tuple(4, 4, 4));
}

// A level that spot comes within reach of has no memory in the first second, and one in the next.
TEST(RadarDerivatives, ALevelComesWithinReach) {
    const std::int64_t low = kB - ticks(601);
    const auto windows = run(
        {at_s(clear(), 1), at_s(add(1, 'B', low, 5), 1), at_s(add(2, 'B', kB, 5), 1),
         at_s(trade('A', kB, 1), 1), at_s(add(3, 'B', kB - kTick, 1), 3), at_s(cancel(2, 'B', kB, 5), 3.5),
         at_s(add(4, 'B', low, 2), 4.5), at_s(add(5, 'B', low, 2), 5.5)},
        6);
    EXPECT_EQ(find(windows.at(3), Side::bid, low), nullptr);
    const WallRow1s *first = find(windows.at(4), Side::bid, low),
                    *second = find(windows.at(5), Side::bid, low);
    ASSERT_TRUE(first != nullptr && second != nullptr);
    EXPECT_EQ(first->rel_ticks, -600);
    EXPECT_EQ(first->d1_depth_qty, 0);
    EXPECT_EQ(second->d1_depth_qty, 2);
}

TEST(RadarApproach, LooksThreeSecondsBack) {
    std::vector<Record> stream{at_s(clear(), 0.5)};
    for (int s = 0; s < 8; ++s) {
        const std::int64_t price = kB + ticks(s < 5 ? s : 8 - s);
        stream.push_back(at_s(add(10 + static_cast<std::uint64_t>(s), 'B', price, 5), s + 1));
        stream.push_back(at_s(trade('A', price, 1), s + 1.5));
    }
    const auto windows = run(stream, 9);
    using enum windows::Approach;
    constexpr std::array kWant{none, none, none, up, up, up, down};  // spots 0 1 2 3 4 3 2, a second later
    for (std::size_t i = 0; i < kWant.size(); ++i) {
        ASSERT_TRUE(windows.at(i + 2).radar);
        EXPECT_EQ(windows.at(i + 2).radar->approach_dir, kWant[i]) << i;
    }
}

struct Market {
    std::vector<Record> stream;
    std::vector<Window> windows;
};
Market random_market(std::uint64_t seed, double chaos) {
    const StreamOptions options{.chaos = chaos, .start = 2 * kSecond};
    Market market{RandomStream(seed, options).take(4'000), {}};
    market.windows = run(market.stream, 60);
    return market;
}

TEST(RadarProperties, WallRowsAddUpAndAgreeWithTheSnapshot) {
    std::size_t rows = 0, bests = 0;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        for (const Window& window : random_market(seed, 0.1).windows) {
            for (const WallRow1s& row : window.wall) {
                ++rows;
                ASSERT_LE(std::abs(row.rel_ticks), 600);
                if (!window.snapshot.window_valid) continue;
                ASSERT_EQ(row.depth_qty_start + row.add_qty - row.pull_qty_total - row.fill_qty,
                          row.depth_qty_end);
            }
            if (window.wall_spot_ref_price_int <= 0) continue;
            const windows::BookSnapshot1s& s = window.snapshot;
            if (const WallRow1s* bid = find(window, Side::bid, s.best_bid_price_int);
                bid != nullptr && ++bests > 0) {
                ASSERT_EQ(bid->depth_qty_end, s.best_bid_qty);
            }
            if (const WallRow1s* ask = find(window, Side::ask, s.best_ask_price_int);
                ask != nullptr && ++bests > 0) {
                ASSERT_EQ(ask->depth_qty_end, s.best_ask_qty);
            }
        }
    }
    EXPECT_GT(rows, 4'000U);
    EXPECT_GT(bests, 200U);
}

// Orders beyond 20 ticks change the wall and nothing of the radar.
TEST(RadarProperties, FarOrdersAreNotOnTheRadar) {
    const Market market = random_market(7, 0.0);
    std::vector<Record> with_far;
    std::uint64_t id = 1;
    for (const Record& r : market.stream) {
        with_far.push_back(r);
        const auto t = static_cast<std::int64_t>(r.hd.ts_event);
        if (r.action != 'A' || (r.flags & dbn::flag::snapshot) != 0)
            continue;  // a snapshot has times of its own
        with_far.push_back(add(++id, 'B', ticks(20'000 - 500), 3).at(t).last());
        with_far.push_back(add(++id, 'A', ticks(20'000 + 500), 4).at(t).last());
        if (id % 5 == 0) with_far.push_back(modify(id, 'A', ticks(20'000 + 499), 9).at(t).last());
    }
    const auto windows = run(with_far, 60);
    std::size_t compared = 0;
    bool walls_differ = false;
    for (std::size_t i = 0; i < windows.size(); ++i) {
        const Window &a = market.windows[i], &b = windows[i];
        if (a.wall_spot_ref_price_int < ticks(19'000)) continue;  // a side was empty: another spot
        ASSERT_EQ(a.wall_spot_ref_price_int, b.wall_spot_ref_price_int);
        ASSERT_NO_FATAL_FAILURE(expect_same_bits(a.radar->value, b.radar->value, ""));
        walls_differ = walls_differ || a.wall != b.wall;
        ++compared;
    }
    EXPECT_GT(compared, 40U);
    EXPECT_TRUE(walls_differ);
}

// The same records in a session of their own: the same windows, once derivatives have found their memory again.
TEST(RadarProperties, ALaterSessionGivesTheSameWindows) {
    const Market market = random_market(11, 0.05);
    KeptWindows kept;
    windows::WindowEngine engine({}, {20 * kSecond, 40 * kSecond}, kept);
    for (const Record& r : market.stream) engine.apply(r);
    engine.finish();
    ASSERT_EQ(kept.windows.size(), 21U);
    for (std::size_t i = 0; i < kept.windows.size(); ++i) {
        const Window& want = market.windows.at(i + 19);
        ASSERT_EQ(kept.windows[i].snapshot.window_end_ts_ns, want.snapshot.window_end_ts_ns);
        if (i < 4) {
            ASSERT_NO_FATAL_FAILURE(
                expect_same_window(without_derivatives(kept.windows[i]), without_derivatives(want)));
        } else {
            ASSERT_NO_FATAL_FAILURE(expect_same_window(kept.windows[i], want)) << i;
        }
    }
}

}  // namespace
}  // namespace spymaster::testing
