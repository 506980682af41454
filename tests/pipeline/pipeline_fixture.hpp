// A lake in a temporary folder, and jobs on it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "feed/raw_files.hpp"
#include "feed/simulated/simulated_file.hpp"
#include "market/session.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/day/job.hpp"
#include "pipeline/layers/forecast_layer.hpp"
#include "pipeline/schedule/schedule.hpp"
#include "temporary_lake.hpp"

namespace spymaster::pipeline {

inline Job make_job(std::string symbol, const market::Date& date, Layer layer, std::string_view session) {
    Job job;
    job.product = *market::find_product("future_mbo");
    job.symbol = std::move(symbol);
    job.date = date;
    job.layer = layer;
    job.session = *market::parse_session(session);
    job.grid = job.product->grid;
    return job;
}

inline Result<JobReport> run(const lake::Lake& lake, const Job& job) {
    Progress progress;
    return job.layer == Layer::stream ? run_stream(lake, job, progress) : run_job(lake, job, progress);
}

// Each job by itself, on several threads; its outcomes in the order of the jobs.
inline std::vector<StepOutcome> run_jobs(const lake::Lake& lake, const std::vector<Job>& jobs, int workers) {
    std::vector<Step> steps;
    for (const Job& job : jobs) {
        const bool stream = job.layer == Layer::stream;
        steps.push_back(
            step_of(*find_stage(stream ? StageKind::forecast : StageKind::bronze, *job.product), job));
        steps.back().job.layer = job.layer;
    }
    Progress progress;
    return run_steps(
        steps, workers, [&](const Step& step) { return run_step(lake, step, progress); },
        [](const Step&, const StepOutcome&) {});
}

// A minute of simulated trading: enough for every kind of event, short enough for every build.
inline constexpr market::Date kSimulatedDate{2026, 1, 6};
inline constexpr std::string_view kSimulatedSession = "09:30-09:31";

inline fs::path simulated_raw_file() {
    static const TemporaryFolder folder;
    static const fs::path file = [] {
        feed::SimulationOptions options;
        options.date = kSimulatedDate;
        options.session = *market::on_date(*market::parse_session(kSimulatedSession), kSimulatedDate);
        options.events_per_second = 200;
        const auto written =
            feed::write_simulated_file(options, folder.path() / "glbx-mdp3-20260106.mbo.dbn.zst", false);
        EXPECT_TRUE(written.ok()) << (written.ok() ? "" : written.error().message);
        return written->path;
    }();
    return file;
}

// Every file of a partition, name and bytes.
inline std::string partition_bytes(const lake::Lake& lake, const lake::PartitionKey& key) {
    const auto folder = lake.partition_path(key);
    EXPECT_TRUE(folder.ok());
    EXPECT_TRUE(lake.is_complete(key)) << folder->string();
    std::string all;
    for (const char* name : {"part-00000.parquet", "_MANIFEST.json", "_SUCCESS"}) {
        const std::string bytes = bytes_of(*folder / name);
        all += fmt::format("{} {}\n", name, bytes.size()) + bytes;
    }
    return all;
}

inline void expect_same_bytes(const lake::Lake& a, const lake::Lake& b, const market::Product& product,
                              const std::string& symbol, const market::Date& date) {
    const ContractDayKeys keys = keys_of(product, symbol, date);
    std::vector<lake::PartitionKey> written = keys.silver();
    written.insert(written.end(), {keys.bronze, keys.gold});
    for (const lake::PartitionKey& key : written) {
        EXPECT_TRUE(partition_bytes(a, key) == partition_bytes(b, key)) << key.dataset;
    }
}

}  // namespace spymaster::pipeline
