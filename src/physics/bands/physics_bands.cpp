#include "physics/bands/physics_bands.hpp"

#include <bit>

#include "base/assert.hpp"
#include "physics/bands/band_mean.hpp"
#include "physics/bands/ease.hpp"
#include "physics/bands/total_score.hpp"
#include "physics/bands/way_score.hpp"
#include "physics/vacuum/share_log.hpp"
#include "physics/vacuum/vacuum_score.hpp"
#include "physics/velocity/intensity.hpp"

namespace spymaster::physics {

namespace {

using windows::Compatibility;

// What is gathered of the levels of one band.
struct BandLevels {
    BandMean wall_strength_log;
    BandMean log1p_erosion_norm;
    BandMean vacuum_score;
    std::uint32_t occupied = 0;  // a bit for each distance that a level was met at
    bool met = false;

    void add(const windows::WallRow1s& wall, const VacuumRow1s& vacuum, std::int32_t distance_ticks) {
        wall_strength_log.add(vacuum.wall_strength_log);
        log1p_erosion_norm.add(
            share_log(intensity(vacuum.wall_erosion, static_cast<double>(wall.depth_qty_start))));
        vacuum_score.add(vacuum.vacuum_score);
        occupied |= std::uint32_t{1} << static_cast<std::uint32_t>(distance_ticks);
        met = true;
    }
};

class Norming {
  public:
    Norming(const NormBounds& bounds, Compatibility compatibility)
        : bounds_(bounds),
          compatibility_(compatibility),
          silent_vacuum_score_(vacuum_score(0.0, 0.0, 0.0, 0.0, bounds)) {}

    [[nodiscard]] BandNorms norms(const BandLevels& levels, Band band) const {
        if (leaves_out(levels)) return {};
        const int silent = ticks_of(band) - std::popcount(levels.occupied);
        const auto mean = [&](const BandMean& of, double x_silent) {
            return of.value(silent, x_silent, compatibility_);
        };
        return {norm(mean(levels.wall_strength_log, 0.0), bounds_[Metric::wall_strength_log]),
                norm(mean(levels.log1p_erosion_norm, 0.0), bounds_[Metric::log1p_erosion_norm]),
                mean(levels.vacuum_score, silent_vacuum_score_)};
    }

    [[nodiscard]] double ease_of(const BandLevels& levels, const BandNorms& norms) const {
        if (leaves_out(levels)) return 0.0;
        return ease(norms.vacuum_norm, norms.wall_erosion_norm, norms.wall_strength_norm);
    }

  private:
    // The reference has no ease, and no norms, of a band without a row (D-13).
    [[nodiscard]] bool leaves_out(const BandLevels& levels) const {
        return compatibility_ == Compatibility::reference && !levels.met;
    }

    const NormBounds& bounds_;
    Compatibility compatibility_;
    double silent_vacuum_score_;
};

}  // namespace

PhysicsBands1s physics_bands(const windows::Window& window, std::span<const VacuumRow1s> vacuum,
                             const NormBounds& bounds, Compatibility compatibility) {
    SPY_ASSERT(vacuum.size() == window.wall.size());
    std::array<BandLevels, kDirectedBands> levels;
    for (std::size_t i = 0; i < vacuum.size(); ++i) {
        const auto at = band_place(window.wall[i], window.wall_spot_ref_price_int, compatibility);
        if (at) levels[place(at->direction, at->band)].add(window.wall[i], vacuum[i], at->distance_ticks);
    }
    const windows::BookSnapshot1s& snapshot = window.snapshot;
    PhysicsBands1s row{.window_start_ts_ns = snapshot.window_start_ts_ns,
                       .window_end_ts_ns = snapshot.window_end_ts_ns,
                       .spot_ref_price_int = window.wall_spot_ref_price_int,
                       .mid_price = snapshot.mid_price,
                       .mid_price_int = snapshot.mid_price_int,
                       .window_valid = snapshot.window_valid,
                       .epoch = snapshot.epoch};
    const Norming norming(bounds, compatibility);
    for (std::size_t i = 0; i < kDirectedBands; ++i)
        row.bands[i] = norming.norms(levels[i], static_cast<Band>(i % kBands));
    const auto score = [&](Direction direction) {
        const auto ease_of = [&](Band band) {
            const std::size_t i = place(direction, band);
            return norming.ease_of(levels[i], row.bands[i]);
        };
        return way_score(ease_of(Band::at), ease_of(Band::near));
    };
    row.above_score = score(Direction::above);
    row.below_score = score(Direction::below);
    row.vacuum_total_score = total_score(row.above_score, row.below_score);
    return row;
}

}  // namespace spymaster::physics
