#include "feed/simulated/underlying_path.hpp"

#include <gtest/gtest.h>

#include <map>

#include "itch_rules.hpp"
#include "plain_book.hpp"
#include "simulated_records.hpp"

namespace spymaster::feed {
namespace {

// The best prices after every record, by the records alone.
template <class Checker>
std::map<std::int64_t, TopOfMarket> tops_of(const SimulationOptions& options) {
    Checker book;
    std::map<std::int64_t, TopOfMarket> tops;
    for (const dbn::MboMsg& msg : all_records(options)) {
        book.apply(msg);
        const std::int64_t ts = static_cast<std::int64_t>(is_snapshot(msg) ? msg.ts_recv : msg.hd.ts_event);
        if ((msg.flags & dbn::flag::last) != 0) tops[ts] = {book.best_bid(), book.best_ask()};
    }
    return tops;
}

template <class Checker>
void expect_the_path_is_the_books(const SimulationOptions& options) {
    const auto path = UnderlyingPath::create(options);
    ASSERT_TRUE(path.ok()) << path.error().message;
    const auto tops = tops_of<Checker>(options);
    int looked = 0;
    for (std::int64_t ts = path->fine_from_ns(); ts <= path->end_ns(); ts += UnderlyingPath::kStepNs) {
        auto after = tops.upper_bound(ts);
        ASSERT_NE(after, tops.begin());
        const TopOfMarket expected = std::prev(after)->second;
        ASSERT_EQ(path->at(ts).bid_int, expected.bid_int) << ts;
        ASSERT_EQ(path->at(ts).ask_int, expected.ask_int) << ts;
        ASSERT_EQ(path->at(ts + UnderlyingPath::kStepNs - 1).bid_int, expected.bid_int)
            << "of a later instant";
        ++looked;
    }
    EXPECT_GT(looked, 6'000);
}

TEST(UnderlyingPath, IsTheTopOfTheBookThatTheFileHas) {
    expect_the_path_is_the_books<PlainBook>(options_of("09:30-09:31", 400.0, 3));
    expect_the_path_is_the_books<ItchRules>(options_of("09:30-09:31", 400.0, 3, "SPY"));
}

TEST(UnderlyingPath, SharesHaveNoPriceBeforeTheyOpen) {
    const auto path = UnderlyingPath::create(options_of("09:30-09:31", 100.0, 1, "SPY"));
    ASSERT_TRUE(path.ok());
    const std::int64_t open_ns = path->begin_ns() + 9 * 3'600 * market::kNanosPerSecond;
    EXPECT_FALSE(path->at(path->begin_ns() - 1).there());
    EXPECT_FALSE(path->at(path->begin_ns()).there());
    EXPECT_FALSE(path->at(open_ns - 1).there());
    EXPECT_TRUE(path->at(open_ns + 60 * market::kNanosPerSecond).there());
    EXPECT_EQ(path->at(path->end_ns() + 1).bid_int, path->at(path->end_ns()).bid_int);
    EXPECT_EQ(path->contract(), "SPY");
    EXPECT_EQ(path->tick_int(), 10'000'000);
}

}  // namespace
}  // namespace spymaster::feed
