// The rules of a chain by hand: which row a strike is in, what a window is where something is missing.
#include <gtest/gtest.h>

#include <limits>

#include "../book/records.hpp"
#include "kept_chain.hpp"
#include "windows/chain_engine.hpp"

namespace spymaster::testing {
namespace {

using market::Right;
using market::Side;

constexpr std::int64_t kDollar = kSecond;  // both are 1e9
constexpr std::int64_t kCent = kDollar / 100;
constexpr std::int64_t kStart = 1000 * kSecond;

const market::Grid& es_grid() {
    return market::product_of(market::ProductType::future_option_mbo).grid;
}
const market::Grid& spy_grid() {
    return market::product_of(market::ProductType::equity_option_mbo).grid;
}

dbn::Cmbp1Msg quote(std::uint32_t id, std::int64_t t, std::int64_t bid_cents, std::uint32_t bid_qty,
                    std::int64_t ask_cents, std::uint32_t ask_qty) {
    dbn::Cmbp1Msg m{};
    m.hd.instrument_id = id;
    m.hd.ts_event = static_cast<std::uint64_t>(t);
    m.ts_recv = m.hd.ts_event;
    m.action = 'A';
    m.side = 'N';
    m.levels[0] = {.bid_px = bid_cents * kCent,
                   .ask_px = ask_cents * kCent,
                   .bid_sz = bid_qty,
                   .ask_sz = ask_qty,
                   .bid_pb = 0,
                   .reserved1 = {},
                   .ask_pb = 0,
                   .reserved2 = {}};
    return m;
}
dbn::Cmbp1Msg traded(dbn::Cmbp1Msg m, char side, std::int64_t cents, std::uint32_t size) {
    m.action = 'T';
    m.side = side;
    m.price = cents * kCent;
    m.size = size;
    return m;
}
Record of(std::uint32_t id, Record r) {
    r.hd.instrument_id = id;
    return r;
}

// A chain with one call, at `strike`, spot as given in every window of a session of `seconds` after kStart.
struct Chain {
    Chain(const market::Grid& grid, std::int64_t spot, std::int64_t strike, int seconds = 3)
        : engine(grid, {kStart + kSecond, kStart + seconds * kSecond}, spots, kept) {
        for (int i = 1; i <= seconds; ++i) spots.add(kStart + i * kSecond, spot);
        engine.add_option(7, {Right::call, strike});
    }
    const windows::StrikeFlow1s& cell(std::size_t window, Side side, std::int32_t rel_ticks) const {
        return *std::ranges::find_if(kept.windows.at(window).cells, [&](const windows::StrikeFlow1s& c) {
            return c.right == Right::call && c.side == side && c.rel_ticks == rel_ticks;
        });
    }

