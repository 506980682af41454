// Each rule of spec 4.2.2, one case at a time.
#include <gtest/gtest.h>

#include <initializer_list>

#include "book/book.hpp"
#include "records.hpp"

namespace spymaster::testing {
namespace {

using book::Anomaly;
using book::Book;
using book::FlowRow;
using market::Side;

constexpr std::int64_t kT = 1000 * kSecond;
constexpr std::uint8_t kSnapshotFlags = dbn::flag::snapshot | dbn::flag::bad_ts_recv;

class Rules : public ::testing::Test {
  protected:
    Rules() { book.begin_window(kT + kSecond, true); }

    void apply(std::initializer_list<Record> records) {
        for (const Record& r : records) book.apply(r);
    }
    std::int64_t qty(Side side, std::int64_t price) {
        const std::uint32_t cell = book.ladder().find_cell(price, side);
        return cell == book::Ladder::kNoCell ? 0 : book.ladder().cell(cell).qty;
    }
    // add, pull, pull_rest, fill of a price in this window.
    std::vector<std::int64_t> flow(Side side, std::int64_t price) {
        const std::uint32_t cell = book.ladder().find_cell(price, side);
        if (cell == book::Ladder::kNoCell || !book.ledger().has_row(book.ladder().cell(cell))) return {};
        const FlowRow& row = book.ledger().row(book.ladder().cell(cell));
        return {row.add, row.pull, row.pull_rest, row.fill};
    }
    using Flow = std::vector<std::int64_t>;

