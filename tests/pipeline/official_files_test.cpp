// The official sample files of XNAS.ITCH, OPRA.PILLAR and GLBX.MDP3: the kinds the line needs go through it.
#include "pipeline_fixture.hpp"

namespace spymaster::pipeline {
namespace {

using market::ProductType;

fs::path official(std::string_view dataset, std::string_view schema) {
    return test_data() / "dbn_vectors" / "python" / dataset / fmt::format("test_data.{}.dbn.zst", schema);
}

Job official_job(ProductType type, std::string symbol, const market::Date& date, std::string_view session) {
    Job job = make_job(std::move(symbol), date, Layer::all, session);
    job.product = &market::product_of(type);
    job.grid = job.product->grid;
    return job;
}

TEST(OfficialFiles, OrdersOfAShareGoThroughAllLayers) {
    Job job = official_job(ProductType::equity_mbo, "NVDA", {2020, 12, 28}, "04:01-04:02");
    job.raw_files = {official("XNAS.ITCH", "mbo")};
    if (!fs::exists(job.raw_files[0])) GTEST_SKIP() << "no test data at " << test_data();
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const auto report = run(lake, job);
    ASSERT_TRUE(report.ok()) << report.error().message;
    const ContractDayKeys keys = keys_of(*job.product, job.symbol, job.date);
    EXPECT_EQ(lake.manifest(keys.bronze)->row_count, 4);
    EXPECT_EQ(lake.manifest(keys.snapshots)->row_count, 61);
    ASSERT_EQ(report->quality.size(), 1U);
    EXPECT_EQ(report->quality[0].records, 4U);
    EXPECT_EQ(report->quality[0].identity_violations, 0U);
}

TEST(OfficialFiles, AFutureWithItsDefinition) {
    Job job = official_job(ProductType::future_mbo, "ESH1", {2020, 12, 28}, "09:30-09:31");
    job.raw_files = {official("GLBX.MDP3", "mbo")};
    job.definition_files = {official("GLBX.MDP3", "definition")};
    if (!fs::exists(job.raw_files[0])) GTEST_SKIP() << "no test data at " << test_data();
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const auto report = run(lake, job);
    ASSERT_TRUE(report.ok()) << report.error().message;
    const ContractDayKeys keys = keys_of(*job.product, job.symbol, job.date);
    EXPECT_EQ(lake.manifest(keys.bronze)->row_count, 4);
    EXPECT_EQ(lake.manifest(keys.flows)->properties.at("tick_int"), "250000000");
    std::size_t definitions = 0;
    for (const PartitionReport& partition : report->partitions)
        definitions += partition.key.dataset == "bronze.shared.instrument_definitions" ? 1 : 0;
    EXPECT_EQ(definitions, 1U);
}

// The sample is of an option that expires the day after: that is said, and nothing is written of it.
TEST(OfficialFiles, AnOptionThatExpiresTomorrowIsNotOfToday) {
    Job job = official_job(ProductType::equity_option_mbo, "AAPL", {2025, 2, 20}, "09:30-09:31");
    job.raw_files = {official("OPRA.PILLAR", "mbp-1")};
    job.definition_files = {official("OPRA.PILLAR", "definition")};
    job.statistics_files = {official("OPRA.PILLAR", "statistics")};
    if (!fs::exists(job.raw_files[0])) GTEST_SKIP() << "no test data at " << test_data();
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const auto report = run(lake, job);
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, ErrorCode::missing) << report.error().message;
    EXPECT_TRUE(lake.partitions("bronze.equity_option_mbo.cmbp_1")->empty());
}

TEST(OfficialFiles, QuotesOfAnotherDatasetAreRefused) {
    Job job = official_job(ProductType::equity_mbo, "ESH1", {2020, 12, 28}, "09:30-09:31");
    job.raw_files = {test_data() / "dbn_vectors" / "dbn" / "test_data.cmbp-1.v3.dbn.zst"};
    if (!fs::exists(job.raw_files[0])) GTEST_SKIP() << "no test data at " << test_data();
    const TemporaryFolder folder;
    const auto report = run(open_lake(folder.path()), job);
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, ErrorCode::conflict);
    EXPECT_NE(report.error().message.find("GLBX.MDP3"), std::string::npos) << report.error().message;
}

}  // namespace
}  // namespace spymaster::pipeline
