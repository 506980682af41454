#include "pipeline/layers/norm_calibration_layer.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <ranges>
#include <span>
#include <vector>

#include "physics/bands/band.hpp"
#include "physics/calibration/norm_calibration.hpp"
#include "pipeline/calibration/norm_calibration.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/day/job_inputs.hpp"
#include "pipeline/day/job_report.hpp"
#include "pipeline/day/plan.hpp"
#include "pipeline/silver/wall_reader.hpp"
#include "pipeline/tables/row_ranges.hpp"

namespace spymaster::pipeline {

namespace {

constexpr std::string_view kStage = "gold_build_hud_physics_norm_calibration";
constexpr std::string_view kCalibrateAgain = "run --only physics_norm_calibration --overwrite to replace it";

// Whether a wall surface has a row that a calibration takes. Reads as far as the first.
Result<bool> has_scored_row(const lake::Lake& lake, const lake::PartitionKey& walls) {
    const std::vector<std::string> names{"window_valid", "rel_ticks"};
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(walls.dataset));
    SPY_ASSIGN(const std::vector<std::size_t> places, places_of(dataset->contract, names));
    SPY_ASSIGN(const auto reader, lake.read(walls, names));
    lake::ColumnBatch batch(dataset->contract);
    for (;;) {
        SPY_ASSIGN(const bool more, reader->next(batch));
        if (!more) return false;
        const auto& valid = batch.at<std::vector<std::uint8_t>>(places[0]);
        const auto& rel_ticks = batch.at<std::vector<std::int32_t>>(places[1]);
        for (std::size_t row = 0; row < valid.size(); ++row) {
            if (valid[row] != 0 && std::abs(rel_ticks[row]) <= physics::kBandReachTicks) return true;
        }
    }
}

// Takes every window's wall into a calibration.
class CalibrationSink final : public WallSink {
  public:
    CalibrationSink(market::PriceDelta price_increment, Progress& progress)
        : calibration_(price_increment), progress_(progress) {}

    Result<void> on_wall(const WallWindow& wall) override {
        window_.snapshot.window_start_ts_ns = wall.window_start_ts_ns;
        window_.snapshot.window_end_ts_ns = wall.window_end_ts_ns;
        window_.snapshot.window_valid = wall.window_valid;
        window_.snapshot.epoch = wall.epoch;
        window_.wall_spot_ref_price_int = wall.spot_ref_price_int;
        window_.wall = wall.rows;
        calibration_.add(window_);
        progress_.units_done += wall.rows.size();
        return {};
    }
    physics::NormCalibration& calibration() { return calibration_; }

  private:
    physics::NormCalibration calibration_;
    Progress& progress_;
    windows::Window window_;
};

// The calibration of one contract or share for one day.
class CalibrationDay {
  public:
    CalibrationDay(const lake::Lake& lake, const Job& job, const std::string& symbol, Progress& progress)
        : lake_(lake), job_(job), keys_(vacuum_keys(*job.product, symbol, job.date)), progress_(progress) {}

    Result<void> run(JobReport& report) {
        SPY_TRY(find_session());
        Wanted wanted{
            {{std::string(kCalibrationProperty), walls_ ? walls_->date.iso() : std::string(kBootstrap)}},
            {},
            kCalibrateAgain};
        if (walls_) wanted.inputs.push_back(*walls_);
        if (gex_) wanted.inputs.push_back(*gex_);
        SPY_ASSIGN(const bool needed, is_needed(lake_, job_.overwrite, {keys_.calibration}, wanted));
        if (needed) {
            SPY_TRY(check_fresh(lake_, wanted.inputs));
            SPY_ASSIGN(const SessionBounds session, measure());
            SPY_TRY(write_norm_calibration(lake_, keys_.calibration, session,
                                           {std::string(kStage), wanted.inputs, wanted.properties}));
        }
        return add_partition(lake_, keys_.calibration, needed, report);
    }

  private:
    Result<void> find_session() {
        SPY_ASSIGN(std::vector<lake::PartitionKey> sessions, lake_.partitions(keys_.walls.dataset));
        std::erase_if(sessions, [this](const lake::PartitionKey& key) {
            return key.symbol != keys_.walls.symbol || key.date >= keys_.walls.date;
        });
        for (const lake::PartitionKey& key : std::views::reverse(sessions)) {
            SPY_ASSIGN(const bool serves, has_scored_row(lake_, key));
            if (!serves) continue;
            walls_ = key;
            const market::Product* const options = option_product_of(job_.product->type);
            if (options == nullptr) return {};
            lake::PartitionKey gex{"silver." + std::string(options->name) + ".gex_surface_1s", key.symbol,
                                   key.date};
            if (lake_.is_complete(gex)) gex_ = std::move(gex);
            return {};
        }
        return {};
    }

    Result<SessionBounds> measure() {
        SessionBounds session;
        if (!walls_) return session;
        SPY_ASSIGN(const lake::Manifest manifest, lake_.manifest(*walls_));
        SPY_ASSIGN(const market::Grid grid, grid_of(manifest));
        const auto name = manifest.properties.find("session");
        session.session_window =
            walls_->date.iso() + (name == manifest.properties.end() ? "" : " " + name->second);
        progress_.units_total += static_cast<std::uint64_t>(manifest.row_count);
        CalibrationSink sink(grid.price_increment, progress_);
        SPY_TRY(read_walls(lake_, *walls_, sink));
        SPY_TRY(add_gex(sink.calibration()));
        for (std::size_t metric = 0; metric < session.bounds.size(); ++metric)
            session.bounds[metric] = sink.calibration().bounds(static_cast<physics::Metric>(metric));
        return session;
    }

    Result<void> add_gex(physics::NormCalibration& calibration) const {
        if (!gex_) return {};
        SPY_ASSIGN(RowRanges rows, RowRanges::open(lake_, *gex_, {"gex_abs"}));
        return rows.visit(0, rows.row_count(),
                          [&](const lake::ColumnBatch& batch, std::size_t first, std::size_t last) {
                              const auto& values = batch.at<std::vector<double>>(rows.columns()[0]);
                              calibration.add_gex_abs(std::span(values).subspan(first, last - first));
                              return Result<void>{};
                          });
    }

    const lake::Lake& lake_;
    const Job& job_;
    VacuumKeys keys_;
    Progress& progress_;
    std::optional<lake::PartitionKey> walls_;  // of the session; none: bootstrap
    std::optional<lake::PartitionKey> gex_;
};

}  // namespace

Result<JobReport> run_norm_calibration(const lake::Lake& lake, const Job& job, Progress& progress) {
    if (job.product->is_option()) {
        return make_error(ErrorCode::usage, "norms are calibrated of prices; there are none of {}",
                          job.product->name);
    }
    JobReport report;
    const std::string walls = vacuum_keys(*job.product, job.symbol, job.date).walls.dataset;
    SPY_ASSIGN(const std::vector<std::string> symbols, contracts_in_lake(lake, job, walls, "silver"));
    for (const std::string& symbol : symbols) SPY_TRY(calibrate_norms(lake, job, symbol, progress, report));
    return report;
}

Result<void> calibrate_norms(const lake::Lake& lake, const Job& job, const std::string& symbol,
                             Progress& progress, JobReport& report) {
    return CalibrationDay(lake, job, symbol, progress).run(report);
}

}  // namespace spymaster::pipeline
