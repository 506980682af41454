#include "pipeline/reference/statistics.hpp"

#include <gmock/gmock.h>

#include "reference_files.hpp"

namespace spymaster::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr market::Date kDate{2026, 1, 6};
constexpr std::int64_t kUndefQuantity32 = std::numeric_limits<std::int32_t>::max();

const market::Product& product(std::string_view name) {
    return **market::find_product(name);
}

Definition option_on(const std::string& underlying, std::uint32_t id, const std::string& raw_symbol) {
    return to_definition(
        definition<dbn::InstrumentDefMsg>({.id = id, .raw_symbol = raw_symbol, .underlying = underlying}));
}

struct OpenInterestRow {
    std::int64_t ts_recv_ns = 0;
    std::string option_symbol;
    double open_interest = 0.0;
    std::string update_action;

    bool operator==(const OpenInterestRow&) const = default;
};

std::string text_at(const lake::TextColumn& column, std::size_t row) {
    return column.dictionary[static_cast<std::size_t>(column.codes[row])];
}

class StatisticsTest : public ::testing::Test {
  protected:
    StatisticsTest() {
        auto universe =
            OptionUniverse::of({option_on("ESH6", 1, "E1AF6 C6900"), option_on("ESH6", 2, "E1AF6 P6900"),
                                option_on("ESM6", 3, "ESM6 C7000")},
                               query_);
        EXPECT_TRUE(universe.ok()) << universe.error().message;
        universe_ = std::move(*universe);
    }

    Result<StatisticsIngest> ingest(const std::vector<fs::path>& files) {
        Progress progress;
        return ingest_statistics(lake_, query_, universe_, files, progress);
    }
    lake::ColumnBatch batch_of(const std::string& symbol) {
        lake::ColumnBatch batch((*lake_.dataset("bronze.future_option.statistics"))->contract);
        const auto reader = lake_.read({"bronze.future_option.statistics", symbol, kDate});
        EXPECT_TRUE(reader.ok()) << reader.error().message;
        EXPECT_TRUE(*(*reader)->next(batch));
        return batch;
    }
    std::vector<OpenInterestRow> rows_of(const std::string& symbol) {
        const lake::Contract& contract = (*lake_.dataset("bronze.future_option.statistics"))->contract;
        const lake::ColumnBatch batch = batch_of(symbol);
        const auto place = [&](std::string_view name) { return *contract.index_of(name); };
        std::vector<OpenInterestRow> rows(batch.row_count());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i] = {batch.at<std::vector<std::int64_t>>(place("ts_recv_ns"))[i],
                       text_at(batch.at<lake::TextColumn>(place("option_symbol")), i),
                       batch.at<std::vector<double>>(place("open_interest"))[i],
                       text_at(batch.at<lake::TextColumn>(place("update_action")), i)};
        }
        return rows;
    }
    fs::path file(const std::string& name) const { return folder_.path() / "files" / name; }

    TemporaryFolder folder_;
    lake::Lake lake_ = open_lake(folder_.path());
    UniverseQuery query_{&product("future_option_mbo"), "ES", kDate};
    OptionUniverse universe_;
};

TEST_F(StatisticsTest, OpenInterestOfTheUniverseAPartitionAnUnderlying) {
    write_statistics(file("a.dbn"), {{.id = 1, .quantity = 10},
                                     {.id = 1, .quantity = 99, .type = 1},  // an opening price: none of it
                                     {.id = 4, .quantity = 99},             // not in the universe
                                     {.id = 2, .quantity = 20},
                                     {.id = 3, .quantity = 30},
                                     {.id = 1, .quantity = 99, .received = "2026-01-07T00:00:00Z"},
                                     {.id = 1, .quantity = 99, .action = 7}});
    const auto report = ingest({file("a.dbn")});
    ASSERT_TRUE(report.ok()) << report.error().message;
    ASSERT_EQ(report->written.size(), 2U);
    EXPECT_EQ(report->counts.kept, 3U);
    EXPECT_EQ(report->counts.other_statistics, 1U);
    EXPECT_EQ(report->counts.other_instruments, 1U);
    EXPECT_EQ(report->counts.other_dates, 1U);
    EXPECT_EQ(report->counts.other_actions, 1U);
    const auto received = static_cast<std::int64_t>(at("2026-01-06T13:00:00Z"));
    EXPECT_THAT(rows_of("ESH6"), ElementsAre(OpenInterestRow{received, "E1AF6 C6900", 10.0, "N"},
                                             OpenInterestRow{received, "E1AF6 P6900", 20.0, "N"}));
    EXPECT_THAT(rows_of("ESM6"), ElementsAre(OpenInterestRow{received, "ESM6 C7000", 30.0, "N"}));
}

