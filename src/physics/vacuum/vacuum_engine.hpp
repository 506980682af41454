// silver.*.vacuum_surface_1s, one second at a time: the wall of a closed window in, how easily each of its levels gives way
// out (radar spec 2.1).
//
// The rows of a second depend on that window and the ones before it, and on nothing else. A window that is not valid has
// rows too, without differences, and none of it is remembered.
// One thread at a time. A copy of an engine carries its memory.
#pragma once

#include <cstdint>
#include <vector>

#include "market/side.hpp"
#include "physics/vacuum/level_measures.hpp"
#include "physics/vacuum/norm_bounds.hpp"

namespace spymaster::physics {

// silver.*.vacuum_surface_1s less what all rows of a window share.
struct VacuumRow1s {
    std::int64_t price_int = 0;
    market::Side side = market::Side::ask;
    std::int32_t rel_ticks = 0;
    double pull_intensity_rest = 0.0;
    double pull_add_log = 0.0;
    double d1_pull_add_log = 0.0;  // a second
    double d2_pull_add_log = 0.0;
    double d3_pull_add_log = 0.0;
    double wall_strength_log = 0.0;
    double wall_erosion = 0.0;  // lots/s
    double vacuum_score = 0.0;  // 0 wall to 1 vacuum

    bool operator==(const VacuumRow1s&) const = default;
};

class VacuumEngine {
  public:
    // REQUIRES: price_increment is above 0
    VacuumEngine(const NormBounds& bounds, market::PriceDelta price_increment,
                 windows::Compatibility compatibility = windows::Compatibility::corrected)
        : bounds_(bounds), measurer_(price_increment, compatibility) {}

    // A row for every row of the window's wall, in its order. Valid until the next call. REQUIRES: as
    // LevelMeasurer::measure().
    const std::vector<VacuumRow1s>& update(const windows::Window& window);

  private:
    NormBounds bounds_;
    LevelMeasurer measurer_;
    std::vector<VacuumRow1s> rows_;
};

}  // namespace spymaster::physics
