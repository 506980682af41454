// The book against the plain one, record by record, on random streams.
#include <gtest/gtest.h>

#include "book/book.hpp"
#include "plain_book.hpp"
#include "random_stream.hpp"

namespace spymaster::testing {
namespace {

using book::Book;
using market::Side;

PlainSide levels_of(const Book& book, Side side) {
    PlainSide out;
    std::int64_t previous = 0;
    constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
    book.ladder().for_each_between(side, kMin, -(kMin + 1), [&](std::uint32_t cell, std::int64_t price) {
        EXPECT_TRUE(out.empty() || price > previous) << "prices ascend";
        previous = price;
        const book::Level level = book.ladder().level(cell);
        EXPECT_EQ(level.price.nanos, price);
        out[price] = {level.qty, level.orders};
    });
    EXPECT_EQ(out.size(), book.ladder().level_count(side));
    return out;
}

void expect_same_book(const Book& book, const PlainBook& plain) {
    for (const auto& [side, letter] : {std::pair{Side::bid, 'B'}, std::pair{Side::ask, 'A'}}) {
        ASSERT_EQ(levels_of(book, side), plain.side(letter));
        const auto best = plain.best(letter);
        ASSERT_EQ(!best, book.ladder().empty(side));
        ASSERT_EQ(best.value_or(book.ladder().best_price(side)), book.ladder().best_price(side));
    }
    ASSERT_EQ(book.orders().size(), plain.order_count());
    ASSERT_EQ(book.continuity().valid(), plain.valid);
    ASSERT_EQ(book.continuity().epoch(), plain.epoch);
    ASSERT_EQ(book.last_trade(), plain.last_trade);
    ASSERT_EQ(book.crossed_publishes().count, plain.crossed);
    for (std::size_t kind = 0; kind < book::kAnomalyKinds; ++kind) {
        const auto counted = plain.anomalies.find(std::string(book::kAnomalyNames[kind]));
        ASSERT_EQ(book.anomalies().by_kind[kind], counted == plain.anomalies.end() ? 0 : counted->second)
            << book::kAnomalyNames[kind];
    }
    book.orders().for_each([&](const book::OrderTable::Order& order) {
        const auto found = plain.orders.find({false, order.id});
        ASSERT_NE(found, plain.orders.end());
        ASSERT_EQ(found->second.qty, order.qty);
        ASSERT_EQ(found->second.price, book.ladder().price(order.cell));
        ASSERT_EQ(found->second.side, market::letter(book::Ladder::side(order.cell)));
        ASSERT_EQ(found->second.t_enter, order.t_enter);
    });
}

struct Case {
    std::uint64_t seed;
    StreamOptions options;
};

class RandomBook : public ::testing::TestWithParam<Case> {};

TEST_P(RandomBook, IsThePlainBookAfterEveryRecord) {
    const auto& [seed, options] = GetParam();
    Book book({options.tick}, 500 * kMillisecond);
    PlainBook plain(500 * kMillisecond);
    std::size_t n = 0;
    for (const Record& r : RandomStream(seed, options).take(6'000)) {
        book.apply(r);
        plain.apply(r, PlainBook::time(r));
        if (++n % 7 != 0 && n > 50) continue;  // the plain book is looked at by scanning it
        ASSERT_NO_FATAL_FAILURE(expect_same_book(book, plain)) << "after record " << n << ", seed " << seed;
    }
}

std::vector<Case> cases() {
    std::vector<Case> out;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        out.push_back({seed, {.chaos = 0.0}});
        out.push_back({seed + 100, {.chaos = 0.1}});
        out.push_back({seed + 200, {.chaos = 0.7}});
    }
    out.push_back({300, {.chaos = 0.3, .tick = 10'000'000, .price_ticks = 50'000}});
    out.push_back({301, {.chaos = 0.3, .tick = 1, .price_ticks = 0}});
    out.push_back({302, {.chaos = 0.5, .tick = 7'812'500, .price_ticks = -300}});
    out.push_back({303, {.chaos = 0.5, .tick = std::int64_t{1} << 45, .price_ticks = 100}});
    out.push_back({304, {.chaos = 0.2, .resets_per_mille = 0}});
    return out;
}
INSTANTIATE_TEST_SUITE_P(Seeds, RandomBook, ::testing::ValuesIn(cases()));

}  // namespace
}  // namespace spymaster::testing
