// All four products through the one line: fused, staged, what is in the rows, and what is refused.
#include <algorithm>

#include "reference_files.hpp"
#include "simulated_products.hpp"

namespace spymaster::pipeline {
namespace {

using market::ProductType;

class EveryProduct : public testing::TestWithParam<ProductType> {};

INSTANTIATE_TEST_SUITE_P(Products, EveryProduct,
                         testing::Values(ProductType::future_mbo, ProductType::equity_mbo,
                                         ProductType::future_option_mbo, ProductType::equity_option_mbo),
                         [](const auto& tested) {
                             return std::string(market::product_of(tested.param).name);
                         });

TEST_P(EveryProduct, FusedAndStagedRunsGiveTheSameBytes) {
    const TemporaryFolder fused_folder, staged_folder;
    const lake::Lake fused = open_lake(fused_folder.path());
    const lake::Lake staged = open_lake(staged_folder.path());
    for (const lake::Lake* lake : {&fused, &staged}) run_underlying(*lake, GetParam());
    const auto all = run(fused, product_job(GetParam(), Layer::all));
    ASSERT_TRUE(all.ok()) << all.error().message;
    for (const Layer layer : {Layer::bronze, Layer::silver, Layer::gold}) {
        const auto one = run(staged, product_job(GetParam(), layer));
        ASSERT_TRUE(one.ok()) << one.error().message;
    }
    const Job job = product_job(GetParam(), Layer::all);
    expect_same_bytes(fused, staged, *job.product, job.symbol, job.date);
    ASSERT_EQ(all->quality.size(), 1U);
    EXPECT_EQ(all->quality[0].identity_violations, 0U);
    EXPECT_EQ(all->quality[0].anomalies, 0U);
    EXPECT_GT(all->quality[0].records, 1'000U);
}

std::int64_t rows_of(const lake::Lake& lake, const lake::PartitionKey& key) {
    const auto manifest = lake.manifest(key);
    EXPECT_TRUE(manifest.ok()) << key.dataset;
    return manifest.ok() ? manifest->row_count : -1;
}

TEST_P(EveryProduct, EverySecondIsThereAndGoldIsDense) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    run_underlying(lake, GetParam());
    const Job job = product_job(GetParam(), Layer::all);
    const auto report = run(lake, job);
    ASSERT_TRUE(report.ok()) << report.error().message;
    const ContractDayKeys keys = keys_of(*job.product, job.symbol, job.date);
    EXPECT_EQ(rows_of(lake, keys.bronze), static_cast<std::int64_t>(report->raw.kept));
    const std::int64_t cells = (job.product->is_option() ? 4 : 2) * job.grid.rows_per_side();
    EXPECT_EQ(rows_of(lake, keys.gold), 61 * cells);
    if (job.product->is_option())
        EXPECT_EQ(rows_of(lake, keys.flows), 61 * cells);
    else
        EXPECT_EQ(std::pair(rows_of(lake, keys.snapshots), rows_of(lake, *keys.radar)), std::pair(61L, 61L));
}

TEST_P(EveryProduct, ManifestsSayHowItWasMeasuredAndFromWhat) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    run_underlying(lake, GetParam());
    const Job job = product_job(GetParam(), Layer::all);
    ASSERT_TRUE(run(lake, job).ok());
    const ContractDayKeys keys = keys_of(*job.product, job.symbol, job.date);
    std::vector<lake::PartitionKey> measured = keys.silver();
    EXPECT_EQ(measured.size(), job.product->is_option() ? 2U : 4U);
    measured.push_back(keys.gold);
    for (const lake::PartitionKey& key : measured) {
        const auto properties = lake.manifest(key)->properties;
        EXPECT_EQ(properties.at("tick_int"), std::to_string(job.grid.tick.nanos)) << key.dataset;
        EXPECT_EQ(properties.at("step_ticks"), std::to_string(job.grid.step_ticks));
        EXPECT_EQ(properties.at("price_increment_int"), std::to_string(job.grid.price_increment.nanos));
        EXPECT_EQ(properties.at("source"), "simulated");
    }
    EXPECT_EQ(lake.manifest(keys.bronze)->stage, job.product->stages.bronze);
    EXPECT_EQ(lake.manifest(keys.flows)->stage, job.product->stages.silver);
    EXPECT_EQ(lake.manifest(keys.gold)->stage, job.product->stages.gold);
    const auto inputs = [&lake](const lake::PartitionKey& key) {
        std::vector<std::string> names;
        const auto manifest = lake.manifest(key);
        for (const auto& input : manifest->inputs) names.push_back(input.dataset);
        return names;
    };
    const bool option = job.product->is_option();
    std::vector<std::string> silver{keys.bronze.dataset};
    if (option)
        silver.push_back(
            keys_of(market::product_of(*job.product->underlying), job.symbol, job.date).snapshots.dataset);
    for (const lake::PartitionKey& key : keys.silver()) EXPECT_EQ(inputs(key), silver);
    EXPECT_EQ(inputs(keys.gold), option ? std::vector{keys.flows.dataset}
                                        : std::vector({keys.snapshots.dataset, keys.flows.dataset}));
}

// Dates at the same time, found in the raw layer, in the order in which what they are on comes first.
std::vector<Job> days_of(ProductType type, const std::vector<market::Date>& dates) {
    std::vector<Job> jobs;
    for (const market::Date& date : dates) {
        Job& job = jobs.emplace_back(product_job(type, Layer::all));
        job.date = date;
        job.raw_files.clear();
        job.definition_files.clear();
        job.statistics_files.clear();
    }
    return jobs;
}

TEST(EveryProductTogether, WorkersGiveTheSameBytesAsOneDateAfterAnother) {
    const std::vector<market::Date> dates{{2026, 1, 6}, {2026, 1, 7}, {2026, 3, 9}};
    const TemporaryFolder alone_folder, together_folder;
    for (const TemporaryFolder* folder : {&alone_folder, &together_folder})
        for (const market::Date& date : dates) write_raw_day(folder->path(), date);
    const lake::Lake alone = open_lake(alone_folder.path());
    const lake::Lake together = open_lake(together_folder.path());
    for (const market::Product& product : market::products()) {
        const std::vector<Job> jobs = days_of(product.type, dates);
        const auto outcomes = run_jobs(together, jobs, 3);
        ASSERT_EQ(outcomes.size(), dates.size());
        for (std::size_t i = 0; i < jobs.size(); ++i) {
            ASSERT_FALSE(outcomes[i].error) << product.name << outcomes[i].error->message;
            ASSERT_TRUE(run(alone, jobs[i]).ok()) << product.name;
            expect_same_bytes(alone, together, product, jobs[i].symbol, jobs[i].date);
        }
    }
}

TEST(Tick, IsThatOfTheFuturesDefinitionUnlessOneIsGiven) {
    const TemporaryFolder folder;
    Job job = product_job(ProductType::future_mbo, Layer::all);
    const fs::path definitions =
        write_definitions(folder.path() / "own.definition.dbn", {{.raw_symbol = job.symbol,
                                                                  .instrument_class = 'F',
                                                                  .underlying = "",
                                                                  .asset = "ES",
                                                                  .expires = "2026-03-20T13:30:00Z",
                                                                  .strike = dbn::kUndefPrice,
                                                                  .tick = 500'000'000}});
    const auto tick_with = [&](const std::string& name, const Job& wanted) {
        const lake::Lake lake = open_lake(folder.path() / name);
        const auto report = run(lake, wanted);
        EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().message);
        const auto keys = keys_of(*wanted.product, wanted.symbol, wanted.date);
        EXPECT_EQ(rows_of(lake, keys.gold), 61 * 2 * wanted.grid.rows_per_side());
        std::string ticks;
        for (const lake::PartitionKey& key : {keys.snapshots, keys.flows, keys.gold}) {
            const auto properties = lake.manifest(key)->properties;
            ticks += properties.at("tick_int") + "/" + properties.at("price_increment_int") + " ";
        }
        return ticks;
    };
    EXPECT_EQ(tick_with("product", job), "250000000/250000000 250000000/250000000 250000000/250000000 ");
    job.definition_files = {definitions};
    EXPECT_EQ(tick_with("own", job), "500000000/500000000 500000000/500000000 500000000/500000000 ");
    job.tick_given = true;
    job.grid.tick.nanos = 1'000'000'000;
    EXPECT_EQ(tick_with("given", job), "1000000000/250000000 1000000000/250000000 1000000000/250000000 ");
}