    windows::SpotTrack spots;
    KeptChain kept;
    windows::ChainEngine engine;
};

TEST(StrikeOffset, IsTheNearestRowTiesUpAndNoneBeyondTheGrid) {
    const auto es = [](std::int64_t strike_cents, std::int64_t spot_cents) {
        return windows::strike_offset(strike_cents * kCent, spot_cents * kCent, es_grid()).value_or(99);
    };
    EXPECT_EQ(es(693000, 692725), 1);  // spec B.8
    EXPECT_EQ(es(690000, 692725), -5);
    EXPECT_EQ(es(693000, 692750), 1);  // half-way: up
    EXPECT_EQ(es(692500, 692750), 0);  // half-way below: up too, so no row is shared
    EXPECT_EQ(es(697974, 692725), 10);
    EXPECT_EQ(es(697975, 692725), 99);   // half-way above the end: up, so beyond
    EXPECT_EQ(es(687475, 692725), -10);  // half-way below the end: up, so within
    EXPECT_EQ(es(687474, 692725), 99);
    EXPECT_EQ(es(500000, 692725), 99);
    EXPECT_EQ(es(800000, 692725), 99);
    EXPECT_EQ(windows::strike_offset(501 * kDollar, 500 * kDollar + 50 * kCent, spy_grid()), 1);
    EXPECT_EQ(windows::strike_offset(500 * kDollar, 500 * kDollar + 50 * kCent, spy_grid()), 0);
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(windows::strike_offset(-kMax, kMax, es_grid()), std::nullopt);
    EXPECT_EQ(windows::strike_offset(kMax, 1, es_grid()), std::nullopt);
}

TEST(Chain, IsDenseInEverySecondOfTheSessionWithoutARecord) {
    Chain chain(spy_grid(), 600 * kDollar, 600 * kDollar);
    chain.engine.finish();
    ASSERT_EQ(chain.kept.windows.size(), 3U);  // N + 1 seconds
    for (const windows::ChainWindow& window : chain.kept.windows) {
        ASSERT_EQ(window.cells.size(), 204U);
        EXPECT_TRUE(window.quotes.empty());
        EXPECT_EQ(window.cells[0].rel_ticks, -50);
        EXPECT_EQ(window.cells[0].strike_price_int, 575 * kDollar);
        EXPECT_EQ(window.cells[51].side, Side::bid);
        EXPECT_EQ(window.cells[102].right, Right::put);
        EXPECT_TRUE(window.cells[203].window_valid);
        EXPECT_EQ(windows::strike_points(window.spot_ref_price_int, 50, spy_grid()), 625.0);
    }
    EXPECT_TRUE(chain.engine.done());
}

TEST(Chain, WithoutASpotHasQuotesAndEmptyCells) {
    Chain chain(spy_grid(), 0, 600 * kDollar);
    chain.engine.apply(quote(7, kStart, 100, 5, 110, 6));
    chain.engine.finish();
    ASSERT_EQ(chain.kept.windows.size(), 3U);
    EXPECT_EQ(chain.kept.windows[0].quotes.size(), 1U);
    EXPECT_EQ(chain.kept.windows[0].cells.size(), 204U);
    for (const windows::StrikeFlow1s& cell : chain.kept.windows[0].cells) {
        EXPECT_EQ(cell.depth_qty_end, 0);
        EXPECT_FALSE(cell.window_valid);
    }
}

TEST(Chain, FillsOfQuotesAreWhatWasTradedAndIsGone) {
    Chain chain(spy_grid(), 600 * kDollar, 600 * kDollar);
    chain.engine.apply(quote(7, kStart - kSecond, 100, 50, 110, 60));  // before the session: no flow
    const std::int64_t t = kStart + kMillisecond;
    chain.engine.apply(
        traded(quote(7, t, 100, 50, 110, 40), 'B', 110, 15));  // 20 gone of the ask, 15 of it traded
    chain.engine.apply(
        traded(quote(7, t, 100, 45, 110, 40), 'N', 99, 30));  // a bid's trade at no quoted price
    chain.engine.apply(traded(quote(7, t, 100, 45, 110, 40), 'N', 105, 30));  // between the quotes: neither's
    chain.engine.apply(traded(quote(7, t, 99, 10, 110, 40), 'A', 100, 100));  // more than there was
    chain.engine.finish();
    const auto& ask = chain.cell(0, Side::ask, 0);
    EXPECT_EQ(ask.depth_qty_start, 60);
    EXPECT_EQ(ask.fill_qty, 15);
    EXPECT_EQ(ask.pull_qty_total, 5);
    EXPECT_EQ(ask.depth_qty_end, 40);
    EXPECT_EQ(ask.depth_qty_rest, 0);
    const auto& bid = chain.cell(0, Side::bid, 0);
    EXPECT_EQ(bid.depth_qty_start, 50);
    EXPECT_EQ(bid.fill_qty, 50);  // at 100: all 50 that went; nothing at 99 is gone
    EXPECT_EQ(bid.pull_qty_total, 0);
    EXPECT_EQ(bid.add_qty, 10);
    EXPECT_EQ(bid.depth_qty_end, 10);
    EXPECT_EQ(chain.cell(1, Side::bid, 0).depth_qty_start, 10);
    EXPECT_EQ(chain.cell(1, Side::bid, 0).fill_qty, 0);  // what was not matched is forgotten
    EXPECT_EQ(chain.engine.totals().identity_violations, 0U);
}

TEST(Chain, AClearOfQuotesIsNoPullAndMakesTheSecondInvalid) {
    Chain chain(spy_grid(), 600 * kDollar, 600 * kDollar);
    chain.engine.apply(quote(7, kStart - kSecond, 100, 50, 110, 60));
    dbn::Cmbp1Msg clear = quote(7, kStart + 1, 100, 50, 110, 60);
    clear.action = 'R';
    chain.engine.apply(clear);
    chain.engine.apply(quote(7, kStart + 2, 100, 8, 110, 9));
    chain.engine.finish();
    const auto& bid = chain.cell(0, Side::bid, 0);
    EXPECT_FALSE(bid.window_valid);
    EXPECT_EQ(bid.pull_qty_total, 0);
    EXPECT_EQ(bid.add_qty, 8);
    EXPECT_EQ(bid.depth_qty_start, 0);  // deduced
    EXPECT_TRUE(chain.cell(1, Side::bid, 0).window_valid);
    EXPECT_TRUE(chain.cell(0, Side::bid, 2).window_valid);  // another row's options were not cleared
    EXPECT_EQ(chain.engine.totals().identity_violations, 0U);
}

TEST(Chain, OrdersRestAndAreStillThereInQuietSeconds) {
    Chain chain(es_grid(), 6000 * kDollar, 6005 * kDollar);
    chain.engine.apply(of(7, clear().at(kStart - kSecond).last()));
    chain.engine.apply(of(7, add(1, 'B', 2 * kDollar, 10).at(kStart - kSecond).last()));
    chain.engine.apply(of(7, add(2, 'B', kDollar, 5).at(kStart + 600 * kMillisecond).last()));
    chain.engine.apply(
        of(7, add(3, 'A', 3 * kDollar, 4).at(kStart + 400 * kMillisecond).last()));  // out of order
    chain.engine.finish();
    const auto& first = chain.cell(0, Side::bid, 20);
    EXPECT_EQ(first.depth_qty_start, 10);
    EXPECT_EQ(first.depth_qty_end, 15);
    EXPECT_EQ(first.add_qty, 5);
    EXPECT_EQ(first.depth_qty_rest, 10);
    const auto& quiet = chain.cell(1, Side::bid, 20);
    EXPECT_EQ(quiet.depth_qty_start, 15);
    EXPECT_EQ(quiet.depth_qty_rest, 15);
    EXPECT_TRUE(quiet.window_valid);
    const windows::OptionQuote1s& best = chain.kept.windows[1].quotes.at(0);
    EXPECT_EQ(best.instrument_id, 7);
    EXPECT_EQ(best.mid_price_int, 2.5e9);
    EXPECT_EQ(best.mid_price, 2.5);
    EXPECT_TRUE(best.book_valid);
}

// A stream that begins with the state of some options gives that of all: the others are empty there.
TEST(Chain, OptionsWithoutAResetAreGoodWhereTheStreamBeginsWithOne) {
    Chain chain(es_grid(), 6000 * kDollar, 6000 * kDollar);
    chain.engine.add_option(8, {Right::call, 6005 * kDollar});
    chain.engine.apply(of(8, clear().at(kStart - kSecond).with(dbn::flag::snapshot).last()));
    chain.engine.apply(of(7, add(1, 'B', kDollar, 10).at(kStart).last()));
    chain.engine.apply(of(7, add(2, 'A', 2 * kDollar, 10).at(kStart).last()));
    chain.engine.finish();
    EXPECT_TRUE(chain.cell(0, Side::bid, 0).window_valid);
    EXPECT_TRUE(chain.cell(0, Side::bid, 20).window_valid);
    EXPECT_TRUE(chain.kept.windows[0].quotes.at(0).book_valid);
}

// In a piece of a day, whose options stood somewhere before it, a clear of one says nothing of another.
TEST(Chain, AClearOfOneOptionDoesNotMakeAnotherGood) {
    Chain chain(es_grid(), 6000 * kDollar, 6000 * kDollar);
    chain.engine.add_option(8, {Right::call, 6005 * kDollar});
    chain.engine.apply(of(7, add(1, 'B', kDollar, 10).at(kStart).last()));
    chain.engine.apply(of(7, add(2, 'A', 2 * kDollar, 10).at(kStart).last()));
    chain.engine.apply(of(8, clear().at(kStart + 1).last()));
    chain.engine.finish();
    for (std::size_t window = 0; window < 3; ++window) {
        EXPECT_FALSE(chain.cell(window, Side::bid, 0).window_valid) << window;
        EXPECT_FALSE(chain.kept.windows[window].quotes.at(0).book_valid) << window;
    }
    EXPECT_FALSE(chain.cell(0, Side::bid, 20).window_valid);  // cleared in it
    EXPECT_TRUE(chain.cell(1, Side::bid, 20).window_valid);
}

TEST(Chain, ASnapshotOfQuotesIsNeitherAddedNorPulled) {
    Chain chain(spy_grid(), 600 * kDollar, 600 * kDollar);
    chain.engine.apply(quote(7, kStart - kSecond, 100, 50, 110, 60));
    dbn::Cmbp1Msg snapshot = quote(7, kStart + 1, 101, 8, 110, 9);
    snapshot.flags = dbn::flag::snapshot;
    snapshot.hd.ts_event = static_cast<std::uint64_t>(kStart - 3600 * kSecond);  // an old quote, told now
    chain.engine.apply(snapshot);
    chain.engine.finish();
    const auto& bid = chain.cell(0, Side::bid, 0);
    EXPECT_FALSE(bid.window_valid);
    EXPECT_EQ(bid.add_qty + bid.pull_qty_total + bid.fill_qty, 0);
    EXPECT_EQ(bid.depth_qty_end, 8);
    EXPECT_EQ(chain.engine.totals().late_records, 0U);
    EXPECT_TRUE(chain.cell(1, Side::bid, 0).window_valid);
    EXPECT_EQ(chain.cell(1, Side::bid, 0).depth_qty_start, 8);
    EXPECT_EQ(chain.engine.totals().identity_violations, 0U);
}

// However many prices a second touches: each keeps its own fills, and none costs a search of the others.
TEST(Chain, AQuoteThatRunsThroughAllPricesInASecondKeepsThemApart) {
    Chain chain(spy_grid(), 600 * kDollar, 600 * kDollar);
    constexpr std::int64_t kPrices = 300'000;
    for (std::int64_t cents = 1; cents <= kPrices; ++cents) {
        chain.engine.apply(quote(7, kStart + cents, cents, 5, kPrices + 100, 1));
        if (cents % 3 == 0)
            chain.engine.apply(traded(quote(7, kStart + cents, cents, 3, kPrices + 100, 1), 'A', cents, 2));
    }
    chain.engine.finish();
    const auto& bid = chain.cell(0, Side::bid, 0);
    EXPECT_EQ(bid.fill_qty, 2 * (kPrices / 3));
    EXPECT_EQ(bid.add_qty, 5 * kPrices);
    EXPECT_EQ(bid.pull_qty_total, bid.add_qty - bid.fill_qty - bid.depth_qty_end);
    EXPECT_EQ(chain.engine.totals().identity_violations, 0U);
}

// As hostile definitions would have them.
TEST(Chain, OptionsInAnyOrderComeOutByTheirIds) {
    windows::SpotTrack spots;
    KeptChain kept;
    windows::ChainEngine engine(spy_grid(), {kStart, kStart + kSecond}, spots, kept);
    constexpr std::uint32_t kMany = 400'000;
    for (std::uint32_t id = kMany; id >= 1; --id) engine.add_option(id, {Right::put, 600 * kDollar});
    for (const std::uint32_t id : {7U, 300'000U, 2U}) engine.apply(quote(id, kStart - 1, 100, 5, 110, 6));
    engine.add_option(kMany + 2, {Right::call, 600 * kDollar});
    engine.add_option(kMany + 1, {Right::call, 600 * kDollar});
    engine.apply(quote(kMany + 1, kStart, 100, 5, 110, 6));
    engine.apply(quote(kMany + 2, kStart, 100, 5, 110, 6));
    engine.finish();
    ASSERT_EQ(kept.windows.size(), 2U);
    std::vector<std::int64_t> ids;
    for (const windows::OptionQuote1s& row : kept.windows[1].quotes) ids.push_back(row.instrument_id);
    EXPECT_EQ(ids, (std::vector<std::int64_t>{2, 7, 300'000, kMany + 1, kMany + 2}));
}

TEST(Chain, OptionsThatAreUnknownOrOfTheOtherKindAreLeftOut) {
    Chain chain(es_grid(), 6000 * kDollar, 6000 * kDollar);
    chain.engine.apply(of(7, add(1, 'B', kDollar, 10).at(kStart).last()));
    chain.engine.apply(of(8, add(1, 'B', kDollar, 10).at(kStart + 2 * kSecond).last()));
    chain.engine.apply(quote(7, kStart, 100, 50, 110, 60));
    EXPECT_EQ(chain.engine.totals().records, 1U);
    EXPECT_EQ(chain.engine.totals().windows, 0U);  // an unknown option does not move the clock
    chain.engine.finish();
    EXPECT_EQ(chain.cell(0, Side::bid, 0).depth_qty_end, 10);
    EXPECT_EQ(chain.cell(0, Side::ask, 0).depth_qty_end, 0);
}

TEST(Chain, LateRecordsAndRecordsAfterTheSessionChangeNoClosedWindow) {
    Chain chain(es_grid(), 6000 * kDollar, 6000 * kDollar);
    chain.engine.apply(of(7, add(1, 'B', kDollar, 10).at(kStart + kSecond).last()));
    chain.engine.apply(of(7, add(2, 'B', kDollar, 1).at(kStart).last()));  // late: of the window it comes in
    chain.engine.apply(of(7, add(3, 'B', kDollar, 7).at(kStart + 9 * kSecond).last()));
    ASSERT_TRUE(chain.engine.done());
    ASSERT_EQ(chain.kept.windows.size(), 3U);
    EXPECT_EQ(chain.cell(0, Side::bid, 0).depth_qty_end, 0);
    EXPECT_EQ(chain.cell(1, Side::bid, 0).add_qty, 11);
    EXPECT_EQ(chain.cell(2, Side::bid, 0).depth_qty_end, 11);
    EXPECT_EQ(chain.engine.totals().late_records, 1U);
}

}  // namespace
}  // namespace spymaster::testing
