#include "pipeline/layers/vacuum_layer.hpp"

#include <string>
#include <utility>
#include <vector>

#include "pipeline/calibration/norm_calibration.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/day/job_inputs.hpp"
#include "pipeline/day/job_report.hpp"
#include "pipeline/day/plan.hpp"
#include "pipeline/gold/vacuum_sink.hpp"
#include "pipeline/silver/silver.hpp"
#include "pipeline/silver/wall_reader.hpp"

namespace spymaster::pipeline {

namespace {

constexpr std::string_view kStage = "silver_compute_vacuum_and_bands_1s";
constexpr std::string_view kVacuumAgain = "run --only vacuum_surface_1s --overwrite to replace it";

std::string name_of(const lake::PartitionKey& key) {
    return fmt::format("{} {} {}", key.dataset, key.symbol, key.date.iso());
}

// `remade_by`: what makes it, as flags of spymaster run.
Result<lake::Manifest> manifest_of(const lake::Lake& lake, const market::Product& product,
                                   const lake::PartitionKey& key, std::string_view remade_by) {
    if (lake.is_complete(key)) return lake.manifest(key);
    return make_error(
        ErrorCode::missing,
        "{} is not in {}: vacuum and bands are made from it; run spymaster run --product-type {} "
        "--symbol {} --dt {} {}",
        name_of(key), lake.root().string(), product.name, key.symbol, key.date.iso(), remade_by);
}

// Walls in, vacuum and bands out; a band row for the seconds without a wall too.
class VacuumWriter final : public WallSink {
  public:
    static Result<VacuumWriter> create(const lake::Lake& lake, const VacuumKeys& keys,
                                       const market::Grid& grid, Progress& progress) {
        SPY_ASSIGN(const physics::NormBounds bounds, read_norm_bounds(lake, keys.calibration));
        SPY_ASSIGN(auto snapshots, read_snapshots(lake, keys.snapshots));
        SPY_ASSIGN(VacuumSink sink, VacuumSink::create(lake, keys, bounds, grid));
        return VacuumWriter(keys, std::move(snapshots), std::move(sink), progress);
    }

    Result<void> on_wall(const WallWindow& wall) override {
        while (next_ < snapshots_.size() && snapshots_[next_].window_end_ts_ns < wall.window_end_ts_ns)
            SPY_TRY(write_without_wall());
        if (next_ == snapshots_.size() || snapshots_[next_].window_end_ts_ns != wall.window_end_ts_ns) {
            return make_error(ErrorCode::malformed, "{}: window {} has no snapshot; make silver again",
                              name_of(keys_.walls), wall.window_end_ts_ns);
        }
        window_.wall_spot_ref_price_int = wall.spot_ref_price_int;
        window_.wall = wall.rows;
        progress_.units_done += wall.rows.size();
        return write();
    }

    Result<void> commit(const lake::Lineage& lineage) {
        while (next_ < snapshots_.size()) SPY_TRY(write_without_wall());
        return sink_.commit(lineage);
    }

  private:
    VacuumWriter(const VacuumKeys& keys, std::vector<windows::BookSnapshot1s> snapshots, VacuumSink sink,
                 Progress& progress)
        : keys_(keys), snapshots_(std::move(snapshots)), sink_(std::move(sink)), progress_(progress) {}

    // A second in which no level rests or had flow.
    Result<void> write_without_wall() {
        window_.wall.clear();
        return write();
    }

    Result<void> write() {
        window_.snapshot = snapshots_[next_++];
        return sink_.append(window_);
    }

    VacuumKeys keys_;
    std::vector<windows::BookSnapshot1s> snapshots_;
    std::size_t next_ = 0;  // the snapshot of the next second
    VacuumSink sink_;
    Progress& progress_;
    windows::Window window_;  // reused
};

// The day of one contract or share.
class VacuumDay {
  public:
    VacuumDay(const lake::Lake& lake, const Job& job, const std::string& symbol, Progress& progress)
        : lake_(lake), job_(job), keys_(vacuum_keys(*job.product, symbol, job.date)), progress_(progress) {}

    Result<void> run(JobReport& report) {
        const auto manifest = [this](const lake::PartitionKey& key, std::string_view remade_by) {
            return manifest_of(lake_, *job_.product, key, remade_by);
        };
        SPY_ASSIGN(const lake::Manifest snapshots, manifest(keys_.snapshots, "--layer silver"));
        SPY_ASSIGN(const lake::Manifest walls, manifest(keys_.walls, "--layer silver"));
        SPY_ASSIGN(const lake::Manifest calibration,
                   manifest(keys_.calibration, "--only physics_norm_calibration"));
        if (snapshots.properties != walls.properties) {
            return make_error(ErrorCode::conflict,
                              "{} and {} were not made in one pass; run --layer silver --overwrite",
                              name_of(keys_.snapshots), name_of(keys_.walls));
        }
        Wanted wanted{walls.properties, {keys_.snapshots, keys_.walls, keys_.calibration}, kVacuumAgain};
        const auto in_force = calibration.properties.find(std::string(kCalibrationProperty));
        wanted.properties.emplace(kCalibrationProperty,
                                  in_force == calibration.properties.end() ? "unknown" : in_force->second);
        SPY_ASSIGN(const bool needed, is_needed(lake_, job_.overwrite, {keys_.vacuum, keys_.bands}, wanted));
        if (needed) SPY_TRY(write(walls, std::move(wanted)));
        SPY_TRY(add_partition(lake_, keys_.vacuum, needed, report));
        return add_partition(lake_, keys_.bands, needed, report);
    }

  private:
    Result<void> write(const lake::Manifest& walls, Wanted wanted) {
        SPY_TRY(check_fresh(lake_, wanted.inputs));
        SPY_ASSIGN(const market::Grid grid, grid_of(walls));
        progress_.units_total += static_cast<std::uint64_t>(walls.row_count);
        SPY_ASSIGN(VacuumWriter writer, VacuumWriter::create(lake_, keys_, grid, progress_));
        SPY_TRY(read_walls(lake_, keys_.walls, writer));
        return writer.commit({std::string(kStage), std::move(wanted.inputs), std::move(wanted.properties)});
    }

    const lake::Lake& lake_;
    const Job& job_;
    VacuumKeys keys_;
    Progress& progress_;
};

}  // namespace

Result<JobReport> run_vacuum(const lake::Lake& lake, const Job& job, Progress& progress) {
    if (job.product->is_option()) {
        return make_error(ErrorCode::usage, "vacuum and bands are of prices; there are none of {}",
                          job.product->name);
    }
    JobReport report;
    const std::string walls = vacuum_keys(*job.product, job.symbol, job.date).walls.dataset;
    SPY_ASSIGN(const std::vector<std::string> symbols, contracts_in_lake(lake, job, walls, "silver"));
    for (const std::string& symbol : symbols) SPY_TRY(VacuumDay(lake, job, symbol, progress).run(report));
    return report;
}

}  // namespace spymaster::pipeline