TEST_F(StatisticsTest, TermsAndTimesStandInEveryRow) {
    write_statistics(file("a.dbn"), {{.id = 2, .quantity = 20}});
    ASSERT_TRUE(ingest({file("a.dbn")}).ok());
    const lake::ColumnBatch batch = batch_of("ESH6");
    const lake::Contract& contract = (*lake_.dataset("bronze.future_option.statistics"))->contract;
    const auto text = [&](std::string_view name) {
        return text_at(batch.at<lake::TextColumn>(*contract.index_of(name)), 0);
    };
    EXPECT_EQ(text("source"), "DATABENTO");
    EXPECT_EQ(text("underlying"), "ESH6");
    EXPECT_EQ(text("exp_date"), "2026-01-06");
    EXPECT_EQ(text("right"), "C");  // what the definition says, whatever the symbol looks like
    EXPECT_EQ(batch.at<std::vector<double>>(*contract.index_of("strike"))[0], 6900.0);
    EXPECT_EQ(batch.at<std::vector<std::int64_t>>(*contract.index_of("ts_event_ns"))[0],
              static_cast<std::int64_t>(at("2026-01-06T13:00:00Z")) - 1'000);
    EXPECT_EQ(batch.at<std::vector<std::int64_t>>(*contract.index_of("ts_ref_ns"))[0], 0);  // undefined
}

TEST_F(StatisticsTest, UndefinedQuantitiesAreSkippedInBothWidths) {
    for (const int version : {1, 2, 3}) {
        const std::int64_t undefined = version < 3 ? kUndefQuantity32 : dbn::kUndefStatQuantity;
        write_statistics(file("a.dbn"), {{.id = 1, .quantity = undefined}, {.id = 3, .quantity = 0}},
                         {.version = version});
        const TemporaryFolder folder;
        lake_ = open_lake(folder.path());
        const auto report = ingest({file("a.dbn")});
        ASSERT_TRUE(report.ok()) << report.error().message;
        EXPECT_EQ(report->counts.without_quantity, 1U) << version;
        ASSERT_EQ(report->written.size(), 1U) << version;
        EXPECT_EQ(rows_of("ESM6")[0].open_interest, 0.0) << version;  // none open is a quantity
    }
    // What was undefined in 32 bits is a number in 64.
    write_statistics(file("b.dbn"), {{.id = 1, .quantity = kUndefQuantity32}});
    const TemporaryFolder folder;
    lake_ = open_lake(folder.path());
    ASSERT_TRUE(ingest({file("b.dbn")}).ok());
    EXPECT_EQ(rows_of("ESH6")[0].open_interest, 2'147'483'647.0);
}

// What was known of an option at a moment: its last row with ts_recv_ns up to it.
std::optional<double> known_at(const std::vector<OpenInterestRow>& rows, std::string_view option,
                               std::string_view instant) {
    std::optional<double> known;
    for (const OpenInterestRow& row : rows) {
        if (row.option_symbol == option && row.ts_recv_ns <= static_cast<std::int64_t>(at(instant)))
            known = row.update_action == "D" ? std::nullopt : std::optional(row.open_interest);
    }
    return known;
}

TEST_F(StatisticsTest, EveryPublicationStaysSoThatWhatWasKnownAtAMomentCanBeTold) {
    // A correction in the second file arrives between two of the first.
    write_statistics(file("a.dbn"),
                     {{.id = 1, .quantity = 100, .received = "2026-01-06T03:00:00Z"},
                      {.id = 2, .quantity = 7, .received = "2026-01-06T03:00:00Z"},
                      {.id = 1, .quantity = 300, .received = "2026-01-06T15:00:00Z"},
                      {.id = 1, .quantity = 300, .received = "2026-01-06T15:00:00Z"},
                      {.id = 1, .quantity = 5, .received = "2026-01-06T20:00:00Z", .action = 2}});
    write_statistics(file("b.dbn"), {{.id = 1, .quantity = 200, .received = "2026-01-06T13:00:00Z"}});
    ASSERT_TRUE(ingest({file("b.dbn"), file("a.dbn")}).ok());
    const std::vector<OpenInterestRow> rows = rows_of("ESH6");
    EXPECT_EQ(rows.size(), 6U);
    EXPECT_TRUE(std::ranges::is_sorted(rows, {}, &OpenInterestRow::ts_recv_ns));
    EXPECT_EQ(rows.back().open_interest, 0.0);
    EXPECT_EQ(rows.back().update_action, "D");

    constexpr std::string_view kCall = "E1AF6 C6900";
    EXPECT_EQ(known_at(rows, kCall, "2026-01-06T02:59:59.999999999Z"), std::nullopt);
    EXPECT_EQ(known_at(rows, kCall, "2026-01-06T03:00:00Z"), 100.0);
    EXPECT_EQ(known_at(rows, kCall, "2026-01-06T14:59:59Z"), 200.0);
    EXPECT_EQ(known_at(rows, kCall, "2026-01-06T15:00:00Z"), 300.0);
    EXPECT_EQ(known_at(rows, kCall, "2026-01-06T20:00:00Z"), std::nullopt);
    EXPECT_EQ(known_at(rows, "E1AF6 P6900", "2026-01-06T20:00:00Z"), 7.0);
}

TEST_F(StatisticsTest, CompletePartitionsAreLeftAloneAndNothingFoundIsSaid) {
    write_statistics(file("a.dbn"), {{.id = 1, .quantity = 10}});
    ASSERT_TRUE(ingest({file("a.dbn")}).ok());
    write_statistics(file("b.dbn"), {{.id = 1, .quantity = 20}, {.id = 3, .quantity = 30}});
    const auto again = ingest({file("b.dbn")});
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->complete.size(), 1U);
    EXPECT_EQ(again->written.size(), 1U);
    EXPECT_EQ(rows_of("ESH6")[0].open_interest, 10.0);

    write_statistics(file("c.dbn"), {{.id = 1, .quantity = 20, .type = 1}});
    auto report = ingest({file("c.dbn")});
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, ErrorCode::missing);
    EXPECT_THAT(report.error().message, HasSubstr("1 other statistics"));
    EXPECT_THAT(report.error().message, HasSubstr("spymaster inspect"));
    report = ingest({});
    ASSERT_FALSE(report.ok());
    EXPECT_THAT(report.error().message, HasSubstr("table=statistics"));

    const std::string bytes = bytes_of(file("b.dbn"));
    std::ofstream(file("cut.dbn"), std::ios::binary) << bytes.substr(0, bytes.size() - 4);
    report = ingest({file("cut.dbn")});
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, ErrorCode::truncated);
    EXPECT_THAT(report.error().message, HasSubstr("cut.dbn"));
}

