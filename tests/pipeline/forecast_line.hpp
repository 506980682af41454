// The whole line in memory, from the records of bronze to forecasts, beside the one through the lake; and what the lake
// says.
#pragma once

#include <bit>
#include <optional>
#include <string>
#include <vector>

#include "forecast/forecaster.hpp"
#include "physics/physics_engine.hpp"
#include "pipeline/bronze/bronze.hpp"
#include "pipeline/calibration/calibration_store.hpp"
#include "pipeline/reference/option_universe.hpp"
#include "simulated_products.hpp"
#include "windows/chain_engine.hpp"
#include "windows/window_engine.hpp"

namespace spymaster::pipeline {

// A row of stream.forecast_1s; nothing where there is null.
struct ForecastRow {
    std::int64_t window_end_ts_ns = 0;
    std::int32_t horizon_s = 0;
    std::optional<std::int64_t> predicted_spot_tick, predicted_tick_delta;
    std::optional<double> confidence, run_score_up, run_score_down;
    std::optional<std::int32_t> d_up, d_down;
};

inline bool same_bits(const std::optional<double>& a, const std::optional<double>& b) {
    if (!a || !b) return a.has_value() == b.has_value();
    return std::bit_cast<std::uint64_t>(*a) == std::bit_cast<std::uint64_t>(*b);
}

inline bool operator==(const ForecastRow& a, const ForecastRow& b) {
    return a.window_end_ts_ns == b.window_end_ts_ns && a.horizon_s == b.horizon_s &&
           a.predicted_spot_tick == b.predicted_spot_tick &&
           a.predicted_tick_delta == b.predicted_tick_delta && same_bits(a.confidence, b.confidence) &&
           same_bits(a.run_score_up, b.run_score_up) && same_bits(a.run_score_down, b.run_score_down) &&
           a.d_up == b.d_up && a.d_down == b.d_down;
}

// What the contract says of a forecast (spec 5.8, D-9, D-10).
inline void add_rows(const forecast::Forecast1s& forecast, std::vector<ForecastRow>& rows) {
    ForecastRow& now = rows.emplace_back();
    now.window_end_ts_ns = forecast.window_end_ts_ns;
    if (!forecast.given) return;
    now.run_score_up = forecast.up.run_score;
    now.run_score_down = forecast.down.run_score;
    now.d_up = forecast.up.D;
    now.d_down = forecast.down.D;
    for (std::int32_t h = 1; h <= 30; ++h) {
        ForecastRow& row = rows.emplace_back();
        const forecast::PathStep& step = forecast.path[static_cast<std::size_t>(h) - 1];
        row.window_end_ts_ns = forecast.window_end_ts_ns;
        row.horizon_s = h;
        row.predicted_spot_tick = step.predicted_spot_tick;
        row.predicted_tick_delta = step.predicted_tick_delta;
        row.confidence = step.confidence;
    }
}

inline std::vector<ForecastRow> stored_forecasts(const lake::Lake& lake, const std::string& symbol,
                                                 const market::Date& date) {
    const lake::PartitionKey key = forecast_key(symbol, date);
    const lake::Contract& contract = (*lake.dataset(key.dataset))->contract;
    auto reader = lake.read(key);
    EXPECT_TRUE(reader.ok()) << (reader.ok() ? "" : reader.error().message);
    std::vector<ForecastRow> rows;
    lake::ColumnBatch batch(contract);
    const auto value = [&]<class T>(std::string_view column, std::size_t row, std::optional<T>& into) {
        const std::size_t place = *contract.index_of(column);
        if (batch.validity(place)[row] != 0) into = batch.at<std::vector<T>>(place)[row];
    };
    while (reader.ok() && *(*reader)->next(batch)) {
        for (std::size_t i = 0; i < batch.row_count(); ++i) {
            ForecastRow& row = rows.emplace_back();
            row.window_end_ts_ns =
                batch.at<std::vector<std::int64_t>>(*contract.index_of("window_end_ts_ns"))[i];
            row.horizon_s = batch.at<std::vector<std::int32_t>>(*contract.index_of("horizon_s"))[i];
            value("predicted_spot_tick", i, row.predicted_spot_tick);
            value("predicted_tick_delta", i, row.predicted_tick_delta);
            value("confidence", i, row.confidence);
            value("RunScore_up", i, row.run_score_up);
            value("RunScore_down", i, row.run_score_down);
            value("D_up", i, row.d_up);
            value("D_down", i, row.d_down);
        }
    }
    return rows;
}

// What a second of prices leaves for its forecast.
class PricesInMemory final : public windows::WindowSink {
  public:
    struct Kept {
        windows::BookSnapshot1s snapshot;
        std::array<std::vector<double>, 4> fields;
    };

