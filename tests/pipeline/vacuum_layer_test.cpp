// Calibration of norms, vacuum and bands in the lake: which session counts, the bytes, and what is said when something is
// missing or changed.
#include "pipeline/layers/vacuum_layer.hpp"

#include "physics/calibration/norm_calibration.hpp"
#include "pipeline/calibration/norm_calibration.hpp"
#include "pipeline/layers/norm_calibration_layer.hpp"
#include "wall_lake.hpp"

namespace spymaster::pipeline {
namespace {

using physics::Bounds;
using physics::Metric;
using physics::NormBounds;
using windows::Window;

constexpr market::Date kMonday{2026, 1, 5};
constexpr market::Date kTuesday{2026, 1, 6};
constexpr market::Date kWednesday{2026, 1, 7};

class VacuumLayer : public testing::TestWithParam<market::ProductType> {
  protected:
    VacuumLayer() : lake(open_lake(folder.path())), product(market::product_of(GetParam())) {
        symbol = product.has_roots() ? "ESH6" : "SPY";
    }

    [[nodiscard]] Job job(const market::Date& date, bool overwrite = false) const {
        Job job;
        job.product = &product;
        job.symbol = symbol;
        job.date = date;
        job.layer = Layer::silver;
        job.overwrite = overwrite;
        return job;
    }
    Result<JobReport> calibrate(const market::Date& date, bool overwrite = false) {
        Progress progress;
        return run_norm_calibration(lake, job(date, overwrite), progress);
    }
    Result<JobReport> measure(const market::Date& date, bool overwrite = false) {
        Progress progress;
        return run_vacuum(lake, job(date, overwrite), progress);
    }
    void write_day(const market::Date& date, std::uint64_t seed) {
        write_walls(lake, product, symbol, date, walls_of_a_day(product, seed));
    }
    [[nodiscard]] VacuumKeys keys(const market::Date& date) const {
        return vacuum_keys(product, symbol, date);
    }
    [[nodiscard]] std::string calibration_in(const lake::PartitionKey& key) const {
        return value_of(lake.manifest(key)).properties.at("calibration");
    }
    [[nodiscard]] std::vector<std::string> inputs_of(const lake::PartitionKey& key) const {
        std::vector<std::string> inputs;
        for (const auto& input : value_of(lake.manifest(key)).inputs)
            inputs.push_back(input.dataset + " " + input.date.iso());
        return inputs;
    }
    void break_off(const lake::PartitionKey& key) {
        fs::remove(*lake.partition_path(key) / "_SUCCESS");
        ASSERT_FALSE(lake.is_complete(key));
    }
    // Bounds of a day by the engine alone.
    [[nodiscard]] physics::MetricBounds bounds_of(std::uint64_t seed) const {
        physics::NormCalibration calibration(product.grid.price_increment);
        for (const Window& window : walls_of_a_day(product, seed)) calibration.add(window);
        physics::MetricBounds bounds = physics::kBootstrapBounds;
        for (std::size_t metric = 0; metric + 1 < bounds.size(); ++metric)
            bounds[metric] = *calibration.bounds(static_cast<Metric>(metric));
        return bounds;
    }
    void expect_bounds(const market::Date& date, const physics::MetricBounds& expected) {
        const NormBounds stored = value_of(read_norm_bounds(lake, keys(date).calibration));
        const NormBounds made = value_of(NormBounds::of(expected));
        for (std::size_t metric = 0; metric < expected.size(); ++metric) {
            const auto each = static_cast<Metric>(metric);
            EXPECT_EQ(stored[each], made[each]) << physics::kMetricNames[metric];
        }
    }
    static void expect_error(const Result<JobReport>& report, ErrorCode code,
                             std::initializer_list<std::string_view> words) {
        ASSERT_FALSE(report.ok());
        EXPECT_EQ(report.error().code, code);
        for (const std::string_view word : words)
            EXPECT_NE(report.error().message.find(word), std::string::npos) << report.error().message;
    }

