// Layer stream: what it writes is what the engines give in memory, bit for bit, however it is run.
#include "forecast_line.hpp"

#include <algorithm>
#include <set>

#include "stored_calibrations.hpp"

namespace spymaster::pipeline {
namespace {

using market::ProductType;

// The simulated minute of a product in the lake.
void measure(const lake::Lake& lake, ProductType type) {
    expect_ok(run(lake, product_job(type, Layer::all)));
}

std::string stream_bytes(const lake::Lake& lake, const Job& job) {
    return partition_bytes(lake, forecast_key(job.symbol, job.date));
}

// A job on a simulated minute of its own, whose raw file lies in the lake's folder.
Job future_job(const lake::Lake& lake, const market::Date& date, std::uint64_t seed) {
    feed::SimulationOptions options;
    options.date = date;
    options.session = *market::on_date(*market::parse_session(kSimulatedSession), date);
    options.events_per_second = 60;
    options.seed = seed;
    const fs::path path = lake.root() / fmt::format("{}-{}.mbo.dbn.zst", date.compact(), seed);
    const auto written = feed::write_simulated_file(options, path, false);
    EXPECT_TRUE(written.ok()) << (written.ok() ? "" : written.error().message);
    Job job = make_job(feed::front_contract("ES", date), date, Layer::all, kSimulatedSession);
    job.raw_files = {path};
    return job;
}

TEST(StreamLayer, IsWhatTheEnginesGiveInMemory) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const Job futures = product_job(ProductType::future_mbo, Layer::stream);
    const Job options = product_job(ProductType::future_option_mbo, Layer::all);
    measure(lake, ProductType::future_mbo);
    const auto report = run(lake, stream_of(futures));
    ASSERT_TRUE(report.ok()) << report.error().message;
    const auto without = stored_forecasts(lake, futures.symbol, futures.date);
    expect_same_rows(without, forecasts_in_memory(lake, futures, nullptr));

    ASSERT_EQ(report->partitions.size(), 1U);
    EXPECT_EQ(report->partitions[0].key, forecast_key(futures.symbol, futures.date));
    EXPECT_EQ(report->partitions[0].rows, static_cast<std::int64_t>(without.size()));
    EXPECT_EQ(report->partitions[0].sha256.size(), 64U);
    EXPECT_TRUE(report->partitions[0].written);

    measure(lake, ProductType::future_option_mbo);
    Job again = stream_of(futures);
    again.overwrite = true;
    expect_ok(run(lake, again));
    const auto with = stored_forecasts(lake, futures.symbol, futures.date);
    expect_same_rows(with, forecasts_in_memory(lake, futures, &options));
    EXPECT_FALSE(std::ranges::equal(with, without)) << "the options stand in the way of nothing";
}

TEST(StreamLayer, QuotesOfOptionsAreNoObstacles) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    measure(lake, ProductType::equity_mbo);
    measure(lake, ProductType::equity_option_mbo);
    const Job shares = product_job(ProductType::equity_mbo, Layer::stream);
    expect_ok(run(lake, shares));
    expect_same_rows(stored_forecasts(lake, "SPY", shares.date), forecasts_in_memory(lake, shares, nullptr));
    const auto inputs = lake.manifest(forecast_key("SPY", shares.date))->inputs;
    ASSERT_EQ(inputs.size(), 2U);
    EXPECT_EQ(inputs[0].dataset, "silver.equity_mbo.book_snapshot_1s");
    EXPECT_EQ(inputs[1].dataset, "gold.equity_mbo.physics_surface_1s");
}

TEST(StreamLayer, TheRealOpeningIsWhatTheEnginesGiveInMemory) {
    Job job = make_job("ESH4", {2023, 12, 25}, Layer::all, "18:00-18:10");
    job.raw_files = {test_data() / "real" / "esh4-glbx-mdp3-20231225.mbo.dbn.zst"};
    if (!fs::exists(job.raw_files[0])) GTEST_SKIP() << "no test data at " << test_data();
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    expect_ok(run(lake, job));
    expect_ok(run(lake, stream_of(job)));
    const auto rows = stored_forecasts(lake, "ESH4", job.date);
    expect_same_rows(rows, forecasts_in_memory(lake, job, nullptr));
    EXPECT_EQ(std::ranges::count(rows, 0, &ForecastRow::horizon_s), 601);
}

