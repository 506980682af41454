#include "market/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>

namespace spymaster::market {
namespace {

constexpr std::int64_t kHourNs = 3600 * kNanosPerSecond;

TEST(ParseDate, TakesOnlyRealDatesInOneShape) {
    EXPECT_EQ(*parse_date("2023-12-25"), (Date{2023, 12, 25}));
    EXPECT_EQ(*parse_date("2024-02-29"), (Date{2024, 2, 29}));
    for (const char* bad : {"", "2023-12-2", "2023-12-255", "20231225", "2023/12/25", "2023-13-01",
                            "2023-00-10", "2023-02-29", "2023-04-31", "2023-1a-01", "-023-12-25",
                            "1969-12-31", "2262-01-01", " 2023-12-25", "../../etc/x"}) {
        const Result<Date> date = parse_date(bad);
        ASSERT_FALSE(date.ok()) << bad;
        EXPECT_EQ(date.error().code, ErrorCode::usage);
        EXPECT_NE(date.error().message.find(bad), std::string::npos);
    }
}

TEST(Date, WritesItselfAndItsSuccessor) {
    const Date eve{2023, 12, 31};
    EXPECT_EQ(eve.iso(), "2023-12-31");
    EXPECT_EQ(eve.compact(), "20231231");
    EXPECT_EQ(eve.next(), (Date{2024, 1, 1}));
    EXPECT_EQ((Date{2024, 2, 28}.next()), (Date{2024, 2, 29}));
    EXPECT_EQ((Date{2023, 2, 28}.next()), (Date{2023, 3, 1}));
    EXPECT_EQ((Date{1970, 1, 1}.midnight_utc_ns()), 0);
    EXPECT_EQ((Date{2023, 12, 25}.midnight_utc_ns()), 1703462400 * kNanosPerSecond);
    EXPECT_LT((Date{2023, 12, 31}), (Date{2024, 1, 1}));
}

TEST(UtcDate, IsTheDayThatHoldsTheInstant) {
    const std::int64_t midnight = Date{2023, 12, 25}.midnight_utc_ns();
    EXPECT_EQ(utc_date(midnight), (Date{2023, 12, 25}));
    EXPECT_EQ(utc_date(midnight - 1), (Date{2023, 12, 24}));
    EXPECT_EQ(utc_date(-1), (Date{1969, 12, 31}));
}

TEST(FormatUtc, LeavesOutAZeroFraction) {
    EXPECT_EQ(format_utc(0), "1970-01-01T00:00:00Z");
    EXPECT_EQ(format_utc(1703545200105900877), "2023-12-25T23:00:00.105900877Z");
    EXPECT_EQ(format_utc(1703548799000000000), "2023-12-25T23:59:59Z");
    EXPECT_EQ(format_utc(1), "1970-01-01T00:00:00.000000001Z");
}

TEST(FormatUtc, TakesAnyStampAFileCanHold) {
    EXPECT_EQ(format_utc(-1), "1969-12-31T23:59:59.999999999Z");
    EXPECT_EQ(format_utc(std::numeric_limits<std::int64_t>::max()), "2262-04-11T23:47:16.854775807Z");
    EXPECT_EQ(format_utc(std::numeric_limits<std::int64_t>::min()), "1677-09-21T00:12:43.145224192Z");
}

TEST(ParseInstant, TakesZonesFractionsAndBareNanoseconds) {
    const std::int64_t open = 1703545200 * kNanosPerSecond;  // 2023-12-25T23:00:00Z
    EXPECT_EQ(*parse_instant("2023-12-25T23:00:00Z"), open);
    EXPECT_EQ(*parse_instant("2023-12-25T18:00:00-05:00"), open);
    EXPECT_EQ(*parse_instant("2023-12-26T04:30:00+05:30"), open);
    EXPECT_EQ(*parse_instant("2023-12-25T23:00:00.1Z"), open + 100'000'000);
    EXPECT_EQ(*parse_instant("2023-12-25T23:00:00.105900877Z"), open + 105'900'877);
    EXPECT_EQ(*parse_instant("1703545200105900877"), open + 105'900'877);
}

TEST(ParseInstant, RefusesEverythingElse) {
    for (const char* bad : {"",
                            "now",
                            "2023-12-25",
                            "2023-12-25T23:00:00",
                            "2023-12-25 23:00:00Z",
                            "2023-12-25T24:00:00Z",
                            "2023-12-25T23:60:00Z",
                            "2023-12-25T23:00:60Z",
                            "2023-12-25T23:00:00.Z",
                            "2023-12-25T23:00:00.1234567890Z",
                            "2023-12-25T23:00:00+0500",
                            "2023-12-25T23:00:00+99:99",
                            "2023-12-25T23:00:00Zulu",
                            "2023-02-30T23:00:00Z",
                            "2023-12-25T23:00Z",
                            "12x",
                            "99999999999999999999",
                            "+5",
                            " 5",
                            "2023-12-25T-1:00:00Z"}) {
        EXPECT_FALSE(parse_instant(bad).ok()) << bad;
    }
}

// What is printed can be typed back.
RC_GTEST_PROP(ParseInstant, ReadsWhatFormatUtcWrites, (std::uint64_t raw)) {
    const std::int64_t ts_ns =
        static_cast<std::int64_t>(raw % 9'214'646'400'000'000'000ULL);  // up to the end of 2261
    RC_ASSERT(*parse_instant(format_utc(ts_ns)) == ts_ns);
}

TEST(LocalInstant, FollowsDaylightSaving) {
    constexpr int k0930 = 9 * 3600 + 30 * 60;
    EXPECT_EQ(*local_instant({2026, 1, 6}, k0930, "America/New_York"), 1767709800000000000);
    EXPECT_EQ(*local_instant({2026, 7, 7}, k0930, "America/New_York"), 1783431000000000000);
    EXPECT_EQ(*local_instant({2026, 1, 6}, 0, "UTC"), (Date{2026, 1, 6}.midnight_utc_ns()));
    EXPECT_EQ(*local_instant({2026, 1, 6}, 86'400, "UTC"), (Date{2026, 1, 7}.midnight_utc_ns()));
    EXPECT_EQ(*local_instant({2026, 1, 6}, 6 * 3600, "Etc/GMT+5"), 1767697200000000000);
}

TEST(LocalInstant, ASkippedTimeIsTheInstantOfTheChange) {
    // New York, 2024-03-10: 02:00 becomes 03:00 at 07:00 UTC.
    const std::int64_t change = Date{2024, 3, 10}.midnight_utc_ns() + 7 * kHourNs;
    for (const int second : {2 * 3600, 2 * 3600 + 1800, 3 * 3600 - 1, 3 * 3600}) {
        EXPECT_EQ(*local_instant({2024, 3, 10}, second, "America/New_York"), change) << second;
    }
    EXPECT_EQ(*local_instant({2024, 3, 10}, 2 * 3600 - 1, "America/New_York"), change - kNanosPerSecond);
}

TEST(LocalInstant, ARepeatedTimeIsItsFirstOccurrence) {
    // New York, 2024-11-03: 02:00 becomes 01:00 at 06:00 UTC, so 01:30 happens at 05:30 and at 06:30.
    const std::int64_t midnight = Date{2024, 11, 3}.midnight_utc_ns();
    EXPECT_EQ(*local_instant({2024, 11, 3}, 3600 + 1800, "America/New_York"),
              midnight + 5 * kHourNs + kHourNs / 2);
    EXPECT_EQ(*local_instant({2024, 11, 3}, 2 * 3600, "America/New_York"), midnight + 7 * kHourNs);
}

TEST(LocalInstant, AnUnknownZoneIsAUsageError) {
    const Result<std::int64_t> bad = local_instant({2026, 1, 6}, 0, "America/Nowhere");
    ASSERT_FALSE(bad.ok());
    EXPECT_EQ(bad.error().code, ErrorCode::usage);
    EXPECT_NE(bad.error().message.find("America/Nowhere"), std::string::npos);
}

TEST(Time, WrittenByTheClocksOfAZone) {
    const auto local = [](std::string_view instant, std::string_view zone) {
        const auto text = format_local(*parse_instant(instant), zone);
        return text.ok() ? *text : text.error().message;
    };
    constexpr std::string_view kNewYork = "America/New_York";
    EXPECT_EQ(local("2026-01-06T12:35:00Z", kNewYork), "2026-01-06T07:35:00-05:00");
    EXPECT_EQ(local("2026-07-07T12:35:00.5Z", kNewYork), "2026-07-07T08:35:00.500000-04:00");
    EXPECT_EQ(local("2026-01-06T12:35:00.123456Z", kNewYork), "2026-01-06T07:35:00.123456-05:00");
    EXPECT_EQ(local("2026-01-06T02:35:00.123456789Z", kNewYork), "2026-01-05T21:35:00.123456789-05:00");
    EXPECT_EQ(local("2026-01-06T12:35:00.00000001Z", kNewYork), "2026-01-06T07:35:00.000000010-05:00");
    EXPECT_EQ(local("2026-01-06T12:35:00.001Z", "Asia/Kolkata"), "2026-01-06T18:05:00.001000+05:30");
    EXPECT_NE(local("2026-01-06T12:35:00Z", "New York").find("unknown time zone"), std::string::npos);
}

}  // namespace
}  // namespace spymaster::market
