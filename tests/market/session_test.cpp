#include "market/session.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spymaster::market {
namespace {

constexpr std::int64_t kHourNs = 3600 * kNanosPerSecond;

SessionWindow window(std::string_view session, const Date& date) {
    return *on_date(*parse_session(session), date);
}

TEST(Session, TheDefaultIsTheFirstTenMinutesOfNewYork) {
    const SessionWindow by_default = *on_date(Session{}, {2026, 1, 6});
    EXPECT_EQ(by_default.start_ns, 1767709800000000000);
    EXPECT_EQ(by_default.end_ns, 1767710400000000000);
    for (const char* same : {"open10", "09:30-09:40", "09:30:00-09:40:00", "09:30-09:40 America/New_York",
                             "08:30-08:40 America/Chicago"}) {
        const SessionWindow w = window(same, {2026, 1, 6});
        EXPECT_EQ(w.start_ns, by_default.start_ns) << same;
        EXPECT_EQ(w.end_ns, by_default.end_ns) << same;
    }
}

TEST(Session, NamesStandForTimes) {
    EXPECT_EQ(window("open60", {2026, 1, 6}).end_ns, 1767713400000000000);
    EXPECT_EQ(window("calibration", {2026, 1, 6}).end_ns, 1767720600000000000);
    EXPECT_EQ(window("rth", {2026, 1, 6}).end_ns, 1767709800000000000 + 13 * kHourNs / 2);
    EXPECT_EQ(window("open10", {2026, 7, 7}).start_ns, 1783431000000000000);
    EXPECT_EQ(parse_session("open10")->name, "open10");
    EXPECT_NE(session_names().find("full-day (00:00-24:00 UTC)"), std::string::npos);
}

TEST(Session, TheHourOfTheFutureFile) {
    const SessionWindow w = window("18:00-19:00", {2023, 12, 25});
    EXPECT_EQ(w.start_ns, 1703545200 * kNanosPerSecond);  // 23:00 UTC
    EXPECT_EQ(w.end_ns, Date(2023, 12, 26).midnight_utc_ns());
}

TEST(Session, AFullDayEndsAtMidnight) {
    const SessionWindow utc = window("full-day", {2023, 12, 25});
    EXPECT_EQ(utc.start_ns, Date(2023, 12, 25).midnight_utc_ns());
    EXPECT_EQ(utc.end_ns, Date(2023, 12, 26).midnight_utc_ns());
    EXPECT_EQ(window("00:00-24:00", {2024, 3, 10}).end_ns - window("00:00-24:00", {2024, 3, 10}).start_ns,
              23 * kHourNs);
    EXPECT_EQ(window("00:00-00:00 UTC", {2023, 12, 25}).end_ns, utc.end_ns);
}

TEST(Session, AnEndAtOrBeforeTheStartIsOnTheNextDay) {
    const SessionWindow globex = window("18:00-17:00", {2023, 12, 25});
    EXPECT_EQ(globex.end_ns - globex.start_ns, 23 * kHourNs);
    EXPECT_EQ(window("18:00-18:00", {2023, 12, 25}).end_ns - globex.start_ns, 24 * kHourNs);
    // 2024-03-10 loses an hour in New York: the end keeps its wall-clock time.
    const SessionWindow spring = window("18:00-17:00", {2024, 3, 9});
    EXPECT_EQ(spring.end_ns - spring.start_ns, 22 * kHourNs);
    EXPECT_EQ(window("22:00-02:00 UTC", {2023, 12, 31}).end_ns,
              Date(2024, 1, 1).midnight_utc_ns() + 2 * kHourNs);
}

TEST(Session, NSecondsHaveNPlusOneWindows) {
    const SessionWindow w = window("open10", {2026, 1, 6});
    int emitted = 0;
    for (std::int64_t end = w.start_ns - 5 * kNanosPerSecond; end <= w.end_ns + 5 * kNanosPerSecond;
         end += kNanosPerSecond) {
        emitted += w.emits(end) ? 1 : 0;
    }
    EXPECT_EQ(emitted, 601);
    EXPECT_TRUE(w.emits(w.start_ns));
    EXPECT_TRUE(w.emits(w.end_ns));
    EXPECT_FALSE(w.emits(w.start_ns - 1));
    EXPECT_FALSE(w.emits(w.end_ns + 1));
}

TEST(Session, RefusesEverythingElse) {
    for (const char* bad : {"", "open11", "09:30", "09:30-", "-09:40", "9:30-9:40", "09:30-25:00",
                            "09:60-10:00", "24:00-25:00", "09:30-24:01", "09:30--0:30", "09:3a-09:40",
                            "09:30-09:40:", "09:30-09:40 America/Nowhere", "09:30-09:40 "}) {
        const Result<Session> session = parse_session(bad);
        ASSERT_FALSE(session.ok()) << bad;
        EXPECT_EQ(session.error().code, ErrorCode::usage) << bad;
    }
    EXPECT_NE(parse_session("open11").error().message.find("open10 (09:30-09:40 America/New_York)"),
              std::string::npos);
}

}  // namespace
}  // namespace spymaster::market
