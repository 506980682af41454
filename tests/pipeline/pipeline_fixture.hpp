// A lake in a temporary folder, and jobs on it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "feed/raw_files.hpp"
#include "feed/simulated_file.hpp"
#include "lake/lake.hpp"
#include "market/session.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/job.hpp"
#include "pipeline/runner.hpp"

namespace spymaster::pipeline {

namespace fs = std::filesystem;

inline fs::path contracts() {
    return fs::path(SPYMASTER_SOURCE_DIR) / "contracts";
}

inline fs::path test_data() {
    const char* const folder = std::getenv("SPYMASTER_TEST_DATA");
    return folder != nullptr ? fs::path(folder) : fs::path(SPYMASTER_SOURCE_DIR) / ".." / "shared" / "data";
}

inline std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// A folder that goes with the test.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string name = (fs::temp_directory_path() / "spymaster-pipeline-XXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

inline lake::Lake open_lake(const fs::path& root) {
    auto lake = lake::Lake::open(root, contracts());
    EXPECT_TRUE(lake.ok()) << (lake.ok() ? "" : lake.error().message);
    return std::move(lake).value();
}

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
    return run_job(lake, job, progress);
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

inline void expect_same_bytes(const lake::Lake& a, const lake::Lake& b, const std::string& symbol,
                              const market::Date& date) {
    const ContractDayKeys keys = keys_of(*market::products().data(), symbol, date);
    for (const lake::PartitionKey& key : {keys.bronze, keys.snapshots, keys.flows, keys.gold}) {
        EXPECT_TRUE(partition_bytes(a, key) == partition_bytes(b, key)) << key.dataset;
    }
}

}  // namespace spymaster::pipeline
