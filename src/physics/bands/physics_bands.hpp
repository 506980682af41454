// silver.*.physics_bands_1s: walls, erosion and vacuum of a second in four bands above and below spot, and how easy the way
// up and down is (radar spec 2.2).
//
// A band is that of every tick in it: a tick without a level holds nothing, erodes nothing and has the vacuum score of
// silence. So an empty book has the easiest walls, and without a spot every band is empty. Where several prices share a tick
// each of them counts.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "physics/bands/band.hpp"
#include "physics/vacuum/vacuum_engine.hpp"

namespace spymaster::physics {

// The measures of a band, 0 to 1 each.
struct BandNorms {
    double wall_strength_norm = 0.0;
    double wall_erosion_norm = 0.0;
    double vacuum_norm = 0.0;

    bool operator==(const BandNorms&) const = default;
};

inline constexpr std::size_t kDirectedBands = 2 * kBands;
constexpr std::size_t place(Direction direction, Band band) {
    return static_cast<std::size_t>(direction) * kBands + static_cast<std::size_t>(band);
}

// The columns of the bands: of each directed band, by its place, its three norms.
inline constexpr std::array<std::string_view, 3 * kDirectedBands> kBandColumns{
    "above_at_wall_strength_norm",   "above_at_wall_erosion_norm",   "above_at_vacuum_norm",
    "above_near_wall_strength_norm", "above_near_wall_erosion_norm", "above_near_vacuum_norm",
    "above_mid_wall_strength_norm",  "above_mid_wall_erosion_norm",  "above_mid_vacuum_norm",
    "above_far_wall_strength_norm",  "above_far_wall_erosion_norm",  "above_far_vacuum_norm",
    "below_at_wall_strength_norm",   "below_at_wall_erosion_norm",   "below_at_vacuum_norm",
    "below_near_wall_strength_norm", "below_near_wall_erosion_norm", "below_near_vacuum_norm",
    "below_mid_wall_strength_norm",  "below_mid_wall_erosion_norm",  "below_mid_vacuum_norm",
    "below_far_wall_strength_norm",  "below_far_wall_erosion_norm",  "below_far_vacuum_norm",
};

struct PhysicsBands1s {
    std::int64_t window_start_ts_ns = 0;
    std::int64_t window_end_ts_ns = 0;
    std::int64_t spot_ref_price_int = 0;  // of the wall; 0 if there is none
    double mid_price = 0.0;
    std::int64_t mid_price_int = 0;
    std::array<BandNorms, kDirectedBands> bands{};  // by place()
    double above_score = 0.0;                       // 0 hard to 1 easy
    double below_score = 0.0;
    double vacuum_total_score = 0.0;
    bool window_valid = false;
    std::int64_t epoch = 0;

    bool operator==(const PhysicsBands1s&) const = default;
};

// The bands of a window. REQUIRES: `vacuum` has a row for every row of its wall, in that order.
PhysicsBands1s physics_bands(const windows::Window& window, std::span<const VacuumRow1s> vacuum,
                             const NormBounds& bounds,
                             windows::Compatibility compatibility = windows::Compatibility::corrected);

}  // namespace spymaster::physics
