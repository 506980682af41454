#include "windows/wall_rows.hpp"

#include <algorithm>

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
    for (const market::Side side : {market::Side::bid, market::Side::ask}) {
        levels_.for_each(book, side, range, [&](std::uint32_t cell, std::int64_t price) {
            // PERF: filled where it stands; a row made elsewhere and copied costs 20 ns.
            WallRow1s& row = out.emplace_back();
            row.price_int = price;
            row.rel_ticks = relative_ticks(price, spot, tick_);
            set(row, flow_row(book, cell, cleared));
        });
    }
    if (rules_ == Compatibility::reference) return difference_as_reference(out);
    if (!window_valid) return skip();
    difference(out, range);
}

void WallRows::skip() {
    remembers_ = false;
    for (Levels& levels : before_) levels.clear();
}

void WallRows::difference(std::vector<WallRow1s>& rows, PriceRange range) {
    const auto asks = std::ranges::find(rows, market::Side::ask, &WallRow1s::side);
    difference_side(rows.begin(), asks, before_[static_cast<std::size_t>(market::Side::bid)], range);
    difference_side(asks, rows.end(), before_[static_cast<std::size_t>(market::Side::ask)], range);
    remembers_ = true;
    reached_ = range;
}

// Rows of one side and what is remembered of it, side by side; both by ascending price.
void WallRows::difference_side(std::vector<WallRow1s>::iterator row, std::vector<WallRow1s>::iterator end,
                               Levels& before, PriceRange range) {
    now_.clear();
    auto known = before.cbegin();
    for (; row != end; ++row) {
        for (; known != before.cend() && known->price < row->price_int; ++known)
            remember_silent(*known, range);
        Memory memory{row->depth_qty_end, 0, 0};
        if (known != before.cend() && known->price == row->price_int) {
            memory = known->depth;
            ++known;
            set(*row, memory.next(row->depth_qty_end));
        } else if (remembers_ && reached_.contains(row->price_int)) {
            memory = {};
            set(*row, memory.next(row->depth_qty_end));
        }
        now_.push_back({row->price_int, memory});
    }
    for (; known != before.cend(); ++known) remember_silent(*known, range);
    std::swap(before, now_);
}

void WallRows::remember_silent(const Remembered& level, PriceRange range) {
    if (!range.contains(level.price)) return;
    Memory memory = level.depth;
    memory.next(0);
    if (memory != Memory{}) now_.push_back({level.price, memory});
}

void WallRows::difference_as_reference(std::vector<WallRow1s>& rows) {
    for (WallRow1s& row : rows) {
        const auto [place, first] =
            last_rows_.try_emplace({row.side, row.price_int}, Memory{row.depth_qty_end, 0, 0});
        if (!first) set(row, place->second.next(row.depth_qty_end));
    }
}

}  // namespace spymaster::windows
