#include "physics/vacuum/level_measures.hpp"

#include "physics/obstacle/resting_mass.hpp"
#include "physics/vacuum/pull_add_log.hpp"
#include "physics/vacuum/share_log.hpp"
#include "physics/vacuum/wall_erosion.hpp"
#include "physics/velocity/intensity.hpp"

namespace spymaster::physics {

namespace {

LevelMeasures measures_of(const windows::WallRow1s& row) {
    const auto start = static_cast<double>(row.depth_qty_start);
    const auto pulled = static_cast<double>(row.pull_qty_rest);
    LevelMeasures measures;
    measures.pull_intensity_rest = intensity(pulled, start);
    measures.pull_add_log = pull_add_log(pulled, static_cast<double>(row.add_qty));
    measures.wall_strength_log = resting_mass(static_cast<double>(row.depth_qty_rest));
    measures.wall_erosion = wall_erosion(static_cast<double>(row.d1_depth_qty));
    measures.log1p_pull_intensity_rest = share_log(measures.pull_intensity_rest);
    measures.log1p_erosion_norm = share_log(intensity(measures.wall_erosion, start));
    return measures;
}

}  // namespace

const std::vector<LevelMeasures>& LevelMeasurer::measure(const windows::Window& window) {
    const windows::BookSnapshot1s& snapshot = window.snapshot;
    windows::LevelWindow levels{.window_start_ts_ns = snapshot.window_start_ts_ns,
                                .window_end_ts_ns = snapshot.window_end_ts_ns,
                                .epoch = snapshot.epoch,
                                .window_valid = snapshot.window_valid};
    if (window.wall_spot_ref_price_int > 0) {
        levels.range = windows::range_around(window.wall_spot_ref_price_int, windows::kWallReachTicks,
                                             price_increment_.nanos);
    }
    pull_add_logs_.open(levels);
    measures_.clear();
    for (const windows::WallRow1s& row : window.wall) {
        LevelMeasures& measures = measures_.emplace_back(measures_of(row));
        measures.pull_add_log_differences =
            pull_add_logs_.next(row.side, row.price_int, measures.pull_add_log);
    }
    return measures_;
}

}  // namespace spymaster::physics
