#include "feed/simulated/matching_book.hpp"

#include <gtest/gtest.h>

namespace spymaster::feed {
namespace {

using market::Side;

RestingOrder bid(std::uint64_t id, std::int32_t tick, std::uint32_t size) {
    return {.id = id, .tick = tick, .size = size, .side = Side::bid};
}
RestingOrder ask(std::uint64_t id, std::int32_t tick, std::uint32_t size) {
    return {.id = id, .tick = tick, .size = size, .side = Side::ask};
}

TEST(MatchingBook, FillsInPriceThenTimeOrder) {
    MatchingBook book(100);
    book.add(ask(1, 51, 2));
    book.add(ask(2, 50, 3));
    book.add(ask(3, 50, 4));
    std::vector<Fill> fills;
    EXPECT_EQ(book.match_best(Side::bid, 5, fills), 0U);
    ASSERT_EQ(fills.size(), 2U);
    EXPECT_EQ(book.order(fills[0].order).id, 2U);
    EXPECT_EQ(fills[0].size_before, 3U);
    EXPECT_EQ(fills[0].filled, 3U);
    EXPECT_EQ(fills[0].size_after, 0U);
    EXPECT_EQ(book.order(fills[1].order).id, 3U);
    EXPECT_EQ(fills[1].filled, 2U);
    EXPECT_EQ(fills[1].size_after, 2U);
    EXPECT_EQ(book.lots(50), 2);
    EXPECT_EQ(book.match_best(Side::bid, 5, fills), 3U);  // one price at a time
    EXPECT_EQ(book.best_ask(), 51);
    EXPECT_EQ(book.live_orders(), 1U);
}

TEST(MatchingBook, AnIcebergShowsItsNextPeakAtTheBack) {
    MatchingBook book(100);
    RestingOrder iceberg = bid(1, 40, 2);
    iceberg.peak = 2;
    iceberg.reserve = 5;
    book.add(iceberg);
    book.add(bid(2, 40, 3));
    std::vector<Fill> fills;
    EXPECT_EQ(book.match_best(Side::ask, 2, fills), 0U);
    ASSERT_EQ(fills.size(), 1U);
    EXPECT_EQ(fills[0].size_after, 2U);
    EXPECT_EQ(book.order(book.queue(40).front()).id, 2U);
    EXPECT_EQ(book.match_best(Side::ask, 6, fills),
              0U);  // 3 of order 2, then 3 of the iceberg: one fill of it
    ASSERT_EQ(fills.size(), 2U);
    EXPECT_EQ(fills[1].size_before, 2U);
    EXPECT_EQ(fills[1].filled, 3U);
    EXPECT_EQ(fills[1].size_after, 1U);
    EXPECT_EQ(book.match_best(Side::ask, 9, fills), 7U);  // 1 shown and the last 1: gone
    EXPECT_EQ(fills[0].filled, 2U);
    EXPECT_EQ(fills[0].size_after, 0U);
    EXPECT_EQ(book.best_bid(), 0);
    EXPECT_EQ(book.live_orders(), 0U);
}

TEST(MatchingBook, MovingLosesThePlaceAndShrinkingKeepsIt) {
    MatchingBook book(100);
    const auto first = book.add(bid(1, 40, 5));
    const auto second = book.add(bid(2, 40, 5));
    book.shrink(first, 3);
    EXPECT_EQ(book.queue(40).front(), first);
    EXPECT_EQ(book.lots(40), 8);
    book.move(first, 40, 6, 99, 7);
    EXPECT_EQ(book.queue(40).front(), second);
    EXPECT_EQ(book.order(first).ts_event, 99);
    EXPECT_EQ(book.lots(40), 11);
    book.move(second, 42, 1, 100, 8);
    EXPECT_EQ(book.best_bid(), 42);
    book.remove(second);
    EXPECT_EQ(book.best_bid(), 40);
}

TEST(MatchingBookDeathTest, ACrossedBookStopsTheProgram) {
    MatchingBook book(100);
    book.add(bid(1, 40, 5));
    EXPECT_DEATH(book.add(ask(2, 40, 1)), "broken invariant");
}

}  // namespace
}  // namespace spymaster::feed
