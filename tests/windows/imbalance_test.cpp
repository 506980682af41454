// Order-flow imbalance: every case of the formula, and what counts between which states.
#include <gtest/gtest.h>

#include <limits>

#include "../book/records.hpp"
#include "book/order_flow_imbalance.hpp"
#include "kept_windows.hpp"
#include "windows/window_engine.hpp"

namespace spymaster::testing {
namespace {

using book::BestLevel;
using book::buyers_gain;
using book::sellers_gain;

TEST(ImbalanceFormula, OfTheBid) {
    EXPECT_EQ(buyers_gain({100, 7}, {100, 7}), 0);
    EXPECT_EQ(buyers_gain({100, 7}, {100, 12}), 5);
    EXPECT_EQ(buyers_gain({100, 7}, {100, 3}), -4);
    EXPECT_EQ(buyers_gain({100, 7}, {101, 2}), 2) << "a better price: its whole size is new";
    EXPECT_EQ(buyers_gain({100, 7}, {99, 50}), -7) << "a worse price: what was there is gone";
    EXPECT_EQ(buyers_gain({-100, 7}, {-99, 2}), 2);
    EXPECT_EQ(buyers_gain({0, 0}, {100, 7}), 0) << "nothing before";
    EXPECT_EQ(buyers_gain({100, 7}, {0, 0}), 0) << "nothing after";
    EXPECT_EQ(buyers_gain({0, 0}, {0, 0}), 0);
}

TEST(ImbalanceFormula, OfTheAskIsTheBidsInAMirror) {
    for (const BestLevel before : {BestLevel{100, 7}, BestLevel{101, 2}, BestLevel{99, 50}, BestLevel{}}) {
        for (const BestLevel now : {BestLevel{100, 7}, BestLevel{100, 3}, BestLevel{99, 1}, BestLevel{}}) {
            EXPECT_EQ(sellers_gain(before, now),
                      buyers_gain({-before.price, before.qty}, {-now.price, now.qty}));
        }
    }
    EXPECT_EQ(sellers_gain({100, 7}, {99, 4}), 4);
    EXPECT_EQ(sellers_gain({100, 7}, {101, 4}), -7);
}

constexpr std::int64_t kT = 1000 * kSecond;

// Windows of the session, the first of them before kT. Every test begins with a valid book of 10 at 100 and 20 at 102.
class Imbalance : public ::testing::Test {
  protected:
    Imbalance() { apply(0, {clear(), add(1, 'B', ticks(100), 10), add(2, 'A', ticks(102), 20).last()}); }
    // Records of one time in a window.
    void apply(int window, std::initializer_list<Record> records) { apply_to(engine, window, records); }
    static void apply_to(windows::WindowEngine& engine, int window, std::initializer_list<Record> records) {
        for (const Record& r : records) engine.apply(r.at(kT + (window - 1) * kSecond + 5));
    }
    std::int64_t of(std::size_t window) {
        engine.finish();
        return kept.windows.at(window).snapshot.order_flow_imbalance_qty;
    }

