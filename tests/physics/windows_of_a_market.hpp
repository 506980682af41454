// Windows to test on, made without a book: a seeded market whose silver rows obey what silver promises (rows
// sparse, bids then asks, start + add - pull - fill = end, rest <= end), and helpers for windows written by
// hand.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "market/product.hpp"
#include "windows/rows.hpp"

namespace spymaster::physics::testing {

inline constexpr std::int64_t kSpot = 4'810'000'000'000;
inline constexpr std::int64_t kFirstEnd = 1'703'545'201'000'000'000;

inline market::Grid grid_of(int half_width) {
    market::Grid grid;
    grid.half_width_ticks = half_width;
    return grid;
}

// An empty window, the `second`-th of its session; spot 0 means that there is none.
inline windows::Window window_at(int second, std::int64_t spot = kSpot) {
    windows::Window window;
    window.snapshot.window_end_ts_ns = kFirstEnd + second * market::Grid{}.window_ns;
    window.snapshot.window_start_ts_ns = window.snapshot.window_end_ts_ns - market::Grid{}.window_ns;
    window.snapshot.spot_ref_price_int = spot;
    window.snapshot.book_valid = true;
    window.snapshot.window_valid = true;
    return window;
}

// The row of appendix B.2 is row_at(side, x, {.start = 12, .end = 20, .rest = 15, .add = 6, .pull = 3, .fill
// = 1}).
struct Quantities {
    std::int64_t start = 0, end = 0, rest = 0, add = 0, pull = 0, fill = 0;
};

inline windows::DepthAndFlow1s row_at(market::Side side, int rel_ticks, Quantities q) {
    windows::DepthAndFlow1s row;
    row.price_int = kSpot + rel_ticks * market::Grid{}.tick.nanos;
    row.side = side;
    row.rel_ticks = rel_ticks;
    row.rel_ticks_side = rel_ticks - (side == market::Side::ask ? 1 : 0);
    row.depth_qty_start = q.start;
    row.depth_qty_end = q.end;
    row.depth_qty_rest = q.rest;
    row.add_qty = q.add;
    row.pull_qty_total = q.pull;
    row.fill_qty = q.fill;
    return row;
}

struct MarketOptions {
    int half_width = 200;
    double present = 0.7;        // share of the cells that have a row
    double without_spot = 0.05;  // share of the windows
    double off_grid = 0.02;      // share of the rows that come in two prices of one cell
    std::int64_t largest_qty = 500;
};

inline std::vector<windows::Window> random_windows(std::uint64_t seed, int count,
                                                   const MarketOptions& options = {}) {
    std::mt19937_64 random(seed);
    const auto chance = [&](double p) { return std::uniform_real_distribution<>(0.0, 1.0)(random) < p; };
    const auto up_to = [&](std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>(0, most)(random);
    };
    std::vector<windows::Window> windows;
    for (int second = 0; second < count; ++second) {
        windows::Window window = window_at(second, chance(options.without_spot) ? 0 : kSpot);
        window.snapshot.book_valid = window.snapshot.window_valid = !chance(0.1);
        if (window.snapshot.spot_ref_price_int == 0) {
            windows.push_back(window);
            continue;
        }
        for (const market::Side side : {market::Side::bid, market::Side::ask}) {
            for (int x = -options.half_width; x <= options.half_width; ++x) {
                if (!chance(options.present)) continue;
                for (int price = chance(options.off_grid) ? 2 : 1; price > 0; --price) {
                    Quantities q;
                    q.start = up_to(options.largest_qty);
                    q.add = up_to(options.largest_qty / 2);
                    q.pull = up_to((q.start + q.add) / 2);
                    q.fill = up_to((q.start + q.add) / 4);
                    q.end = q.start + q.add - q.pull - q.fill;
                    q.rest = up_to(q.end);
                    window.flow.push_back(row_at(side, x, q));
                }
            }
        }
        windows.push_back(window);
    }
    return windows;
}

}  // namespace spymaster::physics::testing
