// Layer stream where something changed since, is missing, or is not what it says.
#include <algorithm>

#include "forecast_line.hpp"
#include "stored_calibrations.hpp"

namespace spymaster::pipeline {
namespace {

using market::ProductType;

constexpr std::int64_t kSecond = 1'000'000'000;

class StreamConflicts : public testing::Test {
  protected:
    StreamConflicts()
        : lake(open_lake(folder.path())), job(product_job(ProductType::future_mbo, Layer::stream)) {
        fs::copy(measured_minute(), folder.path(), fs::copy_options::recursive);
    }

    // The simulated minute through gold, made once.
    static const fs::path& measured_minute() {
        static const TemporaryFolder made;
        [[maybe_unused]] static const bool done = [] {
            expect_ok(run(open_lake(made.path()), product_job(ProductType::future_mbo, Layer::all)));
            return true;
        }();
        return made.path();
    }

    [[nodiscard]] std::int64_t start_ns() const { return market::on_date(job.session, job.date)->start_ns; }

    // Stores a calibration that was trained until so many seconds into the session.
    fs::path calibrate(const std::string& symbol, std::int64_t seconds, forecast::Parameters parameters) {
        StoredCalibration calibration = awkward_calibration(symbol, start_ns() + seconds * kSecond);
        calibration.calibration.path.parameters = parameters;
        const auto path = store_calibration(lake, calibration);
        EXPECT_TRUE(path.ok()) << (path.ok() ? "" : path.error().message);
        return *path;
    }

    void expect_conflict(std::string_view why, std::string_view remedy = "--layer stream --overwrite") {
        const auto report = run(lake, job);
        ASSERT_FALSE(report.ok()) << why;
        EXPECT_EQ(report.error().code, ErrorCode::conflict);
        EXPECT_NE(report.error().message.find(why), std::string::npos) << report.error().message;
        EXPECT_NE(report.error().message.find(remedy), std::string::npos) << report.error().message;
    }

    void overwrite() {
        Job again = job;
        again.overwrite = true;
        expect_ok(run(lake, again));
        const auto kept = run(lake, job);
        ASSERT_TRUE(kept.ok()) << kept.error().message;
        EXPECT_FALSE(kept->partitions[0].written);
    }

    [[nodiscard]] std::vector<ForecastRow> stored() const {
        return stored_forecasts(lake, job.symbol, job.date);
    }
    [[nodiscard]] std::string property(const std::string& name) const {
        return lake.manifest(forecast_key(job.symbol, job.date))->properties.at(name);
    }

