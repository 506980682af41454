// Vacuum, bands and calibration written down a second time, plainly: whole days of walls as maps, everything read backwards
// from the definition, sorted where the engine selects. Slow; for tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "physics/bands/physics_bands.hpp"

namespace spymaster::physics::testing {

class PlainVacuum {
  public:
    PlainVacuum(std::vector<windows::Window> day, std::int64_t tick) : day_(std::move(day)), tick_(tick) {}

    // ln((rested pulled + 1)/(added + 1)) of a level in a window; 0 where it has no row.
    [[nodiscard]] double pull_add_log(std::size_t at, market::Side side, std::int64_t price) const {
        for (const windows::WallRow1s& row : day_[at].wall) {
            if (row.side == side && row.price_int == price)
                return std::log((static_cast<double>(row.pull_qty_rest) + 1.0) /
                                (static_cast<double>(row.add_qty) + 1.0));
        }
        return 0.0;
    }

    // Difference of an order (1, 2, 3) of it.
    [[nodiscard]] double difference(int order, std::size_t at, market::Side side, std::int64_t price) const {
        if (order == 0) return pull_add_log(at, side, price);
        if (!knows_before(at, price)) return 0.0;
        return difference(order - 1, at, side, price) - difference(order - 1, at - 1, side, price);
    }

    [[nodiscard]] static double clipped(double x, const Bounds& bounds) {
        const double share = (x - bounds.q05) / (bounds.q95 - bounds.q05);
        return share < 0.0 ? 0.0 : share > 1.0 ? 1.0 : share;
    }

    [[nodiscard]] VacuumRow1s row(std::size_t at, const windows::WallRow1s& wall,
                                  const NormBounds& bounds) const {
        VacuumRow1s row;
        row.price_int = wall.price_int;
        row.side = wall.side;
        row.rel_ticks = wall.rel_ticks;
        const double start = static_cast<double>(wall.depth_qty_start);
        row.pull_intensity_rest = static_cast<double>(wall.pull_qty_rest) / (start + 1.0);
        row.pull_add_log = difference(0, at, wall.side, wall.price_int);
        row.d1_pull_add_log = difference(1, at, wall.side, wall.price_int);
        row.d2_pull_add_log = difference(2, at, wall.side, wall.price_int);
        row.d3_pull_add_log = difference(3, at, wall.side, wall.price_int);
        row.wall_strength_log = std::log(static_cast<double>(wall.depth_qty_rest) + 1.0);
        row.wall_erosion = wall.d1_depth_qty < 0 ? static_cast<double>(-wall.d1_depth_qty) : 0.0;
        row.vacuum_score =
            (clipped(row.pull_add_log, bounds[Metric::pull_add_log]) +
             clipped(std::log1p(row.pull_intensity_rest), bounds[Metric::log1p_pull_intensity_rest]) +
             clipped(erosion(wall), bounds[Metric::log1p_erosion_norm]) +
             clipped(row.d2_pull_add_log, bounds[Metric::d2_pull_add_log])) /
            4.0;
        return row;
    }

    // Every tick of every band by itself.
    [[nodiscard]] PhysicsBands1s bands(std::size_t at, const NormBounds& bounds) const {
        const windows::Window& window = day_[at];
        PhysicsBands1s made;
        made.window_start_ts_ns = window.snapshot.window_start_ts_ns;
        made.window_end_ts_ns = window.snapshot.window_end_ts_ns;
        made.spot_ref_price_int = window.wall_spot_ref_price_int;
        made.mid_price = window.snapshot.mid_price;
        made.mid_price_int = window.snapshot.mid_price_int;
        made.window_valid = window.snapshot.window_valid;
        made.epoch = window.snapshot.epoch;
        const int edges[] = {0, 3, 6, 15, 21};
        std::array<double, kDirectedBands> ease{};
        for (std::size_t i = 0; i < kDirectedBands; ++i) {
            const market::Side side = i < kBands ? market::Side::ask : market::Side::bid;
            made.bands[i] = band(at, side, edges[i % kBands], edges[i % kBands + 1], bounds);
            ease[i] = 0.50 * made.bands[i].vacuum_norm + 0.35 * made.bands[i].wall_erosion_norm +
                      0.15 * (1.0 - made.bands[i].wall_strength_norm);
        }
        made.above_score = 0.60 * ease[0] + 0.40 * ease[1];
        made.below_score = 0.60 * ease[4] + 0.40 * ease[5];
        made.vacuum_total_score = (made.above_score + made.below_score) / 2.0;
        return made;
    }

