#include <gmock/gmock.h>

#include "market/expiration.hpp"
#include "pipeline/reference/definitions.hpp"
#include "temporary_lake.hpp"

namespace spymaster::pipeline {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> symbols_of(const std::vector<Definition>& rows) {
    std::vector<std::string> symbols;
    for (const Definition& row : rows) symbols.push_back(row.raw_symbol);
    return symbols;
}

// The official files, and what is known of them.
class RealDefinitions : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!fs::exists(test_data() / "real"))
            GTEST_SKIP() << "no test data in " << test_data() << "; set SPYMASTER_TEST_DATA";
    }
    std::vector<Definition> rows(const std::string& name, const market::Date& date) {
        Progress progress;
        auto read = read_definitions({test_data() / name}, {date, "", {}}, progress);
        EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().message);
        return read.ok() ? std::move(read->rows) : std::vector<Definition>{};
    }

    TemporaryFolder folder_;
    lake::Lake lake_ = open_lake(folder_.path());
};

TEST_F(RealDefinitions, FutureOfVersion1) {
    const auto found = rows("real/esm4-glbx-mdp3-20240508.definition.dbn.zst", {2024, 5, 8});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].raw_symbol, "ESM4");
    EXPECT_EQ(found[0].instrument_class, 'F');
    EXPECT_EQ(found[0].instrument_id, 5602U);
    EXPECT_EQ(found[0].min_price_increment, 250'000'000);
    EXPECT_EQ(found[0].multiplier, 50.0);
    EXPECT_EQ(partition_symbol(found[0]), "ES");
    EXPECT_EQ(*market::expiration_date(market::ProductType::future_mbo, found[0].expiration),
              market::third_friday(2024, 6));
}

TEST_F(RealDefinitions, OptionsOfAFutureInVersions1And3) {
    const auto old = rows("real/glbx-mdp3-es-opt-202308.definition.dbn.zst", {2023, 8, 1});
    EXPECT_THAT(symbols_of(old), ElementsAre("ESM4 C3550", "ESM4 C4250"));
    EXPECT_EQ(old[0].strike_price, 3'550'000'000'000);
    EXPECT_EQ(old[0].underlying, "ESM4");
    EXPECT_EQ(old[0].underlying_id, 5602U);
    const auto latest = rows("real/glbx-mdp3-es-option-v3.definition.dbn.zst", {2026, 6, 24});
    EXPECT_THAT(symbols_of(latest), ElementsAre("ESU6 C9600", "ESU6 P6575"));
    EXPECT_EQ(latest[0].strike_price, 9'600'000'000'000);
    EXPECT_EQ(latest[1].strike_price, 6'575'000'000'000);
    EXPECT_EQ(latest[1].instrument_class, 'P');
    EXPECT_EQ(latest[0].multiplier, 50.0);
    EXPECT_EQ(latest[0].min_price_increment, 0);
    EXPECT_EQ(*market::expiration_date(market::ProductType::future_option_mbo, latest[0].expiration),
              (market::Date{2026, 9, 18}));
}

TEST_F(RealDefinitions, OptionsAndStocks) {
    const auto spy = rows("real/opra-pillar-spy-opt-202308.definition.dbn.zst", {2023, 8, 1});
    EXPECT_THAT(symbols_of(spy), ElementsAre("SPY   240119P00340000", "SPY   240119P00370000"));
    EXPECT_EQ(spy[0].strike_price, 340'000'000'000);
    EXPECT_EQ(spy[0].multiplier, 0.0);  // the venue gives none
    EXPECT_EQ(*market::expiration_date(market::ProductType::equity_option_mbo, spy[0].expiration),
              (market::Date{2024, 1, 19}));
    // Ids change daily: of two days' records one is of the day.
    const auto stock = rows("real/equity-v3.definition.dbn.zst", {2021, 10, 5});
    ASSERT_EQ(stock.size(), 1U);
    EXPECT_EQ(stock[0].instrument_id, 6830U);
    EXPECT_EQ(stock[0].expiration, market::kNoExpiration);
    EXPECT_EQ(partition_symbol(stock[0]), "MSFT");
}

TEST_F(RealDefinitions, GoIntoTheLakeAndOutAgain) {
    Progress progress;
    const auto report = ingest_definitions(
        lake_, market::product_of(market::ProductType::equity_option_mbo), "SPY", {2023, 8, 1},
        {test_data() / "real/opra-pillar-spy-opt-202308.definition.dbn.zst"}, progress);
    ASSERT_TRUE(report.ok()) << report.error().message;
    const auto loaded = load_definitions(lake_, {{2023, 8, 1}, "SPY", {}});
    ASSERT_TRUE(loaded.ok());
    EXPECT_EQ(*loaded, rows("real/opra-pillar-spy-opt-202308.definition.dbn.zst", {2023, 8, 1}));
}

}  // namespace
}  // namespace spymaster::pipeline
