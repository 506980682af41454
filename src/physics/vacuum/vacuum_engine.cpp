#include "physics/vacuum/vacuum_engine.hpp"

#include "physics/vacuum/vacuum_score.hpp"

namespace spymaster::physics {

const std::vector<VacuumRow1s>& VacuumEngine::update(const windows::Window& window) {
    const std::vector<LevelMeasures>& measures = measurer_.measure(window);
    rows_.clear();
    for (std::size_t i = 0; i < measures.size(); ++i) {
        const windows::WallRow1s& wall = window.wall[i];
        const LevelMeasures& level = measures[i];
        const windows::Differences<double>& differences = level.pull_add_log_differences;
        rows_.push_back({.price_int = wall.price_int,
                         .side = wall.side,
                         .rel_ticks = wall.rel_ticks,
                         .pull_intensity_rest = level.pull_intensity_rest,
                         .pull_add_log = level.pull_add_log,
                         .d1_pull_add_log = differences.d1,
                         .d2_pull_add_log = differences.d2,
                         .d3_pull_add_log = differences.d3,
                         .wall_strength_log = level.wall_strength_log,
                         .wall_erosion = level.wall_erosion,
                         .vacuum_score = vacuum_score(level.pull_add_log, level.log1p_pull_intensity_rest,
                                                      level.log1p_erosion_norm, differences.d2, bounds_)});
    }
    return rows_;
}

}  // namespace spymaster::physics
