#include "market/expiration.hpp"

#include <gtest/gtest.h>

namespace spymaster::market {
namespace {

constexpr ProductType kFutureOption = ProductType::future_option_mbo;
constexpr ProductType kEquityOption = ProductType::equity_option_mbo;

std::optional<Date> expires(ProductType product, std::string_view instant) {
    const auto date = expiration_date(product, *parse_instant(instant));
    EXPECT_TRUE(date.ok()) << date.error().message;
    return *date;
}

TEST(Expiration, OfFuturesIsTheDateAtFiveHoursBehindUtcAllYear) {
    // The afternoon close, in winter and in summer.
    EXPECT_EQ(expires(kFutureOption, "2026-01-06T21:00:00Z"), (Date{2026, 1, 6}));
    EXPECT_EQ(expires(kFutureOption, "2026-07-07T20:00:00Z"), (Date{2026, 7, 7}));
    // The day changes at 05:00 UTC, in summer too, when New York's changes at 04:00.
    EXPECT_EQ(expires(kFutureOption, "2026-07-07T04:59:59.999999999Z"), (Date{2026, 7, 6}));
    EXPECT_EQ(expires(kFutureOption, "2026-07-07T05:00:00Z"), (Date{2026, 7, 7}));
    EXPECT_EQ(expires(kFutureOption, "2026-01-07T04:59:59.999999999Z"), (Date{2026, 1, 6}));
    EXPECT_EQ(expires(ProductType::future_mbo, "2026-01-07T05:00:00Z"), (Date{2026, 1, 7}));
    // A midnight stamp is an instant there, not a date.
    EXPECT_EQ(expires(kFutureOption, "2026-01-07T00:00:00Z"), (Date{2026, 1, 6}));
}

TEST(Expiration, OfEquitiesIsNewYorksDateOverBothChangesOfTheClock) {
    // Second Sunday of March 2026, 8th: 05:00 UTC before it begins a day, 04:00 after it.
    EXPECT_EQ(expires(kEquityOption, "2026-03-08T04:59:59Z"), (Date{2026, 3, 7}));
    EXPECT_EQ(expires(kEquityOption, "2026-03-08T05:00:00Z"), (Date{2026, 3, 8}));
    EXPECT_EQ(expires(kEquityOption, "2026-03-09T03:59:59Z"), (Date{2026, 3, 8}));
    EXPECT_EQ(expires(kEquityOption, "2026-03-09T04:00:00Z"), (Date{2026, 3, 9}));
    // First Sunday of November, 1st.
    EXPECT_EQ(expires(kEquityOption, "2026-11-01T03:59:59Z"), (Date{2026, 10, 31}));
    EXPECT_EQ(expires(kEquityOption, "2026-11-01T04:00:00Z"), (Date{2026, 11, 1}));
    EXPECT_EQ(expires(kEquityOption, "2026-11-02T04:59:59Z"), (Date{2026, 11, 1}));
    EXPECT_EQ(expires(kEquityOption, "2026-11-02T05:00:00Z"), (Date{2026, 11, 2}));
    // The close of a Friday on either side of the change.
    EXPECT_EQ(expires(kEquityOption, "2026-03-06T21:00:00Z"), (Date{2026, 3, 6}));
    EXPECT_EQ(expires(kEquityOption, "2026-03-13T20:00:00Z"), (Date{2026, 3, 13}));
    EXPECT_EQ(expires(ProductType::equity_mbo, "2026-03-09T04:00:00Z"), (Date{2026, 3, 9}));
}

TEST(Expiration, AMidnightStampIsADateWithoutATime) {
    EXPECT_EQ(expires(kEquityOption, "2025-02-21T00:00:00Z"), (Date{2025, 2, 21}));
    EXPECT_EQ(expires(kEquityOption, "2026-07-07T00:00:00Z"), (Date{2026, 7, 7}));
    // A nanosecond to either side it is an instant, and still the evening before in New York.
    EXPECT_EQ(expires(kEquityOption, "2025-02-21T00:00:00.000000001Z"), (Date{2025, 2, 20}));
    EXPECT_EQ(expires(kEquityOption, "2025-02-20T23:59:59.999999999Z"), (Date{2025, 2, 20}));
    // New Year's Eve.
    EXPECT_EQ(expires(kEquityOption, "2025-12-31T00:00:00Z"), (Date{2025, 12, 31}));
}

TEST(Expiration, MonthEndThirdFridayAndMorningExpiries) {
    // Month end on a Friday, a Tuesday, and in a leap year.
    EXPECT_EQ(expires(kFutureOption, "2026-01-30T21:00:00Z"), (Date{2026, 1, 30}));
    EXPECT_EQ(expires(kFutureOption, "2026-03-31T20:00:00Z"), (Date{2026, 3, 31}));
    EXPECT_EQ(expires(kFutureOption, "2024-02-29T21:00:00Z"), (Date{2024, 2, 29}));
    EXPECT_EQ(expires(kEquityOption, "2024-02-29T00:00:00Z"), (Date{2024, 2, 29}));
    // The quarterly ones stop at the opening: 13:30 UTC in summer, 14:30 in winter.
    EXPECT_EQ(expires(kFutureOption, "2024-06-21T13:30:00Z"), (Date{2024, 6, 21}));
    EXPECT_EQ(expires(kFutureOption, "2025-12-19T14:30:00Z"), (Date{2025, 12, 19}));
    // The third Friday of a month that is no quarter's, in the afternoon.
    EXPECT_EQ(expires(kFutureOption, "2026-01-16T21:00:00Z"), (Date{2026, 1, 16}));
}

TEST(Expiration, NoneWhereThereIsNoInstant) {
    for (const ProductType product : {kFutureOption, kEquityOption}) {
        for (const std::int64_t none : {kNoExpiration, kNoExpiration - 1, std::int64_t{-1}}) {
            const auto date = expiration_date(product, none);
            ASSERT_TRUE(date.ok());
            EXPECT_EQ(*date, std::nullopt) << none;
        }
    }
}

TEST(Expiration, ThirdFridays) {
    EXPECT_EQ(third_friday(2024, 3), (Date{2024, 3, 15}));  // begins on a Friday
    EXPECT_EQ(third_friday(2024, 6), (Date{2024, 6, 21}));  // begins on a Saturday
    EXPECT_EQ(third_friday(2025, 12), (Date{2025, 12, 19}));
    EXPECT_EQ(third_friday(2026, 9), (Date{2026, 9, 18}));
}

std::string moment(ProductType product, std::string_view instant) {
    const auto moment = expiration_moment(product, *parse_instant(instant));
    EXPECT_TRUE(moment.ok()) << moment.error().message;
    return format_utc(*moment);
}

TEST(Expiration, MomentOfADateAloneIsTheCloseInNewYorkInWinterAndInSummer) {
    EXPECT_EQ(moment(kEquityOption, "2026-01-06T00:00:00Z"), "2026-01-06T21:00:00Z");
    EXPECT_EQ(moment(kEquityOption, "2026-07-07T00:00:00Z"), "2026-07-07T20:00:00Z");
    EXPECT_EQ(moment(kEquityOption, "2026-03-08T00:00:00Z"), "2026-03-08T20:00:00Z");
    // A time of day is one.
    EXPECT_EQ(moment(kEquityOption, "2026-01-06T21:15:00Z"), "2026-01-06T21:15:00Z");
    EXPECT_EQ(moment(kFutureOption, "2026-01-06T21:00:00Z"), "2026-01-06T21:00:00Z");
    EXPECT_EQ(moment(kFutureOption, "2026-01-07T00:00:00Z"), "2026-01-07T00:00:00Z");
    EXPECT_EQ(*expiration_moment(kEquityOption, kNoExpiration), kNoExpiration);
}

}  // namespace
}  // namespace spymaster::market
