// The windows of the radar spec's vectors.
#pragma once

#include "../spec_vectors.hpp"
#include "windows/rows.hpp"

namespace spymaster::testing {

inline market::Side side(const CsvRow& row) {
    return row.at("side") == "B" ? market::Side::bid : market::Side::ask;
}

// The windows of book_snapshot_1s.csv with the rows of wall_surface_1s.csv.
inline std::vector<windows::Window> windows_of_the_vectors() {
    std::vector<windows::Window> windows;
    std::map<std::int64_t, std::size_t> by_end;
    for (const auto& row : vector_rows("book_snapshot_1s.csv")) {
        windows::Window& window = windows.emplace_back();
        window.snapshot.window_start_ts_ns = integer(row, "window_start_ts_ns");
        window.snapshot.window_end_ts_ns = integer(row, "window_end_ts_ns");
        window.snapshot.mid_price = number(row, "mid_price");
        window.snapshot.mid_price_int = integer(row, "mid_price_int");
        window.wall_spot_ref_price_int = integer(row, "spot_ref_price_int");
        by_end[window.snapshot.window_end_ts_ns] = windows.size() - 1;
    }
    for (const auto& row : vector_rows("wall_surface_1s.csv")) {
        windows::Window& window = windows.at(by_end.at(integer(row, "window_end_ts_ns")));
        window.snapshot.window_valid = truth(row, "window_valid");
        const auto quantity = [&row](const char* column) {
            return static_cast<std::int64_t>(number(row, column));
        };
        window.wall.push_back({.price_int = integer(row, "price_int"),
                               .side = side(row),
                               .rel_ticks = static_cast<std::int32_t>(integer(row, "rel_ticks")),
                               .depth_qty_start = quantity("depth_qty_start"),
                               .depth_qty_end = quantity("depth_qty_end"),
                               .add_qty = quantity("add_qty"),
                               .pull_qty_total = quantity("pull_qty_total"),
                               .depth_qty_rest = quantity("depth_qty_rest"),
                               .pull_qty_rest = quantity("pull_qty_rest"),
                               .fill_qty = quantity("fill_qty"),
                               .d1_depth_qty = quantity("d1_depth_qty"),
                               .d2_depth_qty = quantity("d2_depth_qty"),
                               .d3_depth_qty = quantity("d3_depth_qty")});
    }
    return windows;
}

}  // namespace spymaster::testing