    TemporaryFolder folder;
    lake::Lake lake;
    const market::Product& product;
    std::string symbol;
};

INSTANTIATE_TEST_SUITE_P(Products, VacuumLayer,
                         testing::Values(market::ProductType::future_mbo, market::ProductType::equity_mbo),
                         [](const auto& each) { return std::string(market::product_of(each.param).name); });

TEST_P(VacuumLayer, WithoutAnEarlierSessionItIsTheBootstrap) {
    write_day(kTuesday, 2);
    write_day(kWednesday, 3);
    const auto report = value_of(calibrate(kTuesday));
    ASSERT_EQ(report.partitions.size(), 1U);
    EXPECT_EQ(report.partitions[0].rows, 6);
    EXPECT_TRUE(report.partitions[0].written);
    expect_bounds(kTuesday, physics::kBootstrapBounds);
    EXPECT_EQ(calibration_in(keys(kTuesday).calibration), "bootstrap");
    EXPECT_TRUE(inputs_of(keys(kTuesday).calibration).empty()) << "neither the day itself nor a later one";
    expect_ok_result(lake.verify(keys(kTuesday).calibration));
}

TEST_P(VacuumLayer, TheLatestSessionStrictlyBeforeCounts) {
    write_day({2026, 1, 2}, 1);
    write_day(kMonday, 2);
    write_day(kTuesday, 3);
    write_walls(lake, product, "OTHER", kMonday, walls_of_a_day(product, 9));
    value_of(calibrate(kTuesday));
    expect_bounds(kTuesday, bounds_of(2));
    EXPECT_EQ(calibration_in(keys(kTuesday).calibration), "2026-01-05");
    EXPECT_EQ(inputs_of(keys(kTuesday).calibration),
              (std::vector<std::string>{keys(kMonday).walls.dataset + " 2026-01-05"}));
    const auto again = value_of(calibrate(kTuesday));
    EXPECT_FALSE(again.partitions[0].written);
    const std::string bytes = partition_bytes(lake, keys(kTuesday).calibration);
    EXPECT_TRUE(value_of(calibrate(kTuesday, true)).partitions[0].written);
    EXPECT_TRUE(partition_bytes(lake, keys(kTuesday).calibration) == bytes);
}

TEST_P(VacuumLayer, ASessionThatIsIncompleteOrNeverValidIsPassedOver) {
    write_day({2025, 12, 31}, 1);
    auto never_valid = walls_of_a_day(product, 2);
    for (Window& window : never_valid) window.snapshot.window_valid = false;
    write_walls(lake, product, symbol, {2026, 1, 2}, never_valid);
    write_day(kMonday, 3);
    break_off(keys(kMonday).walls);
    value_of(calibrate(kTuesday));
    EXPECT_EQ(calibration_in(keys(kTuesday).calibration), "2025-12-31");
    expect_bounds(kTuesday, bounds_of(1));
}

TEST_P(VacuumLayer, GammaExposureOfTheSessionCountsWhereItIs) {
    write_day(kMonday, 2);
    const auto gex = write_gex(lake, product, symbol, kMonday, {0.0, 10.0, 20.0, 30.0, 40.0});
    write_gex(lake, product, symbol, kTuesday, {7e9, 8e9});
    value_of(calibrate(kTuesday));
    auto expected = bounds_of(2);
    expected[static_cast<std::size_t>(Metric::gex_abs)] = {2.0, 38.0};
    expect_bounds(kTuesday, expected);
    EXPECT_EQ(
        inputs_of(keys(kTuesday).calibration),
        (std::vector<std::string>{keys(kMonday).walls.dataset + " 2026-01-05", gex.dataset + " 2026-01-05"}));
}

TEST_P(VacuumLayer, WhatComesLaterIsAConflictUntilToldToOverwrite) {
    write_day(kTuesday, 3);
    value_of(calibrate(kTuesday));
    value_of(measure(kTuesday));
    write_day({2026, 1, 2}, 1);
    expect_error(calibrate(kTuesday), ErrorCode::conflict,
                 {"calibration bootstrap, not 2026-01-02", "--only physics_norm_calibration --overwrite"});
    EXPECT_FALSE(value_of(measure(kTuesday)).partitions[0].written) << "it stands by what it was made with";
    value_of(calibrate(kTuesday, true));
    expect_error(measure(kTuesday), ErrorCode::conflict,
                 {"calibration bootstrap, not 2026-01-02", "--only vacuum_surface_1s --overwrite"});
    value_of(measure(kTuesday, true));
    EXPECT_EQ(calibration_in(keys(kTuesday).bands), "2026-01-02");
    write_gex(lake, product, symbol, {2026, 1, 2}, {1.0});
    expect_error(calibrate(kTuesday), ErrorCode::conflict, {"was made without", "gex_surface_1s"});
    value_of(calibrate(kTuesday, true));
    write_day({2026, 1, 2}, 8);  // the session made again
    expect_error(calibrate(kTuesday), ErrorCode::conflict, {"has changed", "run --stale"});
    expect_error(measure(kTuesday, true), ErrorCode::conflict, {"physics_norm_calibration", "is stale"});
    EXPECT_EQ(calibration_in(keys(kTuesday).vacuum), "2026-01-02") << "what was there is left alone";
}

TEST_P(VacuumLayer, RowsAreTheEnginesBitForBit) {
    write_day(kMonday, 2);
    write_day(kTuesday, 3);
    value_of(calibrate(kTuesday));
    const auto report = value_of(measure(kTuesday));
    ASSERT_EQ(report.partitions.size(), 2U);
    const auto rows = read_rows<VacuumRow>(lake, keys(kTuesday).vacuum, kVacuumColumns);
    const auto bands = read_rows<physics::PhysicsBands1s>(lake, keys(kTuesday).bands, kBandsColumns);
    const NormBounds bounds = value_of(NormBounds::of(bounds_of(2)));
    physics::VacuumEngine engine(bounds, product.grid.price_increment);
    const auto day = walls_of_a_day(product, 3);
    ASSERT_EQ(bands.size(), day.size()) << "a row a second";
    std::size_t next = 0;
    for (std::size_t at = 0; at < day.size(); ++at) {
        Window window = day[at];
        if (window.wall.empty() && windows::has_buckets(product.grid)) window.wall_spot_ref_price_int = 0;
        const auto& levels = engine.update(window);
        for (const physics::VacuumRow1s& level : levels) {
            ASSERT_LT(next, rows.size());
            EXPECT_EQ(rows[next].vacuum, level);
            EXPECT_EQ(rows[next].window_end_ts_ns, window.snapshot.window_end_ts_ns);
            EXPECT_EQ(rows[next].spot_ref_price_int, window.wall_spot_ref_price_int);
            EXPECT_EQ(rows[next].window_valid, window.snapshot.window_valid);
            EXPECT_EQ(rows[next].epoch, window.snapshot.epoch);
            ++next;
        }
        EXPECT_EQ(bands[at], physics::physics_bands(window, levels, bounds));
    }
    EXPECT_EQ(next, rows.size());
    EXPECT_GT(next, 100U);
    for (const lake::PartitionKey& key : {keys(kTuesday).vacuum, keys(kTuesday).bands}) {
        expect_ok_result(lake.verify(key));
        EXPECT_EQ(calibration_in(key), "2026-01-05");
        EXPECT_EQ(value_of(lake.manifest(key)).properties.at("session"), "09:30-09:31");
        EXPECT_EQ(inputs_of(key).size(), 3U);
    }
    const std::string bytes = partition_bytes(lake, keys(kTuesday).vacuum);
    EXPECT_FALSE(value_of(measure(kTuesday)).partitions[0].written);
    value_of(measure(kTuesday, true));
    EXPECT_TRUE(partition_bytes(lake, keys(kTuesday).vacuum) == bytes);
}

TEST_P(VacuumLayer, WhatIsMissingIsNamedWithTheCommandThatMakesIt) {
    const std::string flags =
        fmt::format("--product-type {} --symbol {} --dt 2026-01-06", product.name, symbol);
    expect_error(measure(kTuesday), ErrorCode::missing, {"book_snapshot_1s", flags + " --layer silver"});
    write_day(kTuesday, 3);
    expect_error(measure(kTuesday), ErrorCode::missing,
                 {"physics_norm_calibration", flags + " --only physics_norm_calibration"});
    value_of(calibrate(kTuesday));
    break_off(keys(kTuesday).walls);
    expect_error(measure(kTuesday), ErrorCode::missing, {"wall_surface_1s", flags + " --layer silver"});
}

TEST_P(VacuumLayer, WallsThatAreOfAnotherPassOrOutOfOrderAreRefused) {
    write_day(kTuesday, 3);
    value_of(calibrate(kTuesday));
    const auto day = walls_of_a_day(product, 3);
    const lake::PartitionKey walls = keys(kTuesday).walls;
    auto rows = read_rows<WallRow>(lake, walls, kWallColumns);
    write_rows<WallRow>(lake, walls, kWallColumns, rows,
                        {"made_up", {}, measured_in(product, kTuesday, "09:30-09:32")});
    expect_error(measure(kTuesday), ErrorCode::conflict, {"not made in one pass", "--layer silver"});
    const lake::Lineage lineage{"made_up", {}, measured_in(product, kTuesday, "09:30-09:31")};
    auto swapped = rows;
    std::swap(swapped[0].wall, swapped[1].wall);
    write_rows<WallRow>(lake, walls, kWallColumns, swapped, lineage);
    expect_error(measure(kTuesday), ErrorCode::malformed, {"out of order"});
    swapped = rows;
    std::rotate(swapped.begin(), swapped.begin() + 100, swapped.end());
    write_rows<WallRow>(lake, walls, kWallColumns, swapped, lineage);
    expect_error(measure(kTuesday), ErrorCode::malformed, {"out of order"});
    for (WallRow& row : rows) row.window_end_ts_ns += 1;
    write_rows<WallRow>(lake, walls, kWallColumns, rows, lineage);
    expect_error(measure(kTuesday), ErrorCode::malformed, {"has no snapshot"});
    EXPECT_FALSE(lake.is_complete(keys(kTuesday).vacuum) || lake.is_complete(keys(kTuesday).bands));
}

TEST_P(VacuumLayer, BoundsThatNothingCanBeNormedByAreRefused) {
    write_day(kTuesday, 3);
    SessionBounds session;
    session.session_window = "made up";
    session.bounds[0] = Bounds{2.0, 1.0};
    expect_ok_result(write_norm_calibration(lake, keys(kTuesday).calibration, session, {"made_up", {}, {}}));
    expect_error(measure(kTuesday), ErrorCode::malformed, {"pull_add_log", "nothing can be normed"});
}

TEST(VacuumOfOptions, IsRefused) {
    const TemporaryFolder folder;
    const lake::Lake lake = open_lake(folder.path());
    Job job;
    job.product = &market::product_of(market::ProductType::future_option_mbo);
    job.symbol = "ESH6";
    job.date = kTuesday;
    Progress progress;
    for (const auto& report : {run_vacuum(lake, job, progress), run_norm_calibration(lake, job, progress)}) {
        ASSERT_FALSE(report.ok());
        EXPECT_EQ(report.error().code, ErrorCode::usage);
    }
}

}  // namespace
}  // namespace spymaster::pipeline