class EveryOption : public testing::TestWithParam<ProductType> {};

INSTANTIATE_TEST_SUITE_P(Options, EveryOption,
                         testing::Values(ProductType::future_option_mbo, ProductType::equity_option_mbo),
                         [](const auto& tested) {
                             return std::string(market::product_of(tested.param).name);
                         });

TEST_P(EveryOption, BringsDefinitionsAndOpenInterestAlong) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const Job job = product_job(GetParam(), Layer::bronze);
    const auto report = run(lake, job);
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_TRUE(lake.is_complete({"bronze.shared.instrument_definitions", job.symbol, job.date}));
    EXPECT_TRUE(lake.is_complete({std::string(job.product->statistics_dataset), job.symbol, job.date}));
    EXPECT_GT(report->raw.other_symbols, 0U) << "the simulated chain has a second expiry";
    std::string notes;
    for (const std::string& note : report->notes) notes += note + "\n";
    EXPECT_NE(notes.find("expire on other days"), std::string::npos) << notes;
}

TEST_P(EveryOption, NeedsDefinitions) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    Job job = product_job(GetParam(), Layer::bronze);
    job.definition_files.clear();
    const auto report = run(lake, job);
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, ErrorCode::missing);
    EXPECT_NE(report.error().message.find("--definitions"), std::string::npos) << report.error().message;
    EXPECT_TRUE(lake.partitions(keys_of(*job.product, job.symbol, job.date).bronze.dataset)->empty());
}