    TemporaryFolder folder;
    lake::Lake lake;
    Job job;
};

TEST_F(StreamConflicts, AnotherCalibrationIsAConflictUntilToldToOverwrite) {
    expect_ok(run(lake, job));
    const auto uncalibrated = stored();
    calibrate("ES", -10, {0.5, 0.1});
    expect_conflict("calibrations none, not 20260106T142950Z");
    overwrite();
    EXPECT_EQ(property("calibrations"), "20260106T142950Z");
    EXPECT_EQ(property("parameters"), "0.5 0.1");
    EXPECT_FALSE(std::ranges::equal(stored(), uncalibrated));
    calibrate("ES", -10, {0.25, 0.1});  // of the same name, fitted anew
    expect_conflict("parameters 0.5 0.1, not 0.25 0.1");
    overwrite();
    calibrate(job.symbol, -20, {0.5, 0.5});  // its own go before those of the root, however old
    expect_conflict("calibrations 20260106T142950Z, not 20260106T142940Z");
    overwrite();
    expect_same_rows(stored(), forecasts_in_memory(lake, job, nullptr,
                                                   *load_calibrations(lake, *job.product, job.symbol)));
}

TEST_F(StreamConflicts, ACalibrationTrainedInTheSessionAppliesOnlyAfterItsEnd) {
    expect_ok(run(lake, job));
    const auto uncalibrated = stored();
    calibrate("ES", 20, {0.0, 1.0});
    calibrate("ES", 40, {8.0, 0.0});
    overwrite();
    EXPECT_EQ(property("calibrations"), "20260106T143020Z,20260106T143040Z");
    EXPECT_EQ(property("parameters"), "0 1,8 0");
    const auto rows = stored();
    const auto calibrations = load_calibrations(lake, *job.product, job.symbol);
    expect_same_rows(rows, forecasts_in_memory(lake, job, nullptr, *calibrations));
    ASSERT_EQ(rows.size(), uncalibrated.size());
    const auto changed = [&](std::int64_t from, std::int64_t to) {
        std::ptrdiff_t count = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const std::int64_t second = (rows[i].window_end_ts_ns - start_ns()) / kSecond;
            count += second >= from && second <= to && rows[i] != uncalibrated[i] ? 1 : 0;
        }
        return count;
    };
    EXPECT_EQ(changed(0, 20), 0) << "the window that ends with the training is not forecast with it";
    EXPECT_GT(changed(21, 40), 0);
    EXPECT_GT(changed(41, 60), 0);
    for (const ForecastRow& row : rows) {
        const std::int64_t second = (row.window_end_ts_ns - start_ns()) / kSecond;
        if (second > 20 && second <= 40) {
            EXPECT_EQ(row.predicted_tick_delta.value_or(0), 0) << "beta 0 and gamma 1 move nothing";
        }
    }
}

TEST_F(StreamConflicts, ACalibrationOfTheFutureChangesNothing) {
    expect_ok(run(lake, job));
    calibrate("ES", 60, {0.5, 0.1});
    calibrate("ES", 86'400, {0.5, 0.1});
    calibrate("NQ", -10, {0.5, 0.1});
    const auto kept = run(lake, job);
    ASSERT_TRUE(kept.ok()) << kept.error().message;
    EXPECT_FALSE(kept->partitions[0].written);
}

TEST_F(StreamConflicts, ACalibrationThatCannotBeReadIsAnErrorThatNamesIt) {
    const fs::path path = calibrate("ES", -10, {0.5, 0.1});
    const std::string good = bytes_of(path);
    for (const std::string& bad : {std::string("{"), good.substr(0, 100), std::string(5U << 20U, ' ')}) {
        std::ofstream(path, std::ios::binary) << bad;
        const auto report = run(lake, job);
        ASSERT_FALSE(report.ok());
        EXPECT_EQ(report.error().code, ErrorCode::malformed);
        EXPECT_NE(report.error().message.find(path.string()), std::string::npos) << report.error().message;
    }
    EXPECT_FALSE(lake.is_complete(forecast_key(job.symbol, job.date)));
    std::ofstream(path, std::ios::binary) << good;
    expect_ok(run(lake, job));
}

TEST_F(StreamConflicts, OptionsThatCameOrWentAreAConflict) {
    expect_ok(run(lake, job));
    const auto without = stored();
    const Job options = product_job(ProductType::future_option_mbo, Layer::all);
    expect_ok(run(lake, options));
    expect_conflict("without gold.future_option_mbo.physics_surface_1s");
    overwrite();
    EXPECT_FALSE(std::ranges::equal(stored(), without));
    ASSERT_TRUE(lake.remove(keys_of(*options.product, options.symbol, options.date).gold).ok());
    expect_conflict("with gold.future_option_mbo.physics_surface_1s");
    overwrite();
    EXPECT_TRUE(std::ranges::equal(stored(), without));
}

TEST_F(StreamConflicts, GoldThatWasReplacedIsAConflictAndStaleGoldIsNotForecast) {
    expect_ok(run(lake, job));
    Job silver = product_job(ProductType::future_mbo, Layer::silver);
    silver.overwrite = true;
    silver.grid.rest_ns = 250'000'000;
    expect_ok(run(lake, silver));
    Job again = job;
    again.overwrite = true;
    for (const Job& each : {job, again}) {
        const auto stale = run(lake, each);
        ASSERT_FALSE(stale.ok());
        EXPECT_EQ(stale.error().code, ErrorCode::conflict) << stale.error().message;
        EXPECT_NE(stale.error().message.find("rest_ns"), std::string::npos) << stale.error().message;
    }
    Job gold = silver;
    gold.layer = Layer::gold;
    expect_ok(run(lake, gold));
    expect_conflict("silver.future_mbo.book_snapshot_1s", "run --stale");
    overwrite();
}

TEST_F(StreamConflicts, OptionsOfAnotherTickAreAConflict) {
    Job options = product_job(ProductType::future_option_mbo, Layer::all);
    options.grid.tick.nanos = 500'000'000;
    options.grid.step_ticks = 10;
    expect_ok(run(lake, options));
    const auto report = run(lake, job);
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, ErrorCode::conflict);
    EXPECT_NE(report.error().message.find("tick_int"), std::string::npos) << report.error().message;
}

TEST_F(StreamConflicts, WhatIsMissingIsNamedWithTheCommandThatMakesIt) {
    ASSERT_TRUE(lake.remove(keys_of(*job.product, job.symbol, job.date).gold).ok());
    const auto without_gold = run(lake, job);
    ASSERT_FALSE(without_gold.ok());
    EXPECT_EQ(without_gold.error().code, ErrorCode::missing);
    EXPECT_NE(without_gold.error().message.find(fmt::format(
                  "--product-type future_mbo --symbol {} --dt 2026-01-06 --layer gold", job.symbol)),
              std::string::npos)
        << without_gold.error().message;
    Job root = job;
    root.symbol = "ES";
    const auto of_root = run(lake, root);
    ASSERT_FALSE(of_root.ok());
    EXPECT_EQ(of_root.error().code, ErrorCode::missing) << of_root.error().message;
}

TEST_F(StreamConflicts, ARootIsForecastContractByContract) {
    Job root = job;
    root.symbol = "ES";
    const auto report = run(lake, root);
    ASSERT_TRUE(report.ok()) << report.error().message;
    ASSERT_EQ(report->partitions.size(), 1U);
    EXPECT_EQ(report->partitions[0].key, forecast_key(job.symbol, job.date));
}

TEST_F(StreamConflicts, OptionsHaveNoForecast) {
    const auto report = run(lake, product_job(ProductType::future_option_mbo, Layer::stream));
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, ErrorCode::usage) << report.error().message;
}

}  // namespace
}  // namespace spymaster::pipeline
