// Days of walls made at random: spots that wander, levels that come and go, off the ticks and out of the bands, and every kind
// of break.
#pragma once

#include <random>
#include <set>
#include <vector>

#include "windows/flow_rows.hpp"
#include "windows/price_range.hpp"
#include "windows/rows.hpp"

namespace spymaster::physics::testing {

struct WallHabits {
    int windows = 40;
    std::int64_t tick = 250;
    std::int64_t spot = 1'000'000;
    int levels = 30;  // a side, at most
    int reach_ticks = 30;
    bool breaks = true;
    bool far_levels = true;  // out to the end of the wall
};

inline windows::WallRow1s random_wall_row(std::mt19937_64& random, market::Side side, std::int64_t price,
                                          std::int64_t spot, std::int64_t tick) {
    const auto quantity = [&random] {
        return random() % 3 == 0 ? 0 : static_cast<std::int64_t>(random() % 50);
    };
    windows::WallRow1s row;
    row.price_int = price;
    row.side = side;
    row.rel_ticks = windows::relative_ticks(price, spot, tick);
    row.depth_qty_start = quantity();
    row.depth_qty_end = quantity();
    row.add_qty = quantity();
    row.pull_qty_rest = quantity();
    row.pull_qty_total = row.pull_qty_rest + quantity();
    row.depth_qty_rest = quantity();
    row.d1_depth_qty = quantity() - quantity();
    return row;
}

inline std::vector<windows::Window> random_walls(std::uint64_t seed, const WallHabits& habits = {}) {
    std::mt19937_64 random(seed);
    const auto chance = [&](unsigned one_in) { return habits.breaks && random() % one_in == 0; };
    std::vector<windows::Window> day;
    std::int64_t end = 1'000'000'000;
    std::int64_t epoch = 1;
    std::int64_t spot = habits.spot;
    for (int i = 0; i < habits.windows; ++i) {
        windows::Window& window = day.emplace_back();
        window.snapshot.window_start_ts_ns = end + (chance(15) ? 1'000'000'000 : 0);
        end = window.snapshot.window_end_ts_ns = window.snapshot.window_start_ts_ns + 1'000'000'000;
        epoch += chance(15) ? 1 : 0;
        window.snapshot.epoch = epoch;
        window.snapshot.window_valid = !chance(12);
        window.snapshot.mid_price = 1e-9 * static_cast<double>(spot);
        window.snapshot.mid_price_int = spot;
        if (chance(15)) continue;  // without a spot
        spot += (static_cast<std::int64_t>(random() % 5) - 2) * habits.tick;
        if (chance(20)) spot += 590 * habits.tick * (random() % 2 == 0 ? 1 : -1);
        window.wall_spot_ref_price_int = spot;
        for (const market::Side side : {market::Side::bid, market::Side::ask}) {
            std::set<std::int64_t> prices;
            const auto levels = static_cast<int>(random() % static_cast<unsigned>(habits.levels + 1));
            for (int level = 0; level < levels; ++level) {
                const auto reach =
                    habits.far_levels && random() % 8 == 0 ? windows::kWallReachTicks : habits.reach_ticks;
                const auto ticks =
                    static_cast<std::int64_t>(random() % static_cast<unsigned>(2 * reach + 1)) - reach;
                const std::int64_t off = random() % 10 == 0 ? habits.tick / 5 : 0;
                const std::int64_t price = spot + ticks * habits.tick + (ticks > 0 ? -off : off);
                prices.insert(price);
            }
            for (const std::int64_t price : prices)
                window.wall.push_back(random_wall_row(random, side, price, spot, habits.tick));
        }
    }
    return day;
}

}  // namespace spymaster::physics::testing