TEST_P(EveryOption, DoesWithoutStatisticsAndSaysSo) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    Job job = product_job(GetParam(), Layer::bronze);
    job.statistics_files.clear();
    const auto report = run(lake, job);
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_TRUE(std::ranges::any_of(report->notes, [](const std::string& note) {
        return note.find("no open interest") != std::string::npos;
    }));
}

TEST_P(EveryOption, NeedsTheSilverOfWhatItIsOnInTheSameSession) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const auto without = run(lake, product_job(GetParam(), Layer::all));
    ASSERT_FALSE(without.ok());
    EXPECT_EQ(without.error().code, ErrorCode::missing);
    const Job job = product_job(GetParam(), Layer::all);
    const std::string command = fmt::format("--product-type {} --symbol {}",
                                            market::product_of(*job.product->underlying).name, job.symbol);
    EXPECT_NE(without.error().message.find(command), std::string::npos) << without.error().message;

    Job shorter = product_job(*job.product->underlying, Layer::all);
    shorter.session = *market::parse_session("09:30:00-09:30:30");
    ASSERT_TRUE(run(lake, shorter).ok());
    const auto other_session = run(lake, job);
    ASSERT_FALSE(other_session.ok());
    EXPECT_EQ(other_session.error().code, ErrorCode::conflict);
    EXPECT_NE(other_session.error().message.find("session"), std::string::npos);
}

TEST_P(EveryOption, IsStaleOnceWhatItIsOnHasChanged) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    run_underlying(lake, GetParam());
    const Job job = product_job(GetParam(), Layer::all);
    ASSERT_TRUE(run(lake, job).ok());
    Job underlying = product_job(*job.product->underlying, Layer::silver);
    underlying.overwrite = true;
    underlying.grid.half_width_ticks -= 10;
    ASSERT_TRUE(run(lake, underlying).ok());
    const auto again = run(lake, job);
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().code, ErrorCode::conflict) << again.error().message;
    Job silver = product_job(GetParam(), Layer::silver);
    silver.overwrite = true;
    EXPECT_TRUE(run(lake, silver).ok());
}

TEST(FutureOptions, ARootGivesAPartitionForEachUnderlying) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    Job job = product_job(ProductType::future_option_mbo, Layer::bronze);
    const std::string contract = job.symbol;
    job.symbol = "ES";
    const auto report = run(lake, job);
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_TRUE(lake.is_complete(keys_of(*job.product, contract, job.date).bronze));
    EXPECT_FALSE(lake.is_complete(keys_of(*job.product, "ES", job.date).bronze));
}

}  // namespace
}  // namespace spymaster::pipeline
