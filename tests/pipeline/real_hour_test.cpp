// The real hour: ESH4 on 2023-12-25, 18:00-19:00 New York, from the raw file to gold.
#include "pipeline_fixture.hpp"

namespace spymaster::pipeline {
namespace {

constexpr market::Date kDate{2023, 12, 25};

Job real_job(Layer layer) {
    Job job = make_job("ESH4", kDate, layer, "18:00-19:00");
    job.raw_files = {test_data() / "real" / "esh4-glbx-mdp3-20231225.mbo.dbn.zst"};
    return job;
}

// The first row of the last second of the snapshots.
std::int64_t last_long(const lake::Lake& lake, const lake::PartitionKey& key, std::string_view column) {
    auto reader = lake.read(key);
    EXPECT_TRUE(reader.ok());
    const lake::Contract& contract = (*lake.dataset(key.dataset))->contract;
    lake::ColumnBatch batch(contract);
    std::int64_t last = 0;
    while (*(*reader)->next(batch))
        last = batch.at<std::vector<std::int64_t>>(*contract.index_of(column)).back();
    return last;
}

TEST(RealHour, GoesThroughAllLayers) {
    if (!fs::exists(real_job(Layer::all).raw_files[0])) GTEST_SKIP() << "no test data at " << test_data();
    const TemporaryFolder fused_folder, staged_folder;
    const lake::Lake fused = open_lake(fused_folder.path());
    const auto report = run(fused, real_job(Layer::all));
    ASSERT_TRUE(report.ok()) << report.error().message;
    ASSERT_EQ(report->partitions.size(), 6U);
    EXPECT_EQ(report->partitions[0].rows, 68'792);
    EXPECT_EQ(report->partitions[1].rows, 3'601);
    EXPECT_EQ(report->partitions[3].rows, 3'729'935);  // walls
    EXPECT_EQ(report->partitions[4].rows, 3'601);
    EXPECT_EQ(report->partitions[5].rows, 3'601 * 802);
    EXPECT_EQ(report->quality[0].identity_violations, 0U);
    EXPECT_EQ(report->quality[0].crossed_publishes, 891U);
    const ContractDayKeys keys = keys_of(*real_job(Layer::all).product, "ESH4", kDate);
    EXPECT_EQ(last_long(fused, keys.snapshots, "best_bid_price_int"), 4'810'000'000'000);
    EXPECT_EQ(last_long(fused, keys.snapshots, "best_ask_price_int"), 4'810'250'000'000);

    const lake::Lake staged = open_lake(staged_folder.path());
    for (const Layer layer : {Layer::bronze, Layer::silver, Layer::gold})
        ASSERT_TRUE(run(staged, real_job(layer)).ok());
    expect_same_bytes(fused, staged, *real_job(Layer::all).product, "ESH4", kDate);
}

}  // namespace
}  // namespace spymaster::pipeline
