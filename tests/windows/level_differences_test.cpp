// Differences of levels: small days by hand, and random ones against the definition read backwards.
#include "windows/level_differences.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <map>
#include <utility>

namespace spymaster::windows {
namespace {

using market::Side;
using D = Differences<std::int64_t>;

// Window `index` of a day, prices 0 to 9 in range.
LevelWindow window(std::int64_t index) {
    return {.window_start_ts_ns = index,
            .window_end_ts_ns = index + 1,
            .epoch = 1,
            .window_valid = true,
            .range = {0, 9}};
}

class OneLevel : public testing::Test {
  protected:
    D see(const LevelWindow& at, std::int64_t x) {
        differences.open(at);
        return differences.next(Side::bid, 5, x);
    }
    LevelDifferences<std::int64_t> differences;
};

TEST_F(OneLevel, TheFirstWindowHasZeros) {
    EXPECT_EQ(see(window(0), 10), (D{}));
    EXPECT_EQ(see(window(1), 13), (D{3, 3, 3}));
    EXPECT_EQ(see(window(2), 11), (D{-2, -5, -8}));
    EXPECT_EQ(see(window(3), 11), (D{0, 2, 7}));
}

TEST_F(OneLevel, SilenceInRangeIsZero) {
    differences.open(window(0));
    EXPECT_EQ(see(window(1), 7), (D{7, 7, 7})) << "it was 0 in window 0";
    differences.open(window(2));  // 0, -7, -14
    EXPECT_EQ(see(window(3), 4), (D{4, 11, 25}));
    differences.open(window(4));  // 0, -4, -8
    differences.open(window(5));  // 0, 0, 4
    EXPECT_EQ(see(window(6), 1), (D{1, 1, -3}));
    for (int silent = 7; silent < 10; ++silent) differences.open(window(silent));
    EXPECT_EQ(see(window(10), 1), (D{1, 1, 1})) << "after three silent windows all is 0";
}

TEST_F(OneLevel, OutOfRangeIsNotKnown) {
    see(window(0), 10);
    LevelWindow away = window(1);
    away.range.low = 6;
    differences.open(away);
    EXPECT_EQ(see(window(2), 10), (D{}));
    EXPECT_EQ(see(window(3), 11), (D{1, 1, 1}));
    differences.open({.window_start_ts_ns = 4, .window_end_ts_ns = 5, .epoch = 1, .window_valid = true});
    EXPECT_EQ(see(window(5), 11), (D{})) << "a window without a spot has no range";
}

TEST_F(OneLevel, NothingIsRememberedOverAnInvalidWindowAnEpochOrAGap) {
    see(window(0), 10);
    LevelWindow invalid = window(1);
    invalid.window_valid = false;
    EXPECT_EQ(see(invalid, 12), (D{}));
    EXPECT_EQ(see(window(2), 15), (D{}));
    LevelWindow later = window(3);
    later.epoch = 2;
    EXPECT_EQ(see(later, 16), (D{}));
    later = window(5);
    later.epoch = 2;
    EXPECT_EQ(see(later, 17), (D{}));
    later = window(6);
    later.epoch = 2;
    EXPECT_EQ(see(later, 19), (D{2, 2, 2}));
}

TEST_F(OneLevel, OfTheReferenceIsRememberedForEver) {
    differences = LevelDifferences<std::int64_t>(Compatibility::reference);
    EXPECT_EQ(see(window(0), 10), (D{}));
    EXPECT_EQ(see(window(1), 13), (D{3, 3, 3}));
    LevelWindow invalid = window(7);
    invalid.window_valid = false;
    invalid.epoch = 9;
    EXPECT_EQ(see(invalid, 14), (D{1, -2, -5}));
    differences.open(window(8));
    differences.next(Side::bid, 4, 3);
    EXPECT_EQ(see(window(9), 14), (D{0, -1, 1}));
}

TEST(PriceRange, ReachesSoManyTicksAndStaysWithinSixtyFourBits) {
    EXPECT_FALSE(PriceRange{}.contains(0));
    const PriceRange range = range_around(1'000'000, kWallReachTicks, 250);
    EXPECT_TRUE(range.contains(850'000) && range.contains(1'150'000));
    EXPECT_FALSE(range.contains(849'999) || range.contains(1'150'001));
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    EXPECT_TRUE(range_around(kMax - 10, kWallReachTicks, 250).contains(kMax));
    const PriceRange all = range_around(5, kWallReachTicks, kMax / 2);
    EXPECT_TRUE(all.contains(kMax) && all.contains(-1'000'000));
}

using Key = std::pair<Side, std::int64_t>;
struct Second {
    LevelWindow window;
    std::map<Key, std::int64_t> levels;
};

// The definition, read backwards: what stood in second `at`, 0 where nothing was said.
struct Backwards {
    const std::vector<Second>& day;
    Key level;

    [[nodiscard]] std::int64_t x(std::size_t at) const {
        const auto found = day[at].levels.find(level);
        return found == day[at].levels.end() ? 0 : found->second;
    }
    [[nodiscard]] bool knows_before(std::size_t at) const {
        if (at == 0) return false;
        const LevelWindow &now = day[at].window, &before = day[at - 1].window;
        return now.window_valid && before.window_valid && now.epoch == before.epoch &&
               before.window_end_ts_ns == now.window_start_ts_ns && before.range.contains(level.second);
    }
    [[nodiscard]] std::int64_t d1(std::size_t at) const { return knows_before(at) ? x(at) - x(at - 1) : 0; }
    [[nodiscard]] std::int64_t d2(std::size_t at) const { return knows_before(at) ? d1(at) - d1(at - 1) : 0; }
    [[nodiscard]] std::int64_t d3(std::size_t at) const { return knows_before(at) ? d2(at) - d2(at - 1) : 0; }
};

// Few prices and frequent silence, moves of the range and every kind of break.
std::vector<Second> random_day() {
    std::vector<Second> day(static_cast<std::size_t>(*rc::gen::inRange(1, 30)));
    LevelWindow window{.epoch = 1};
    for (Second& second : day) {
        window.window_start_ts_ns = window.window_end_ts_ns + (*rc::gen::inRange(0, 12) == 0 ? 1 : 0);
        window.window_end_ts_ns = window.window_start_ts_ns + 1;
        window.epoch += *rc::gen::inRange(0, 12) == 0 ? 1 : 0;
        window.window_valid = *rc::gen::inRange(0, 12) != 0;
        window.range.low = *rc::gen::inRange(-2, 3);
        window.range.high = window.range.low + *rc::gen::inRange(-1, 6);
        second.window = window;
        for (const Side side : market::kSides) {
            for (std::int64_t price = window.range.low; price <= window.range.high; ++price) {
                if (*rc::gen::inRange(0, 3) != 0) second.levels[{side, price}] = *rc::gen::inRange(-100, 100);
            }
        }
    }
    return day;
}

RC_GTEST_PROP(LevelDifferencesProperty, AreTheDefinitionReadBackwards, ()) {
    const auto day = random_day();
    LevelDifferences<std::int64_t> differences;
    for (std::size_t at = 0; at < day.size(); ++at) {
        differences.open(day[at].window);
        for (const Side side : {Side::bid, Side::ask}) {
            for (const auto& [key, x] : day[at].levels) {
                if (key.first != side) continue;
                const Backwards expected{day, key};
                RC_ASSERT(differences.next(side, key.second, x) ==
                          (D{expected.d1(at), expected.d2(at), expected.d3(at)}));
            }
        }
    }
}

}  // namespace
}  // namespace spymaster::windows