    Book book{{kTick}, kSecond / 2};
};

TEST_F(Rules, AddRests) {
    apply({add(1, 'B', ticks(100), 10).at(kT), add(2, 'A', ticks(101), 7).at(kT)});
    EXPECT_EQ(book.ladder().best(Side::bid), (book::Level{{ticks(100)}, 10, 1}));
    EXPECT_EQ(book.ladder().best(Side::ask), (book::Level{{ticks(101)}, 7, 1}));
    EXPECT_EQ(flow(Side::bid, ticks(100)), (Flow{10, 0, 0, 0}));
}

TEST_F(Rules, CancelTakesTheStatedSize) {
    apply({add(1, 'B', ticks(100), 10).at(kT), cancel(1, 'B', ticks(100), 4).at(kT + 1)});
    EXPECT_EQ(qty(Side::bid, ticks(100)), 6);
    EXPECT_EQ(flow(Side::bid, ticks(100)), (Flow{10, 4, 0, 0}));
    apply({cancel(1, 'B', ticks(100), 6).at(kT + 2)});
    EXPECT_TRUE(book.ladder().empty(Side::bid));
    EXPECT_EQ(book.orders().size(), 0U);
    EXPECT_EQ(book.anomalies().total(), 0U);
}

TEST_F(Rules, OverCancelTakesWhatThereIs) {
    apply({add(1, 'B', ticks(100), 10).at(kT), cancel(1, 'B', ticks(100), 11).at(kT)});
    EXPECT_EQ(book.orders().size(), 0U);
    EXPECT_EQ(flow(Side::bid, ticks(100)), (Flow{10, 10, 0, 0}));
    EXPECT_EQ(book.anomalies().of(Anomaly::over_cancel), 1U);
}

TEST_F(Rules, RestedPullsAtExactlyTheRestAge) {
    apply({add(1, 'B', ticks(100), 10).at(kT), add(2, 'B', ticks(99), 10).at(kT + 1)});
    apply({cancel(1, 'B', ticks(100), 10).at(kT + kSecond / 2),
           cancel(2, 'B', ticks(99), 10).at(kT + kSecond / 2)});
    EXPECT_EQ(flow(Side::bid, ticks(100)), (Flow{10, 10, 10, 0}));
    EXPECT_EQ(flow(Side::bid, ticks(99)), (Flow{10, 10, 0, 0}));
}

TEST_F(Rules, UnknownCancelAndFillAreCountedAndIgnored) {
    apply({cancel(9, 'B', ticks(100), 1).at(kT), fill(9, 'B', ticks(100), 1).at(kT)});
    EXPECT_EQ(book.anomalies().of(Anomaly::unknown_cancel), 1U);
    EXPECT_EQ(book.anomalies().of(Anomaly::unknown_fill), 1U);
    EXPECT_TRUE(book.ledger().rows().empty());
}

TEST_F(Rules, ModifyOfAnUnknownOrderIsAnAdd) {
    apply({modify(5, 'A', ticks(101), 3).at(kT)});
    EXPECT_EQ(qty(Side::ask, ticks(101)), 3);
    EXPECT_EQ(flow(Side::ask, ticks(101)), (Flow{3, 0, 0, 0}));
    EXPECT_EQ(book.anomalies().of(Anomaly::unknown_modify), 1U);
}

TEST_F(Rules, ModifyAtTheSamePriceKeepsItsPlaceInTime) {
    apply({add(1, 'B', ticks(100), 10).at(kT), modify(1, 'B', ticks(100), 12).at(kT + 1)});
    apply({modify(1, 'B', ticks(100), 5).at(kT + kSecond / 2)});
    EXPECT_EQ(flow(Side::bid, ticks(100)), (Flow{12, 7, 7, 0}));
    EXPECT_EQ(qty(Side::bid, ticks(100)), 5);
}

TEST_F(Rules, ModifyToAnotherPriceStartsAgain) {
    apply({add(1, 'B', ticks(100), 10).at(kT), modify(1, 'B', ticks(99), 8).at(kT + kSecond / 2)});
    EXPECT_EQ(flow(Side::bid, ticks(100)), (Flow{10, 10, 10, 0}));
    EXPECT_EQ(flow(Side::bid, ticks(99)), (Flow{8, 0, 0, 0}));
    apply({cancel(1, 'B', ticks(99), 8).at(kT + kSecond / 2 + 1)});
    EXPECT_EQ(flow(Side::bid, ticks(99)), (Flow{8, 8, 0, 0}));
}

TEST_F(Rules, ModifyToTheOtherSideAndToNothing) {
    apply({add(1, 'B', ticks(100), 10).at(kT), modify(1, 'A', ticks(100), 10).at(kT)});
    EXPECT_EQ(flow(Side::bid, ticks(100)), (Flow{10, 10, 0, 0}));
    EXPECT_EQ(flow(Side::ask, ticks(100)), (Flow{10, 0, 0, 0}));
    EXPECT_EQ(book.anomalies().of(Anomaly::side_change), 1U);
    apply({modify(1, 'A', ticks(100), 0).at(kT)});
    EXPECT_EQ(book.orders().size(), 0U);
    EXPECT_EQ(flow(Side::ask, ticks(100)), (Flow{10, 10, 0, 0}));
}

TEST_F(Rules, FillCarriedByAModify) {  // spec appendix B 5
    apply({add(1, 'B', ticks(100), 10).at(kT + 10'000), add(2, 'A', ticks(101), 10).at(kT + 10'000)});
    book.begin_window(kT + 2 * kSecond, true);
    const std::int64_t t = kT + kSecond + 5;
    apply({trade('A', ticks(100), 4).at(t), fill(1, 'B', ticks(100), 4).at(t),
           modify(1, 'B', ticks(100), 6).at(t)});
    EXPECT_EQ(flow(Side::bid, ticks(100)), (Flow{0, 0, 0, 4}));
    EXPECT_EQ(book.ledger().rows()[0].depth_open, 10);
    EXPECT_EQ(qty(Side::bid, ticks(100)), 6);
    EXPECT_EQ(book.last_trade(), ticks(100));
}

TEST_F(Rules, FillCarriedByACancel) {  // spec appendix B 6
    const std::int64_t price = 500'000'000'000;
    apply({add(1, 'B', price, 100).at(kT)});
    const std::int64_t t = kT + 7;
    apply({trade('A', price, 40).at(t), fill(1, 'B', price, 40).at(t), cancel(1, 'B', price, 40).at(t)});
    EXPECT_EQ(qty(Side::bid, price), 60);
    EXPECT_EQ(flow(Side::bid, price), (Flow{100, 0, 0, 40}));
}

TEST_F(Rules, AFillAloneChangesNothing) {
    apply({add(1, 'B', ticks(100), 10).at(kT), fill(1, 'B', ticks(100), 4).at(kT + 1)});
    EXPECT_EQ(qty(Side::bid, ticks(100)), 10);
    // A cancel at another time is a cancel.
    apply({cancel(1, 'B', ticks(100), 10).at(kT + 2)});
    EXPECT_EQ(flow(Side::bid, ticks(100)), (Flow{10, 10, 0, 0}));
}

TEST_F(Rules, SeveralFillsOfOneOrderAddUp) {
    apply({add(1, 'B', ticks(100), 10).at(kT)});
    apply({fill(1, 'B', ticks(100), 2).at(kT + 1), fill(1, 'B', ticks(100), 3).at(kT + 1)});
    apply({cancel(1, 'B', ticks(100), 7).at(kT + 1)});
    EXPECT_EQ(flow(Side::bid, ticks(100)), (Flow{10, 2, 0, 5}));
    EXPECT_EQ(qty(Side::bid, ticks(100)), 3);
}

TEST_F(Rules, AnIcebergShowsMoreAfterItsFill) {
    // 10 shown, 12 executed, 8 shown again: what was shown is filled, what comes is added.
    apply({add(1, 'A', ticks(101), 10).at(kT)});
    apply({fill(1, 'A', ticks(101), 12).at(kT + 1), modify(1, 'A', ticks(101), 8).at(kT + 1)});
    EXPECT_EQ(flow(Side::ask, ticks(101)), (Flow{18, 0, 0, 10}));
    EXPECT_EQ(qty(Side::ask, ticks(101)), 8);
    EXPECT_EQ(book.anomalies().total(), 0U);
}

TEST_F(Rules, DuplicateAddWithdrawsTheOldOrder) {
    apply({add(1, 'B', ticks(100), 10).at(kT), add(1, 'A', ticks(101), 4).at(kT)});
    EXPECT_TRUE(book.ladder().empty(Side::bid));
    EXPECT_EQ(flow(Side::bid, ticks(100)), (Flow{10, 10, 0, 0}));
    EXPECT_EQ(qty(Side::ask, ticks(101)), 4);
    EXPECT_EQ(book.orders().size(), 1U);
    EXPECT_EQ(book.anomalies().of(Anomaly::duplicate_add), 1U);
}

TEST_F(Rules, RecordsWithoutSideOrPriceAreIgnored) {
    apply({add(1, 'B', ticks(100), 10).at(kT)});
    apply({add(2, 'N', ticks(100), 1).at(kT), cancel(1, 'N', ticks(100), 1).at(kT),
           modify(1, 'N', ticks(100), 1).at(kT)});
    apply({add(3, 'B', dbn::kUndefPrice, 1).at(kT), modify(1, 'B', dbn::kUndefPrice, 1).at(kT)});
    apply({add(4, 'B', ticks(100), 0).at(kT), record('Z', 1, 'B', ticks(100), 1).at(kT),
           record('N', 1, 'N', 0, 1).at(kT)});
    EXPECT_EQ(qty(Side::bid, ticks(100)), 10);
    EXPECT_EQ(book.orders().size(), 1U);
    EXPECT_EQ(book.anomalies().of(Anomaly::bad_side), 3U);
    EXPECT_EQ(book.anomalies().of(Anomaly::undefined_price), 2U);
    EXPECT_EQ(book.anomalies().of(Anomaly::zero_size), 1U);
    EXPECT_EQ(book.anomalies().of(Anomaly::unknown_action), 1U);
}

TEST_F(Rules, ATradeOnlySetsTheLastPrice) {
    apply(
        {trade('B', ticks(100), 5).at(kT), trade('B', 0, 5).at(kT), trade('B', dbn::kUndefPrice, 5).at(kT)});
    EXPECT_EQ(book.last_trade(), ticks(100));
}

TEST_F(Rules, ClearEmptiesWithoutPulling) {
    apply({add(1, 'B', ticks(100), 10).at(kT), add(2, 'A', 7, 3).at(kT), clear().at(kT)});
    EXPECT_FALSE(book.continuity().valid());
    EXPECT_TRUE(book.ladder().empty(Side::bid) && book.ladder().empty(Side::ask));
    EXPECT_EQ(book.orders().size(), 0U);
    EXPECT_EQ(flow(Side::bid, ticks(100)), (Flow{10, 0, 0, 0}));
    apply({add(3, 'B', ticks(100), 1).at(kT)});
    EXPECT_FALSE(book.continuity().valid());
    apply({add(4, 'B', ticks(100), 1).at(kT).last()});
    EXPECT_TRUE(book.continuity().valid());
    EXPECT_EQ(book.continuity().epoch(), 1);
    // Outside a snapshot, adds after a clear are adds.
    EXPECT_EQ(flow(Side::bid, ticks(100)), (Flow{12, 0, 0, 0}));
}

TEST_F(Rules, SnapshotWithAClear) {
    apply({add(1, 'B', ticks(100), 10).at(kT)});
    apply({clear().at(kT).with(kSnapshotFlags),
           add(2, 'B', ticks(99), 5).at(kT - 9 * kSecond).received(kT).with(kSnapshotFlags)});
    EXPECT_TRUE(book.continuity().loading());
    EXPECT_FALSE(book.continuity().valid());
    apply({add(3, 'A', ticks(101), 6).at(kT - 8 * kSecond).received(kT).with(kSnapshotFlags).last()});
    EXPECT_TRUE(book.continuity().valid());
    EXPECT_FALSE(book.continuity().loading());
    EXPECT_EQ(book.continuity().epoch(), 1);
    EXPECT_EQ(flow(Side::bid, ticks(99)), Flow{});  // not flow
    // The snapshot's order is as old as it says.
    apply({cancel(2, 'B', ticks(99), 5).at(kT + 1)});
    EXPECT_EQ(flow(Side::bid, ticks(99)), (Flow{0, 5, 5, 0}));
}

TEST_F(Rules, SnapshotWithoutAClearEndsAtTheFirstOtherRecord) {
    apply({add(2, 'B', ticks(99), 5).at(kT - 9).received(kT).with(kSnapshotFlags)});
    apply({add(3, 'B', ticks(99), 5).at(kT + 99 * kSecond).received(kT).with(kSnapshotFlags)});
    EXPECT_FALSE(book.continuity().valid());
    EXPECT_EQ(book.continuity().epoch(), 1);
    apply({add(4, 'B', ticks(99), 1).at(kT + 1)});
    EXPECT_TRUE(book.continuity().valid());
    EXPECT_EQ(flow(Side::bid, ticks(99)), (Flow{1, 0, 0, 0}));
    EXPECT_EQ(book.ledger().rows()[0].depth_open, 10);
    // An own time after the snapshot's is held at the snapshot's.
    book.orders().for_each([&](const auto& order) { EXPECT_TRUE(order.id != 3 || order.t_enter == kT); });
}

TEST_F(Rules, ASnapshotIsOneEventThoughAllItsRecordsCarryLast) {
    for (std::uint64_t id = 1; id <= 3; ++id) {
        apply({add(id, 'B', ticks(99), 5).at(kT).with(kSnapshotFlags).last()});
    }
    EXPECT_TRUE(book.continuity().valid());
    EXPECT_EQ(book.continuity().epoch(), 1);
}

TEST_F(Rules, AGapLastsUntilTheNextClearOrSnapshot) {
    apply({clear().at(kT).last(), add(1, 'B', ticks(99), 5).at(kT).last()});
    EXPECT_TRUE(book.continuity().valid());
    apply({add(2, 'B', ticks(99), 5).at(kT).last().with(dbn::flag::maybe_bad_book)});
    apply({add(3, 'B', ticks(99), 5).at(kT).last().with(dbn::flag::maybe_bad_book)});
    EXPECT_EQ(book.continuity().epoch(), 2);  // one gap, not two records
    apply({add(4, 'B', ticks(99), 5).at(kT).last()});
    EXPECT_FALSE(book.continuity().valid());
    EXPECT_EQ(qty(Side::bid, ticks(99)), 20);  // the book goes on
    apply({clear().at(kT).with(kSnapshotFlags).last()});
    EXPECT_TRUE(book.continuity().valid());
    EXPECT_EQ(book.continuity().epoch(), 3);
}

TEST_F(Rules, ABookThatNeverSawItsStartIsNotValid) {
    apply({add(1, 'B', ticks(99), 5).at(kT).last()});
    EXPECT_FALSE(book.continuity().valid());
}

TEST_F(Rules, AQuoteReplacesItsSide) {
    const auto quote = [](char side, std::int64_t price, std::uint32_t size) {
        return add(0, side, price, size).at(kT).with(dbn::flag::tob).last();
    };
    apply({quote('B', ticks(100), 10), quote('A', ticks(101), 4), quote('B', ticks(102), 3)});
    EXPECT_EQ(book.ladder().best(Side::bid), (book::Level{{ticks(102)}, 3, 0}));
    EXPECT_EQ(book.ladder().level_count(Side::bid), 1U);
    EXPECT_EQ(flow(Side::bid, ticks(100)), (Flow{10, 10, 0, 0}));
    EXPECT_EQ(book.crossed_publishes().count, 1U);
    apply({quote('B', ticks(102), 5)});  // the same price: the difference
    EXPECT_EQ(flow(Side::bid, ticks(102)), (Flow{5, 0, 0, 0}));
    apply({cancel(0, 'B', ticks(102), 2).at(kT).with(dbn::flag::tob)});
    EXPECT_EQ(qty(Side::bid, ticks(102)), 3);
    apply({quote('B', dbn::kUndefPrice, 0)});
    EXPECT_TRUE(book.ladder().empty(Side::bid));
    EXPECT_EQ(qty(Side::ask, ticks(101)), 4);
    EXPECT_EQ(book.orders().size(), 0U);
    EXPECT_EQ(book.anomalies().total(), 0U);
}

TEST_F(Rules, CrossedIsCountedWherePublished) {
    apply({add(1, 'B', ticks(101), 1).at(kT), add(2, 'A', ticks(101), 1).at(kT)});
    EXPECT_EQ(book.crossed_publishes().count, 0U);
    apply({record('N', 0, 'N', 0, 0).at(kT + 1).received(kT + 5).last()});
    EXPECT_EQ(book.crossed_publishes(), (book::CrossedPublishes{1, kT + 5, kT + 5}));
    apply({cancel(2, 'A', ticks(101), 1).at(kT + 2).last()});
    EXPECT_EQ(book.crossed_publishes().count, 1U);
    EXPECT_FALSE(book.crossed_now());
}

TEST_F(Rules, QuantitiesOfAnySizeAddUp) {
    constexpr std::uint32_t kMost = 0xFFFF'FFFF;
    for (std::uint64_t id = 0; id < 100; ++id) apply({add(id, 'B', ticks(100), kMost).at(kT)});
    EXPECT_EQ(qty(Side::bid, ticks(100)), 100LL * kMost);
    apply({fill(3, 'B', 0, kMost).at(kT), fill(3, 'B', 0, kMost).at(kT), cancel(3, 'B', 0, kMost).at(kT)});
    EXPECT_EQ(qty(Side::bid, ticks(100)), 99LL * kMost);
}

TEST_F(Rules, StubQuotesAndOddPricesAreLevelsLikeOthers) {
    const std::vector<std::int64_t> prices{-dbn::kUndefPrice - 1, -ticks(3),           1,
                                           ticks(20'000),         ticks(20'000) + 1,   ticks(20'001),
                                           200'000 * kSecond,     dbn::kUndefPrice - 1};
    std::uint64_t id = 0;
    for (const std::int64_t price : prices)
        apply({add(++id, 'B', price, 1).at(kT), add(++id, 'A', price, 1).at(kT)});
    for (std::size_t i = 0; i < prices.size(); ++i) {
        EXPECT_EQ(book.ladder().best_price(Side::ask), prices[i]);
        apply({cancel(2 * i + 2, 'A', prices[i], 1).at(kT)});
    }
    for (std::size_t i = prices.size(); i-- > 0;) {
        EXPECT_EQ(book.ladder().best_price(Side::bid), prices[i]);
        apply({cancel(2 * i + 1, 'B', prices[i], 1).at(kT)});
    }
    EXPECT_EQ(book.orders().size(), 0U);
}

// Where the stub stands in the file must not decide where the levels are kept: in the maps each costs 48 bytes more.
TEST(Ladder, IsNotLaidAroundAStubQuoteThatComesFirst) {
    constexpr std::int64_t kCent = 10'000'000;
    const Record stub = add(1, 'A', 19'999'999 * kCent, 1).at(kT);  // $199,999.99
    Book stub_first{{kCent}}, stub_last{{kCent}};
    stub_first.apply(stub);
    for (std::uint64_t i = 0; i < 1'000; ++i) {
        const Record r = add(2 + i, 'A', (50'000 + static_cast<std::int64_t>(i)) * kCent, 1).at(kT);
        stub_first.apply(r);
        stub_last.apply(r);
    }
    stub_last.apply(stub);
    EXPECT_EQ(stub_first.ladder().level_count(Side::ask), 1'001U);
    EXPECT_EQ(stub_first.ladder().best_price(Side::ask), 50'000 * kCent);
    EXPECT_LT(stub_first.memory_bytes(), stub_last.memory_bytes() + 1'000 * 48 / 2);
}

TEST(Publishers, AreBooksOfTheirOwn) {
    Book one{{kTick}}, other{{kTick}};
    one.apply(add(1, 'B', ticks(100), 10).at(kT));
    other.apply(add(1, 'B', ticks(99), 3).at(kT));
    one.apply(cancel(1, 'B', ticks(100), 10).at(kT));
    EXPECT_TRUE(one.ladder().empty(Side::bid));
    EXPECT_EQ(other.ladder().best(Side::bid).qty, 3);
    EXPECT_EQ(one.anomalies().total() + other.anomalies().total(), 0U);
}

}  // namespace
}  // namespace spymaster::testing
