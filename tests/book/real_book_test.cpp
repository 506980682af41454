// Two real days of ES against facts obtained by an independent replay (README of the data folder).
#include <gtest/gtest.h>

#include "book/book.hpp"
#include "market/time.hpp"
#include "real_file.hpp"

namespace spymaster::testing {
namespace {

using book::Anomaly;
using book::Book;
using market::Side;

std::string utc(std::uint64_t ts_ns) {
    return market::format_utc(static_cast<std::int64_t>(ts_ns));
}

// Quantities and orders of the levels add up to those of the orders.
void expect_sums(const Book& book) {
    std::int64_t level_qty = 0, order_qty = 0;
    std::size_t level_orders = 0;
    for (const Side side : {Side::bid, Side::ask}) {
        book.ladder().for_each_between(side, 0, dbn::kUndefPrice, [&](std::uint32_t cell, std::int64_t) {
            level_qty += book.ladder().cell(cell).qty;
            level_orders += book.ladder().cell(cell).orders;
        });
    }
    book.orders().for_each([&](const auto& order) { order_qty += order.qty; });
    EXPECT_EQ(level_qty, order_qty);
    EXPECT_EQ(level_orders, book.orders().size());
}

TEST(RealBook, Esh4) {
    const auto path = real_file(kEsh4);
    SPY_SKIP_WITHOUT(path);
    Book book({250'000'000}, 500'000'000);
    for_each_mbo(path, [&](const dbn::MboMsg& msg) { book.apply(msg); });

    EXPECT_EQ(book.ladder().best_price(Side::bid), 4'810'000'000'000);
    EXPECT_EQ(book.ladder().best_price(Side::ask), 4'810'250'000'000);
    EXPECT_EQ(book.orders().size(), 11'217U);
    EXPECT_EQ(book.ladder().level_count(Side::bid), 922U);
    EXPECT_EQ(book.ladder().level_count(Side::ask), 565U);
    expect_sums(book);

    EXPECT_EQ(book.publishes(), 47'022U);
    EXPECT_EQ(book.anomalies().of(Anomaly::unknown_cancel), 0U);
    EXPECT_EQ(book.anomalies().of(Anomaly::unknown_modify), 0U);
    EXPECT_EQ(book.anomalies().of(Anomaly::duplicate_add), 0U);
    EXPECT_EQ(book.anomalies().of(Anomaly::over_cancel), 0U);
    EXPECT_EQ(book.anomalies().of(Anomaly::side_change), 0U);
    EXPECT_EQ(book.crossed_publishes().count, 891U);
    EXPECT_EQ(utc(book.crossed_publishes().first_ts_recv).substr(0, 19), "2023-12-25T22:39:55");
    EXPECT_EQ(utc(book.crossed_publishes().last_ts_recv).substr(0, 25), "2023-12-25T23:00:00.00006");
    // One snapshot, without a clear.
    EXPECT_TRUE(book.continuity().valid());
    EXPECT_EQ(book.continuity().epoch(), 1);
    EXPECT_EQ(book.continuity().clears(), 0U);
    EXPECT_EQ(book.continuity().disruptions(), 8'725U);
}

TEST(RealBook, Esm4) {
    const auto path = real_file(kEsm4);
    SPY_SKIP_WITHOUT(path);
    Book book({250'000'000}, 500'000'000);
    for_each_mbo(path, [&](const dbn::MboMsg& msg) { book.apply(msg); });

    EXPECT_EQ(book.ladder().best_price(Side::bid), 5'214'000'000'000);
    EXPECT_EQ(book.ladder().best_price(Side::ask), 5'214'250'000'000);
    EXPECT_EQ(book.orders().size(), 13'598U);
    expect_sums(book);
    EXPECT_EQ(book.publishes(), 185U);
    EXPECT_EQ(book.crossed_publishes().count, 0U);
    EXPECT_EQ(book.anomalies().total(), 0U);
    EXPECT_TRUE(book.continuity().valid());
    EXPECT_EQ(book.continuity().epoch(), 1);
    EXPECT_EQ(book.continuity().clears(), 1U);
}

}  // namespace
}  // namespace spymaster::testing
