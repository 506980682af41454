#include "pipeline/schedule/run_dates.hpp"
#include "pipeline_fixture.hpp"

namespace spymaster::pipeline {
namespace {

std::string dates(const DateArguments& arguments) {
    const auto resolved = resolve_dates(arguments);
    if (!resolved.ok()) return "error";
    std::string text;
    for (const market::Date& date : *resolved) text += date.iso() + " ";
    return text;
}

// In the order of DateArguments: dt, start_date, end_date, dates.
TEST(ResolveDates, DtWinsThenTheRangeThenTheList) {
    EXPECT_EQ(dates({"2024-02-28", "2024-01-01", "2024-01-02", "2023-01-01"}), "2024-02-28 ");
    EXPECT_EQ(dates({"", "2024-01-01", "2024-01-02", "2023-01-01"}), "2024-01-01 2024-01-02 ");
    EXPECT_EQ(dates({"", "", "", "2024-02-28:2024-03-01"}), "2024-02-28 2024-02-29 2024-03-01 ");
}

TEST(ResolveDates, ListsAreSortedAndUnique) {
    EXPECT_EQ(dates({"", "", "", "2024-03-01,2024-02-01,2024-03-01"}), "2024-02-01 2024-03-01 ");
}

TEST(ResolveDates, RefusesWhatMakesNoSense) {
    EXPECT_EQ(dates({}), "error");
    EXPECT_EQ(dates({"2024-02-30", "", "", ""}), "error");
    EXPECT_EQ(dates({"", "2024-01-02", "", ""}), "error");
    EXPECT_EQ(dates({"", "2024-01-02", "2024-01-01", ""}), "error");
    EXPECT_EQ(dates({"", "", "", "2024-01-01:2024-01-02:2024-01-03"}), "error");
    EXPECT_EQ(dates({"", "", "", "2024-01-01,,2024-01-02"}), "error");
}

}  // namespace
}  // namespace spymaster::pipeline
