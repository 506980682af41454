// The wall and the radar in the lake: what the engine said, read back.
#include <gtest/gtest.h>

#include "pipeline/bronze/bronze.hpp"
#include "pipeline/silver/silver.hpp"
#include "pipeline/silver/wall_reader.hpp"
#include "pipeline_fixture.hpp"
#include "windows/window_engine.hpp"

namespace spymaster::pipeline {
namespace {

using windows::Window;

struct Kept final : windows::WindowSink {
    void on_window(const Window& window) override { windows.push_back(window); }
    std::vector<Window> windows;
};

struct Walls final : WallSink {
    Result<void> on_wall(const WallWindow& window) override {
        if (windows.size() == stop_at) return make_error(ErrorCode::usage, "enough");
        windows.push_back(window);
        return {};
    }
    std::size_t stop_at = 1'000'000;
    std::vector<WallWindow> windows;
};

class WallInTheLake : public ::testing::Test {
  protected:
    void SetUp() override {
        job_ = make_job(feed::front_contract("ES", kSimulatedDate), kSimulatedDate, Layer::all,
                        kSimulatedSession);
        job_.raw_files = {simulated_raw_file()};
        const auto report = run(lake_, job_);
        ASSERT_TRUE(report.ok()) << report.error().message;
        keys_ = keys_of(*job_.product, job_.symbol, job_.date);
        windows::WindowEngine engine(job_.grid, *market::on_date(job_.session, job_.date), kept_);
        const auto read =
            read_bronze(lake_, keys_.bronze, *job_.product, [&](const RecordRun& run) -> Result<bool> {
                for (const dbn::MboMsg& msg : run.orders) engine.apply(msg);
                return true;
            });
        ASSERT_TRUE(read.ok()) << read.error().message;
        engine.finish();
        ASSERT_EQ(kept_.windows.size(), 61U);
    }

    TemporaryFolder folder_;
    lake::Lake lake_ = open_lake(folder_.path());
    Job job_;
    ContractDayKeys keys_;
    Kept kept_;
};

TEST_F(WallInTheLake, IsReadBackWindowByWindow) {
    Walls walls;
    const auto read = read_walls(lake_, *keys_.walls, walls);
    ASSERT_TRUE(read.ok()) << read.error().message;
    std::size_t next = 0;
    for (const Window& want : kept_.windows) {
        if (want.wall.empty()) continue;
        ASSERT_LT(next, walls.windows.size());
        const WallWindow& got = walls.windows[next++];
        EXPECT_EQ(got.window_start_ts_ns, want.snapshot.window_start_ts_ns);
        EXPECT_EQ(got.window_end_ts_ns, want.snapshot.window_end_ts_ns);
        EXPECT_EQ(got.spot_ref_price_int, want.wall_spot_ref_price_int);
        EXPECT_EQ(got.window_valid, want.snapshot.window_valid);
        EXPECT_EQ(got.epoch, want.snapshot.epoch);
        EXPECT_EQ(got.rows, want.wall);
    }
    EXPECT_EQ(next, walls.windows.size());
    EXPECT_GT(next, 50U);
}

TEST_F(WallInTheLake, StopsWhereTheSinkFails) {
    Walls walls;
    walls.stop_at = 5;
    const auto read = read_walls(lake_, *keys_.walls, walls);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().message, "enough");
    EXPECT_EQ(walls.windows.size(), 5U);
}

TEST_F(WallInTheLake, TheRadarHasEveryFeatureInItsColumn) {
    auto reader = lake_.read(*keys_.radar);
    ASSERT_TRUE(reader.ok()) << reader.error().message;
    const lake::Contract& contract = (*lake_.dataset(keys_.radar->dataset))->contract;
    lake::ColumnBatch batch(contract);
    ASSERT_TRUE(*(*reader)->next(batch));
    std::vector<Window> want;
    for (const Window& window : kept_.windows) {
        if (window.radar) want.push_back(window);
    }
    ASSERT_EQ(batch.row_count(), want.size());
    const auto doubles = [&](const std::string& column) -> const std::vector<double>& {
        return batch.at<std::vector<double>>(*contract.index_of(column));
    };
    for (std::size_t f = 0; f < windows::kRadarFeatures; ++f) {
        const std::string name(windows::kRadarFeatureNames[f]);
        for (std::size_t i = 0; i < want.size(); ++i) {
            ASSERT_EQ(doubles(name)[i], want[i].radar->value[f]) << name;
            ASSERT_EQ(doubles("d1_" + name)[i], want[i].radar->d1[f]) << name;
            ASSERT_EQ(doubles("d2_" + name)[i], want[i].radar->d2[f]) << name;
            ASSERT_EQ(doubles("d3_" + name)[i], want[i].radar->d3[f]) << name;
        }
    }
    const auto& approach = batch.at<lake::TextColumn>(*contract.index_of("approach_dir"));
    const auto& ends = batch.at<std::vector<std::int64_t>>(*contract.index_of("window_end_ts_ns"));
    const auto& valid = batch.at<std::vector<std::uint8_t>>(*contract.index_of("window_valid"));
    for (std::size_t i = 0; i < want.size(); ++i) {
        const windows::RadarVacuum1s& radar = *want[i].radar;
        EXPECT_EQ(approach.dictionary[static_cast<std::size_t>(approach.codes[i])],
                  windows::kApproachNames[static_cast<std::size_t>(radar.approach_dir)]);
        EXPECT_EQ(ends[i], want[i].snapshot.window_end_ts_ns);
        EXPECT_EQ(valid[i] != 0, want[i].snapshot.window_valid);
        EXPECT_EQ(doubles("spot_ref_price")[i], static_cast<double>(radar.spot_ref_price_int) * 1e-9);
    }
}

}  // namespace
}  // namespace spymaster::pipeline
