#include "windows/flow_rows.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace spymaster::windows {

namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMostTicks = std::numeric_limits<std::int32_t>::max();

void add_row(DepthAndFlow1s& sum, const DepthAndFlow1s& row) {
    sum.depth_qty_start += row.depth_qty_start;
    sum.depth_qty_end += row.depth_qty_end;
    sum.add_qty += row.add_qty;
    sum.pull_qty_total += row.pull_qty_total;
    sum.depth_qty_rest += row.depth_qty_rest;
    sum.pull_qty_rest += row.pull_qty_rest;
    sum.fill_qty += row.fill_qty;
}

// The highest price of a bucket around spot. A price half-way to the next belongs to the even one.
std::int64_t last_in_bucket(std::int64_t spot, std::int64_t offset, std::int64_t tick) {
    const std::int64_t last = offset * tick + tick / 2 - (tick % 2 == 0 && offset % 2 != 0 ? 1 : 0);
    std::int64_t price = 0;
    return __builtin_add_overflow(spot, last, &price) ? kMax : price;
}

}  // namespace

DepthAndFlow1s flow_row(const book::Book& book, std::uint32_t index, bool cleared) {
    const book::Cell& cell = book.ladder().cell(index);
    DepthAndFlow1s row;
    row.side = book::Ladder::side(index);
    row.depth_qty_end = cell.qty;
    row.depth_qty_start = cell.qty;
    row.depth_qty_rest = cell.qty;
    if (!book.ledger().has_row(cell)) return row;
    const book::FlowRow& flow = book.ledger().row(cell);
    row.add_qty = flow.add;
    row.pull_qty_total = flow.pull;
    row.pull_qty_rest = flow.pull_rest;
    row.fill_qty = flow.fill;
    row.depth_qty_rest = cell.qty - flow.young;
    row.depth_qty_start =
        cleared ? std::max<std::int64_t>(0, cell.qty - flow.add + flow.pull + flow.fill) : flow.depth_open;
    return row;
}

void FlowRows::collect(const book::Book& book, const FlowFrame& frame, std::vector<DepthAndFlow1s>& out) {
    out.clear();
    for (const market::Side side : {market::Side::bid, market::Side::ask}) {
        if (has_buckets(grid_)) {
            collect_buckets(book, frame, side, out);
        } else {
            collect_prices(book, frame, side, out);
        }
    }
}

void FlowRows::collect_prices(const book::Book& book, const FlowFrame& frame, market::Side side,
                              std::vector<DepthAndFlow1s>& out) {
    const std::int64_t tick = grid_.tick.nanos;
    const std::int64_t anchor = side == market::Side::bid ? frame.bid_anchor : frame.ask_anchor;
    levels_.for_each(book, side, range_around(frame.spot, grid_.half_width_ticks, tick),
                     [&](std::uint32_t cell, std::int64_t price) {
                         DepthAndFlow1s& row = out.emplace_back(flow_row(book, cell, frame.cleared));
                         row.price_int = price;
                         row.rel_ticks = relative_ticks(price, frame.spot, tick);
                         row.rel_ticks_side = relative_ticks(price, anchor, tick);
                     });
}

void FlowRows::collect_buckets(const book::Book& book, const FlowFrame& frame, market::Side side,
                               std::vector<DepthAndFlow1s>& out) {
    const std::int64_t tick = grid_.tick.nanos;
    const std::int32_t anchor =
        relative_ticks(side == market::Side::bid ? frame.bid_anchor : frame.ask_anchor, frame.spot, tick);
    // The buckets at the ends reach half a tick further.
    std::int64_t last_of_bucket = 0;
    bool open = false;    // a bucket has been met, and last_of_bucket is its last price
    bool within = false;  // and it is one of the grid; its row is the last of `out`
    levels_.for_each(book, side, range_around(frame.spot, grid_.half_width_ticks + 1, tick),
                     [&](std::uint32_t cell, std::int64_t price) {
                         if (!open || price > last_of_bucket) {
                             const std::int32_t offset = relative_ticks(price, frame.spot, tick);
                             open = true;
                             within = std::abs(offset) <= grid_.half_width_ticks;
                             last_of_bucket = last_in_bucket(frame.spot, offset, tick);
                             if (!within) return;
                             DepthAndFlow1s& row = out.emplace_back();
                             row.side = side;
                             row.price_int = grid_price(frame.spot, offset, grid_);
                             row.rel_ticks = offset;
                             row.rel_ticks_side = static_cast<std::int32_t>(
                                 std::clamp(std::int64_t{offset} - anchor, -kMostTicks, kMostTicks));
                         }
                         if (within) add_row(out.back(), flow_row(book, cell, frame.cleared));
                     });
}

std::uint64_t count_identity_violations(const book::Book& book) {
    std::uint64_t violations = 0;
    for (const book::FlowRow& row : book.ledger().rows()) {
        const std::int64_t end = row.depth_open + row.add - row.pull - row.fill;
        violations += end != book.ladder().cell(row.cell).qty ? 1U : 0U;
    }
    return violations;
}

std::int64_t bucketed_spot(std::int64_t price, std::int64_t tick) {
    if (price <= 0) return 0;
    std::int64_t spot = 0;
    if (__builtin_mul_overflow(market::divide_half_even(price, tick), tick, &spot))
        return price / tick * tick;
    return spot;
}

std::int32_t relative_ticks(std::int64_t price, std::int64_t anchor, std::int64_t tick) {
    std::int64_t distance = 0;
    if (__builtin_sub_overflow(price, anchor, &distance))
        return static_cast<std::int32_t>(price > anchor ? kMostTicks : -kMostTicks);
    return static_cast<std::int32_t>(
        std::clamp(market::divide_half_even(distance, tick), -kMostTicks, kMostTicks));
}

}  // namespace spymaster::windows