    KeptWindows kept;
    windows::WindowEngine engine{market::Grid{}, {kT, kT + 5 * kSecond}, kept};
};

TEST_F(Imbalance, TheFirstStateHasNothingBefore) {
    EXPECT_EQ(of(0), 0);
    EXPECT_EQ(of(1), 0) << "and nothing happens in a quiet second";
}

TEST_F(Imbalance, IsSummedOverTheStatesOfTheWindow) {
    apply(1, {add(3, 'B', ticks(100), 4).last()});      // bid 10 -> 14: +4
    apply(1, {add(4, 'B', ticks(101), 3).last()});      // bid to 101: +3
    apply(1, {cancel(2, 'A', ticks(102), 5).last()});   // ask 20 -> 15: +5
    apply(2, {cancel(4, 'B', ticks(101), 3).last()});   // bid back to 100: -3, whatever waits there
    apply(2, {add(5, 'A', ticks(101), 8).last()});      // ask to 101: -8
    apply(2, {cancel(5, 'A', ticks(101), 8).last()});   // ask back to 102: +8
    apply(3, {add(6, 'B', ticks(90), 1'000).last()});   // away from the best: 0
    apply(4, {modify(1, 'B', ticks(100), 25).last()});  // bid 14 -> 29: +15
    EXPECT_EQ(of(1), 12);
    EXPECT_EQ(of(2), -3);
    EXPECT_EQ(of(3), 0);
    EXPECT_EQ(of(4), 15);
}

TEST_F(Imbalance, StatesWithinAnEventDoNotCount) {
    // The bid goes to 101 and back before anybody is shown.
    apply(1, {add(3, 'B', ticks(101), 4), cancel(3, 'B', ticks(101), 4), add(4, 'B', ticks(100), 1).last()});
    EXPECT_EQ(of(1), 1);
}

TEST_F(Imbalance, AnEventOverTheEdgeCountsWhereItIsPublished) {
    apply(1, {add(3, 'B', ticks(101), 4)});
    apply(2, {add(4, 'B', ticks(101), 1).last()});
    EXPECT_EQ(of(1), 0);
    EXPECT_EQ(of(2), 5);
}

TEST_F(Imbalance, ASideThatIsEmptyCountsNothingAndTheOtherDoes) {
    apply(1, {cancel(2, 'A', ticks(102), 20), add(3, 'B', ticks(100), 4).last()});  // ask gone; bid +4
    apply(2, {add(4, 'A', ticks(103), 9), cancel(3, 'B', ticks(100), 4).last()});   // ask back; bid -4
    apply(3, {add(5, 'A', ticks(103), 1).last()});
    EXPECT_EQ(of(1), 4);
    EXPECT_EQ(of(2), -4);
    EXPECT_EQ(of(3), -1);
}

TEST_F(Imbalance, NothingCountsAcrossAClear) {
    apply(1, {clear(), add(3, 'B', ticks(101), 4), add(4, 'A', ticks(102), 4).last()});
    apply(1, {add(5, 'B', ticks(101), 2).last()});
    apply(2, {clear().last()});
    apply(2, {add(6, 'B', ticks(99), 1), add(7, 'A', ticks(105), 1).last()});
    apply(2, {add(8, 'A', ticks(104), 3).last()});
    EXPECT_EQ(of(1), 2);
    EXPECT_EQ(of(2), -3);
}

TEST_F(Imbalance, NothingCountsIntoOrWithinASnapshot) {
    const auto snapshot = dbn::flag::snapshot;
    // Two of its records are published, as some venues do; what they found was there before.
    apply(1, {add(3, 'B', ticks(101), 4).with(snapshot).last()});
    apply(1, {add(4, 'B', ticks(101), 6).with(snapshot).last()});
    apply(1, {add(5, 'B', ticks(101), 1).last()});
    EXPECT_EQ(of(1), 1);
}

TEST_F(Imbalance, NothingCountsWhileTheBookIsNotValid) {
    apply(1, {add(3, 'B', ticks(100), 4).with(dbn::flag::maybe_bad_book).last()});  // into the gap
    apply(1, {add(4, 'B', ticks(100), 5).last()});                                  // in it
    apply(2, {add(5, 'B', ticks(100), 6).last()});
    apply(3, {clear(), add(6, 'B', ticks(100), 7).last()});  // out of it
    apply(4, {add(7, 'B', ticks(100), 8).last()});
    EXPECT_EQ(of(1), 0);
    EXPECT_EQ(of(2), 0);
    EXPECT_EQ(of(3), 0);
    EXPECT_EQ(of(4), 8);
}

TEST(ImbalanceBeforeAnyClear, IsNone) {
    KeptWindows kept;
    windows::WindowEngine engine(market::Grid{}, {kT, kT + kSecond}, kept);
    engine.apply(add(1, 'B', ticks(100), 1).at(kT).last());
    engine.apply(add(2, 'B', ticks(101), 1).at(kT).last());
    engine.finish();
    EXPECT_EQ(kept.windows[1].snapshot.order_flow_imbalance_qty, 0);
}

TEST_F(Imbalance, CrossedStatesCountLikeAnyOther) {
    apply(1, {add(3, 'B', ticks(103), 4).last()});     // +4, crossed
    apply(1, {cancel(3, 'B', ticks(103), 4).last()});  // -4
    apply(2, {add(4, 'A', ticks(99), 6).last()});      // -6, crossed
    EXPECT_EQ(of(1), 0);
    EXPECT_TRUE(kept.windows[1].snapshot.crossed);
    EXPECT_EQ(of(2), -6);
}

TEST_F(Imbalance, DoesNotDependOnWhereTheSessionBegins) {
    KeptWindows late_kept;
    windows::WindowEngine late(market::Grid{}, {kT + 3 * kSecond, kT + 5 * kSecond}, late_kept);
    apply_to(late, 0, {clear(), add(1, 'B', ticks(100), 10), add(2, 'A', ticks(102), 20).last()});
    for (const auto feed : {&engine, &late}) {
        apply_to(*feed, 1, {add(3, 'B', ticks(101), 4).last()});
        apply_to(*feed, 2, {add(4, 'A', ticks(102), 3)});  // never shown by itself
        apply_to(*feed, 3, {add(5, 'B', ticks(101), 9).last()});
    }
    late.finish();
    EXPECT_EQ(of(3), 9 - 3);
    EXPECT_EQ(late_kept.windows.at(0).snapshot.order_flow_imbalance_qty, 9 - 3);
}

// A bucket of half a dollar holds fifty prices: the best price is the real one.
TEST(ImbalanceOfAStock, IsOfRealPrices) {
    const market::Grid grid = market::product_of(market::ProductType::equity_mbo).grid;
    ASSERT_LT(grid.price_increment.nanos, grid.tick.nanos);
    const std::int64_t cent = grid.price_increment.nanos;
    KeptWindows kept;
    windows::WindowEngine engine(grid, {kT, kT + kSecond}, kept);
    for (const Record& r : {clear(), add(1, 'B', 50'000 * cent, 100), add(2, 'A', 50'002 * cent, 100).last(),
                            add(3, 'B', 50'001 * cent, 30).last(), cancel(3, 'B', 50'001 * cent, 30).last(),
                            add(4, 'A', 50'001 * cent, 7).last()}) {
        engine.apply(r.at(kT));
    }
    engine.finish();
    EXPECT_EQ(kept.windows[1].snapshot.order_flow_imbalance_qty, 30 - 30 - 7);
}

// No stream of records overflows the sum: it stays at the limit.
TEST(ImbalanceSum, IsHeldIn64Bits) {
    book::Ladder ladder(market::PriceDelta{1});
    book::Continuity continuity;
    continuity.before(0, 'R');
    continuity.after(dbn::flag::last);
    ASSERT_TRUE(continuity.valid());
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    const auto bid_of = [&](std::int64_t qty) {
        const std::uint32_t cell = ladder.cell_of(100, market::Side::bid);
        const bool opens = ladder.cell(cell).qty == 0;
        ladder.cell(cell).qty = qty;
        if (opens) ladder.open(cell, 100);
    };
    const auto better_bid = [&](bool there) {
        const std::uint32_t cell = ladder.cell_of(101, market::Side::bid);
        ladder.cell(cell).qty = there ? kMax : 0;
        there ? ladder.open(cell, 101) : ladder.close(cell, false);
    };
    book::OrderFlowImbalance imbalance;
    bid_of(1);
    imbalance.publish(ladder, continuity);
    for (const std::int64_t qty : {kMax, std::int64_t{1}, kMax}) {
        bid_of(qty);
        imbalance.publish(ladder, continuity);
    }
    EXPECT_EQ(imbalance.qty(), kMax - 1);
    better_bid(true);
    imbalance.publish(ladder, continuity);
    EXPECT_EQ(imbalance.qty(), kMax);
    imbalance.begin_window();
    EXPECT_EQ(imbalance.qty(), 0);
    better_bid(false);
    imbalance.publish(ladder, continuity);
    EXPECT_EQ(imbalance.qty(), -kMax);
    bid_of(1);
    imbalance.publish(ladder, continuity);
    EXPECT_EQ(imbalance.qty(), std::numeric_limits<std::int64_t>::min());
}

}  // namespace
}  // namespace spymaster::testing
