#include "windows/wall_rows.hpp"

#include "windows/flow_rows.hpp"

namespace spymaster::windows {

namespace {

void set(WallRow1s& row, const Differences<std::int64_t>& depth) {
    row.d1_depth_qty = depth.d1;
    row.d2_depth_qty = depth.d2;
    row.d3_depth_qty = depth.d3;
}

void set(WallRow1s& row, const DepthAndFlow1s& flow) {
    row.side = flow.side;
    row.depth_qty_start = flow.depth_qty_start;
    row.depth_qty_end = flow.depth_qty_end;
    row.add_qty = flow.add_qty;
    row.pull_qty_total = flow.pull_qty_total;
    row.depth_qty_rest = flow.depth_qty_rest;
    row.pull_qty_rest = flow.pull_qty_rest;
    row.fill_qty = flow.fill_qty;
}

}  // namespace

void WallRows::collect(const book::Book& book, std::int64_t spot, bool cleared, bool window_valid,
                       std::vector<WallRow1s>& out) {
    out.clear();
    const PriceRange range = range_around(spot, kWallReachTicks, tick_);
    depths_.open({.window_valid = window_valid, .range = range});
    for (const market::Side side : {market::Side::bid, market::Side::ask}) {
        levels_.for_each(book, side, range, [&](std::uint32_t cell, std::int64_t price) {
            // PERF: filled where it stands; a row made elsewhere and copied costs 20 ns.
            WallRow1s& row = out.emplace_back();
            row.price_int = price;
            row.rel_ticks = relative_ticks(price, spot, tick_);
            set(row, flow_row(book, cell, cleared));
            set(row, depths_.next(side, price, row.depth_qty_end));
        });
    }
}

}  // namespace spymaster::windows
