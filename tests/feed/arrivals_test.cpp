#include "feed/simulated/arrivals.hpp"

#include <gtest/gtest.h>

namespace spymaster::feed {
namespace {

constexpr market::Date kDate{2026, 1, 6};

market::SessionWindow window(std::string_view session) {
    return *market::on_date(*market::parse_session(session), kDate);
}

TEST(PacePlan, TheSessionHasTheMeanAskedFor) {
    for (const char* session : {"09:30-09:40", "rth", "full-day", "16:30-18:30"}) {
        const market::SessionWindow times = window(session);
        const auto plan = PacePlan::create(kDate, times, 100.0);
        ASSERT_TRUE(plan.ok()) << plan.error().message;
        const double records = plan->expected_records(times.end_ns) - plan->expected_records(times.start_ns);
        EXPECT_NEAR(records, 100.0 * static_cast<double>(times.end_ns - times.start_ns) / 1e9, 1e-6 * records)
            << session;
    }
}

TEST(PacePlan, IsThinThenRampsThenOpens) {
    const market::SessionWindow times = window("09:30-09:40");
    const auto plan = PacePlan::create(kDate, times, 400.0);
    ASSERT_TRUE(plan.ok());
    const auto at = [&](int seconds) {
        return plan->records_per_second(times.start_ns + seconds * market::kNanosPerSecond);
    };
    EXPECT_LE(at(-601), 0.6);
    EXPECT_GT(at(-601), 0.0);
    EXPECT_NEAR(at(-600), 40.0, 1e-9);
    EXPECT_LT(at(-300), at(-1));
    EXPECT_LT(at(-1), 0.6 * 400.0 + 1e-9);
    EXPECT_NEAR(at(0), 400.0, 1e-9);
    EXPECT_NEAR(at(599), 400.0, 1e-9);
}

TEST(PacePlan, NothingTradesInTheHalt) {
    const market::SessionWindow times = window("16:00-18:30");
    const auto plan = PacePlan::create(kDate, times, 50.0);
    ASSERT_TRUE(plan.ok());
    EXPECT_EQ(plan->records_per_second(times.start_ns + 3'600 * market::kNanosPerSecond), 0.0);
    EXPECT_EQ(plan->records_per_second(times.start_ns + 7'199 * market::kNanosPerSecond), 0.0);
    EXPECT_GT(plan->records_per_second(times.start_ns + 7'200 * market::kNanosPerSecond), 0.0);
}

TEST(Arrivals, AreInOrderAndEndWithThePlan) {
    const market::SessionWindow times = window("09:30-09:31");
    const auto plan = PacePlan::create(kDate, times, 100.0);
    ASSERT_TRUE(plan.ok());
    Arrivals arrivals(times.start_ns, Random(3));
    std::int64_t last = times.start_ns;
    int count = 0;
    for (std::int64_t t = arrivals.next(*plan, 1.0); t < times.end_ns; t = arrivals.next(*plan, 1.0)) {
        ASSERT_GE(t, last);
        last = t;
        ++count;
    }
    EXPECT_EQ(arrivals.next(*plan, 1.0), times.end_ns);
    EXPECT_NEAR(count, 60 * 100 / 1.25, 0.15 * 60 * 100 / 1.25);  // events, each of 1.25 records
}

TEST(Arrivals, NothingHappensInASkip) {
    const market::SessionWindow times = window("09:30-09:31");
    const auto plan = PacePlan::create(kDate, times, 100.0);
    ASSERT_TRUE(plan.ok());
    Arrivals arrivals(times.start_ns, Random(3));
    arrivals.skip_to(times.start_ns + 30 * market::kNanosPerSecond);
    EXPECT_GE(arrivals.next(*plan, 1.0), times.start_ns + 30 * market::kNanosPerSecond);
}

}  // namespace
}  // namespace spymaster::feed
