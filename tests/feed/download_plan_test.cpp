// Which jobs a command line means, and which options expire on a date.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "feed/historical/zero_dte_assets.hpp"
#include "historical_service.hpp"

namespace spymaster::feed {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> keys(const std::vector<JobRequest>& requests) {
    std::vector<std::string> found;
    for (const JobRequest& request : requests) found.push_back(request.key());
    return found;
}

std::vector<std::string> days(DownloadProgram program, const market::Date& start, const market::Date& end) {
    std::vector<std::string> found;
    const auto dates = *download_dates(program, start, end);
    for (const market::Date& date : dates) found.push_back(date.iso());
    return found;
}

TEST(DownloadPlan, FuturesHaveSundaysAndStocksHaveNot) {
    const market::Date friday{2026, 1, 9};
    const market::Date monday{2026, 1, 12};
    EXPECT_THAT(days(DownloadProgram::futures, friday, monday),
                ElementsAre("2026-01-09", "2026-01-11", "2026-01-12"));
    EXPECT_THAT(days(DownloadProgram::equities, friday, monday), ElementsAre("2026-01-09", "2026-01-12"));
    EXPECT_EQ(download_dates(DownloadProgram::futures, monday, friday).error().code, ErrorCode::usage);
    EXPECT_EQ(download_dates(DownloadProgram::equities, friday.next(), friday.next()).error().code,
              ErrorCode::usage);
    EXPECT_EQ(download_dates(DownloadProgram::futures, {1970, 1, 1}, {2261, 12, 31}).error().code,
              ErrorCode::usage);
}

TEST(DownloadPlan, SymbolsAreTrimmedUpperCasedAndEachOnce) {
    EXPECT_THAT(*parse_download_symbols(DownloadProgram::equities, " spy ,QQQ,spy,"),
                ElementsAre("SPY", "QQQ"));
    for (const char* bad : {"", ",", "../X", "A B/C", "ESH6"})
        EXPECT_FALSE(parse_download_symbols(DownloadProgram::futures, bad).ok()) << bad;
}

TEST(DownloadPlan, KeysOfFuturesNameTheirProduct) {
    DownloadPlanOptions options{.start = {2026, 1, 6}, .end = {2026, 1, 6}, .symbols = {"ES", "NQ"}};
    options.include_futures = true;
    options.options_schemas = {"definition", "statistics"};
    const auto jobs = *plan_jobs(options);
    EXPECT_THAT(keys(jobs), ElementsAre("GLBX.MDP3|mbo|ES|2026-01-06|futures",
                                        "GLBX.MDP3|definition|ES|2026-01-06|futures_options",
                                        "GLBX.MDP3|statistics|ES|2026-01-06|futures_options",
                                        "GLBX.MDP3|mbo|NQ|2026-01-06|futures",
                                        "GLBX.MDP3|definition|NQ|2026-01-06|futures_options",
                                        "GLBX.MDP3|statistics|NQ|2026-01-06|futures_options"));
    EXPECT_THAT(jobs[0].symbols, ElementsAre("ES.FUT"));
    EXPECT_EQ(jobs[1].symbols.size(), 26u);  // ES, EW, EW1 to EW4, and five weeks of four days
    EXPECT_EQ(jobs[1].symbols.front(), "ES.OPT");
    EXPECT_TRUE(jobs[2].symbols.empty());
    EXPECT_TRUE(jobs[2].needs_definitions());
    EXPECT_THAT(jobs[4].symbols, ElementsAre("NQ.OPT"));
    options.definition_codes = {"EYC"};
    EXPECT_EQ(plan_jobs(options).error().code, ErrorCode::usage);  // of which symbol?
    options.symbols = {"ES"};
    EXPECT_THAT(plan_jobs(options)->at(1).symbols, ElementsAre("EYC.OPT"));
}

TEST(DownloadPlan, EquitiesAreOfTwoDatasets) {
    DownloadPlanOptions options{DownloadProgram::equities, {2026, 1, 6}, {2026, 1, 6}, {"SPY"}};
    options.equity_schemas = {"mbo", "definition"};
    options.options_schemas = {"definition", "cmbp-1"};
    const auto jobs = *plan_jobs(options);
    EXPECT_THAT(keys(jobs),
                ElementsAre("XNAS.ITCH|mbo|SPY|2026-01-06", "XNAS.ITCH|definition|SPY|2026-01-06",
                            "OPRA.PILLAR|definition|SPY|2026-01-06", "OPRA.PILLAR|cmbp-1|SPY|2026-01-06"));
    EXPECT_EQ(jobs[0].stype_in, "raw_symbol");
    EXPECT_EQ(jobs[2].stype_in, "parent");
    options.options_schemas = {"mbo"};  // OPRA has none
    EXPECT_EQ(plan_jobs(options).error().code, ErrorCode::usage);
}

TEST(DownloadPlan, AKeySaysWhatItsRequestWas) {
    DownloadPlanOptions options{.start = {2026, 1, 6}, .end = {2026, 1, 6}, .symbols = {"ES"}};
    options.include_futures = true;
    options.options_schemas = {"definition", "mbo", "statistics"};
    const auto jobs = *plan_jobs(options);
    for (const JobRequest& job : jobs) {
        const auto found = request_of_key(job.key());
        ASSERT_TRUE(found.ok()) << job.key();
        EXPECT_EQ(found->key(), job.key());
        EXPECT_EQ(found->product, job.product);
        EXPECT_EQ(found->kind, job.kind);
    }
    for (const char* bad :
         {"", "|||", "GLBX.MDP3|mbo|../x|2026-01-06|futures", "GLBX.MDP3|mbo|ES|2026-13-06|futures",
          "GLBX.MDP3|mbo|ES|2026-01-06", "XNAS.ITCH|trades|SPY|2026-01-06"})
        EXPECT_EQ(request_of_key(bad).error().code, ErrorCode::malformed) << bad;
}

RC_GTEST_PROP(DownloadPlan, NoTextOfAKeyLeadsOutOfTheRawLayer, (const std::string& symbol)) {
    const auto request = request_of_key("XNAS.ITCH|mbo|" + symbol + "|2026-01-06");
    if (!request.ok()) return;
    RC_ASSERT(raw_folder("lake", market::product_of(request->product), request->kind, request->symbol).ok());
}

using ZeroDte = DownloadDay;

TEST_F(ZeroDte, AreThoseOfOptionsThatExpireOnTheDate) {
    const auto file = lake_ / "definitions.dbn.zst";
    std::ofstream(file, std::ios::binary) << definitions();
    const market::Product& options = market::product_of(market::ProductType::future_option_mbo);
    const auto found = zero_dte_assets({file}, options, "ES", kDate);
    ASSERT_TRUE(found.ok()) << found.error().message;
    EXPECT_THAT(found->assets, ElementsAre("E1B"));
    EXPECT_THAT(found->surprises, ElementsAre());
    EXPECT_GT(found->options, 5u);
    const auto sunday = zero_dte_assets({file}, options, "ES", {2026, 1, 11});
    ASSERT_TRUE(sunday.ok());
    EXPECT_TRUE(sunday->assets.empty());
    EXPECT_EQ(zero_dte_assets({file}, options, "NQ", kDate).error().code, ErrorCode::missing);
    EXPECT_EQ(zero_dte_assets({lake_ / "none"}, options, "ES", kDate).error().code, ErrorCode::missing);
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    EXPECT_EQ(zero_dte_assets({file}, options, "ES", kDate).error().code, ErrorCode::truncated);
}

TEST(UsualAssets, AreThoseOfTheDayOfTheWeek) {
    EXPECT_TRUE(is_usual_asset("ES", {2026, 1, 16}));  // third Friday
    EXPECT_FALSE(is_usual_asset("EW3", {2026, 1, 16}));
    EXPECT_TRUE(is_usual_asset("EW2", {2026, 1, 9}));
    EXPECT_FALSE(is_usual_asset("EW5", {2026, 1, 9}));
    EXPECT_TRUE(is_usual_asset("E1B", {2026, 1, 6}));
    EXPECT_FALSE(is_usual_asset("EW", {2026, 6, 30}));  // a month that ends on a Tuesday
}

}  // namespace
}  // namespace spymaster::feed