// The simulated market loses records upstream now and then; then the book is not to be trusted until a snapshot is whole.
TEST(StreamLayer, SecondsThatAreNotValidAreARowOfNulls) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    const Job job = future_job(lake, kSimulatedDate, 16);  // a seed whose minute has a loss
    expect_ok(run(lake, job));
    expect_ok(run(lake, stream_of(job)));
    const auto rows = stored_forecasts(lake, job.symbol, job.date);
    expect_same_rows(rows, forecasts_in_memory(lake, job, nullptr));

    std::set<std::int64_t> lost;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].horizon_s != 0 || rows[i].d_up) continue;
        lost.insert(rows[i].window_end_ts_ns);
        ForecastRow null;
        null.window_end_ts_ns = rows[i].window_end_ts_ns;
        EXPECT_TRUE(rows[i] == null);
        EXPECT_TRUE(i + 1 == rows.size() || rows[i + 1].horizon_s == 0) << "it has a path";
    }
    EXPECT_GE(lost.size(), 1U) << "no loss in this simulation: another seed is needed";
    EXPECT_LT(lost.size(), 30U);
    EXPECT_EQ(rows.size(), lost.size() + (61 - lost.size()) * 31);
}

TEST(StreamLayer, ASecondRunWritesNothingAndOverwritingTheSameBytes) {
    const TemporaryFolder folder, other_folder;
    const lake::Lake lake = open_lake(folder.path());
    const lake::Lake other = open_lake(other_folder.path());
    const Job job = product_job(ProductType::future_mbo, Layer::stream);
    for (const lake::Lake* each : {&lake, &other}) {
        measure(*each, ProductType::future_mbo);
        measure(*each, ProductType::future_option_mbo);
        expect_ok(run(*each, job));
    }
    const std::string bytes = stream_bytes(lake, job);
    EXPECT_TRUE(bytes == stream_bytes(other, job));
    const auto again = run(lake, job);
    ASSERT_TRUE(again.ok()) << again.error().message;
    ASSERT_EQ(again->partitions.size(), 1U);
    EXPECT_FALSE(again->partitions[0].written);
    Job overwriting = job;
    overwriting.overwrite = true;
    const auto replaced = run(lake, overwriting);
    ASSERT_TRUE(replaced.ok()) << replaced.error().message;
    EXPECT_TRUE(replaced->partitions[0].written);
    EXPECT_TRUE(bytes == stream_bytes(lake, job));
    EXPECT_TRUE(lake.verify(forecast_key(job.symbol, job.date)).ok());
}

TEST(StreamLayer, WorkersGiveTheSameBytesAsOneDateAfterAnother) {
    const TemporaryFolder alone_folder, together_folder;
    const lake::Lake alone = open_lake(alone_folder.path());
    const lake::Lake together = open_lake(together_folder.path());
    std::vector<Job> jobs;
    for (const market::Date& date : {market::Date{2026, 1, 6}, {2026, 1, 7}, {2026, 1, 8}}) {
        const Job job = future_job(alone, date, 1);
        for (const lake::Lake* lake : {&alone, &together}) expect_ok(run(*lake, job));
        jobs.push_back(stream_of(job));
        expect_ok(run(alone, jobs.back()));
    }
    const auto outcomes = run_jobs(together, jobs, 3);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        EXPECT_FALSE(outcomes[i].error) << outcomes[i].error->message;
        EXPECT_TRUE(stream_bytes(alone, jobs[i]) == stream_bytes(together, jobs[i]));
    }
}

TEST(StreamLayer, TheManifestSaysWhatItWasMadeFromAndWith) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    measure(lake, ProductType::future_mbo);
    measure(lake, ProductType::future_option_mbo);
    const Job job = product_job(ProductType::future_mbo, Layer::stream);
    expect_ok(run(lake, job));
    const auto manifest = lake.manifest(forecast_key(job.symbol, job.date));
    ASSERT_TRUE(manifest.ok());
    EXPECT_EQ(manifest->stage, "stream_compute_forecast_1s");
    std::vector<std::string> inputs;
    for (const auto& input : manifest->inputs) inputs.push_back(input.dataset);
    EXPECT_EQ(inputs, (std::vector<std::string>{"silver.future_mbo.book_snapshot_1s",
                                                "gold.future_mbo.physics_surface_1s",
                                                "gold.future_option_mbo.physics_surface_1s"}));
    auto properties = lake.manifest(keys_of(*job.product, job.symbol, job.date).gold)->properties;
    properties.insert({{"calibrations", "none"}, {"parameters", "1 0.2"}, {"sampling", "ahead"}});
    EXPECT_EQ(manifest->properties, properties);
}

}  // namespace
}  // namespace spymaster::pipeline