    explicit PricesInMemory(const market::Grid& grid) : physics_(grid) {}

    void on_window(const windows::Window& window) override {
        spots.add(window.snapshot.window_end_ts_ns, window.snapshot.spot_ref_price_int);
        Kept& kept = seconds.emplace_back();
        kept.snapshot = window.snapshot;
        using enum physics::Field;
        if (const auto* const surface = physics_.update(window))
            kept.fields = {(*surface)[u_near], (*surface)[u_p_slow], (*surface)[Omega],
                           (*surface)[pressure_grad]};
    }

    std::vector<Kept> seconds;
    windows::SpotTrack spots;

  private:
    physics::PhysicsEngine physics_;
};

class OptionsInMemory final : public windows::ChainSink {
  public:
    explicit OptionsInMemory(const market::Grid& grid)
        : strikes_(static_cast<std::size_t>(grid.rows_per_side())), physics_(grid, physics::Axis::strikes) {}

    void on_window(const windows::ChainWindow& window) override {
        obstacles.emplace_back(strikes_);
        forecast::sum_option_obstacles(physics_.update(window), obstacles.back());
    }

    std::vector<std::vector<double>> obstacles;  // by second, then strike

  private:
    std::size_t strikes_;
    physics::PhysicsEngine physics_;
};

template <class Take>
void each_run(const lake::Lake& lake, const Job& job, Take take) {
    const auto done = read_bronze(lake, keys_of(*job.product, job.symbol, job.date).bronze, *job.product,
                                  [&](const RecordRun& run) -> Result<bool> {
                                      take(run);
                                      return true;
                                  });
    EXPECT_TRUE(done.ok()) << (done.ok() ? "" : done.error().message);
}

// The forecasts of a job's contract from its bronze, with the obstacles of options if a job of them is given.
inline std::vector<ForecastRow> forecasts_in_memory(const lake::Lake& lake, const Job& job,
                                                    const Job* options,
                                                    std::span<const StoredCalibration> calibrations = {}) {
    const market::SessionWindow session = *market::on_date(job.session, job.date);
    PricesInMemory prices(job.grid);
    windows::WindowEngine engine(job.grid, session, prices);
    each_run(lake, job, [&](const RecordRun& run) {
        for (const dbn::MboMsg& record : run.orders) engine.apply(record);
    });
    engine.finish();
    std::optional<OptionsInMemory> chain;
    if (options != nullptr) {
        chain.emplace(options->grid);
        windows::ChainEngine books(options->grid, session, prices.spots, *chain);
        each_run(lake, *options, [&](const RecordRun& run) {
            for (const OptionTerms* option : run.new_options)
                books.add_option(option->instrument_id, {option->right, option->strike_price},
                                 option->min_price_increment);
            books.apply(run.orders);
        });
        books.finish();
        EXPECT_EQ(chain->obstacles.size(), prices.seconds.size());
    }
    forecast::Forecaster forecaster(job.grid,
                                    options != nullptr ? std::optional(options->grid) : std::nullopt);
    std::vector<ForecastRow> rows;
    std::int64_t previous_spot = 0;
    for (std::size_t i = 0; i < prices.seconds.size(); ++i) {
        const auto& [snapshot, fields] = prices.seconds[i];
        const std::int64_t end = snapshot.window_end_ts_ns;
        const forecast::Second second{end, snapshot.spot_ref_price_int, previous_spot,
                                      snapshot.book_valid && snapshot.window_valid};
        const std::span<const double> obstacles =
            chain ? std::span<const double>(chain->obstacles[i]) : std::span<const double>{};
        add_rows(forecaster.forecast(second, {fields[0], fields[1], fields[2], fields[3]}, obstacles,
                                     parameters_of(calibration_in_force(calibrations, end))),
                 rows);
        previous_spot = snapshot.spot_ref_price_int;
    }
    return rows;
}

inline void expect_same_rows(const std::vector<ForecastRow>& stored,
                             const std::vector<ForecastRow>& expected) {
    ASSERT_EQ(stored.size(), expected.size());
    for (std::size_t i = 0; i < stored.size(); ++i) {
        ASSERT_TRUE(stored[i] == expected[i]) << "row " << i << ": window " << expected[i].window_end_ts_ns
                                              << ", horizon " << expected[i].horizon_s;
    }
}

// A job of layer stream of the same contract.
inline Job stream_of(Job job) {
    job.layer = Layer::stream;
    job.raw_files.clear();
    return job;
}

inline void expect_ok(const Result<JobReport>& report) {
    ASSERT_TRUE(report.ok()) << report.error().message;
}

}  // namespace spymaster::pipeline