// Each exchange publishes what all of them together have open.
TEST(RealStatistics, OpenInterestOfAnEquityOption) {
    const fs::path opra = test_data() / "dbn_vectors/python/OPRA.PILLAR";
    if (!fs::exists(opra)) GTEST_SKIP() << "no test data in " << test_data() << "; set SPYMASTER_TEST_DATA";
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    Progress progress;
    // The option expires a day later than the file is of: the definition is moved to that day.
    auto definitions =
        read_definitions({opra / "test_data.definition.dbn.zst"}, {{2025, 2, 20}, "AAPL", {}}, progress);
    ASSERT_TRUE(definitions.ok()) << definitions.error().message;
    ASSERT_EQ(definitions->rows.size(), 1U);
    definitions->rows[0].expiration = market::Date{2025, 2, 20}.midnight_utc_ns();
    const UniverseQuery query{&product("equity_option_mbo"), "aapl", {2025, 2, 20}};
    const auto universe = OptionUniverse::of(definitions->rows, query);
    ASSERT_TRUE(universe.ok()) << universe.error().message;
    const auto report =
        ingest_statistics(lake, query, *universe, {opra / "test_data.statistics.dbn.zst"}, progress);
    ASSERT_TRUE(report.ok()) << report.error().message;
    ASSERT_EQ(report->written.size(), 1U);
    EXPECT_EQ(report->counts.kept, 4U);
    lake::ColumnBatch batch((*lake.dataset("bronze.equity_option.statistics"))->contract);
    ASSERT_TRUE(*(*lake.read(report->written[0]))->next(batch));
    const auto place = (*lake.dataset("bronze.equity_option.statistics"))->contract.index_of("open_interest");
    EXPECT_THAT(batch.at<std::vector<double>>(*place), ElementsAre(57'924, 57'924, 57'924, 57'924));
}

}  // namespace
}  // namespace spymaster::pipeline