    // Of all rows of valid windows within 20 ticks.
    [[nodiscard]] std::optional<Bounds> quantiles(Metric metric, const NormBounds& any) const {
        std::vector<double> values;
        for (std::size_t at = 0; at < day_.size(); ++at) {
            if (!day_[at].snapshot.window_valid) continue;
            for (const windows::WallRow1s& wall : day_[at].wall) {
                if (wall.rel_ticks < -20 || wall.rel_ticks > 20) continue;
                const VacuumRow1s made = row(at, wall, any);
                const double of_metric[] = {made.pull_add_log, std::log1p(made.pull_intensity_rest),
                                            erosion(wall), made.d2_pull_add_log, made.wall_strength_log};
                values.push_back(of_metric[static_cast<std::size_t>(metric)]);
            }
        }
        if (values.empty()) return std::nullopt;
        std::ranges::sort(values);
        return Bounds{quantile_of_sorted(values, 0.05), quantile_of_sorted(values, 0.95)};
    }

    static double quantile_of_sorted(const std::vector<double>& x, double q) {
        const double v = static_cast<double>(x.size() - 1) * q;
        const auto i = static_cast<std::size_t>(v);
        const double g = v - static_cast<double>(i);
        const double a = x[i], b = x[std::min(i + 1, x.size() - 1)];
        return g < 0.5 ? a + (b - a) * g : b - (b - a) * (1.0 - g);
    }

  private:
    static double erosion(const windows::WallRow1s& wall) {
        const double lost = wall.d1_depth_qty < 0 ? static_cast<double>(-wall.d1_depth_qty) : 0.0;
        return std::log1p(lost / (static_cast<double>(wall.depth_qty_start) + 1.0));
    }

    [[nodiscard]] bool knows_before(std::size_t at, std::int64_t price) const {
        if (at == 0) return false;
        const windows::Window &now = day_[at], &before = day_[at - 1];
        const std::int64_t spot = before.wall_spot_ref_price_int;
        return now.snapshot.window_valid && before.snapshot.window_valid &&
               now.snapshot.epoch == before.snapshot.epoch &&
               now.snapshot.window_start_ts_ns == before.snapshot.window_end_ts_ns && spot > 0 &&
               price >= spot - 600 * tick_ && price <= spot + 600 * tick_;
    }

    [[nodiscard]] BandNorms band(std::size_t at, market::Side side, int first, int end,
                                 const NormBounds& bounds) const {
        const windows::Window& window = day_[at];
        double strength = 0.0, eroded = 0.0, score = 0.0;
        int levels = 0, silent = 0;
        const int from = side == market::Side::ask ? first : 1 - end;
        const int to = side == market::Side::ask ? end : 1 - first;
        for (int tick = from; tick < to; ++tick) {
            bool there = false;
            for (const windows::WallRow1s& wall : window.wall) {
                const bool beyond = side == market::Side::ask
                                        ? wall.price_int >= window.wall_spot_ref_price_int
                                        : wall.price_int <= window.wall_spot_ref_price_int;
                if (wall.side != side || wall.rel_ticks != tick || !beyond) continue;
                const VacuumRow1s made = row(at, wall, bounds);
                strength += made.wall_strength_log;
                eroded += erosion(wall);
                score += made.vacuum_score;
                there = true;
                ++levels;
            }
            if (!there) ++silent;
        }
        const double silence = (clipped(0.0, bounds[Metric::pull_add_log]) +
                                clipped(0.0, bounds[Metric::log1p_pull_intensity_rest]) +
                                clipped(0.0, bounds[Metric::log1p_erosion_norm]) +
                                clipped(0.0, bounds[Metric::d2_pull_add_log])) /
                               4.0;
        const auto count = static_cast<double>(levels + silent);
        return {clipped(strength / count, bounds[Metric::wall_strength_log]),
                clipped(eroded / count, bounds[Metric::log1p_erosion_norm]),
                levels == 0 ? silence : (score + static_cast<double>(silent) * silence) / count};
    }

    std::vector<windows::Window> day_;
    std::int64_t tick_;
};

}  // namespace spymaster::physics::testing
