#include "windows/flow_rows.hpp"

#include <algorithm>
#include <limits>

namespace spymaster::windows {

namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

bool has_flow(const book::FlowRow& row) {
    return row.add != 0 || row.pull != 0 || row.fill != 0;
}

DepthAndFlow1s make_row(const book::Book& book, std::uint32_t index, bool cleared) {
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

}  // namespace

void FlowRows::collect(const book::Book& book, const FlowFrame& frame, std::vector<DepthAndFlow1s>& out) {
    out.clear();
    collect_side(book, frame, market::Side::bid, out);
    collect_side(book, frame, market::Side::ask, out);
}

void FlowRows::collect_side(const book::Book& book, const FlowFrame& frame, market::Side side,
                            std::vector<DepthAndFlow1s>& out) {
    const std::int64_t tick = grid_.tick.nanos;
    std::int64_t reach = 0;
    if (__builtin_mul_overflow(std::int64_t{grid_.half_width_ticks}, tick, &reach)) reach = kMax;
    const std::int64_t low = frame.spot - reach;
    const std::int64_t high = frame.spot > kMax - reach ? kMax : frame.spot + reach;
    const std::int64_t anchor = side == market::Side::bid ? frame.bid_anchor : frame.ask_anchor;
    const auto emit = [&](std::uint32_t cell, std::int64_t price) {
        DepthAndFlow1s& row = out.emplace_back(make_row(book, cell, frame.cleared));
        row.price_int = price;
        row.rel_ticks = relative_ticks(price, frame.spot, tick);
        row.rel_ticks_side = relative_ticks(price, anchor, tick);
    };
    find_gone(book, side, low, high);
    auto gone = gone_.begin();
    book.ladder().for_each_between(side, low, high, [&](std::uint32_t cell, std::int64_t price) {
        for (; gone != gone_.end() && gone->price < price; ++gone) emit(gone->cell, gone->price);
        emit(cell, price);
    });
    for (; gone != gone_.end(); ++gone) emit(gone->cell, gone->price);
}

void FlowRows::find_gone(const book::Book& book, market::Side side, std::int64_t low, std::int64_t high) {
    gone_.clear();
    for (const book::FlowRow& row : book.ledger().rows()) {
        if (book::Ladder::side(row.cell) != side || book.ladder().cell(row.cell).qty != 0 || !has_flow(row))
            continue;
        const std::int64_t price = book.ladder().price(row.cell);
        if (low <= price && price <= high) gone_.push_back({price, row.cell});
    }
    std::sort(gone_.begin(), gone_.end(), [](const Gone& a, const Gone& b) { return a.price < b.price; });
}

std::uint64_t count_identity_violations(const book::Book& book) {
    std::uint64_t violations = 0;
    for (const book::FlowRow& row : book.ledger().rows()) {
        const std::int64_t end = row.depth_open + row.add - row.pull - row.fill;
        violations += end != book.ladder().cell(row.cell).qty ? 1U : 0U;
    }
    return violations;
}

std::int32_t relative_ticks(std::int64_t price, std::int64_t anchor, std::int64_t tick) {
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    std::int64_t distance = 0;
    if (__builtin_sub_overflow(price, anchor, &distance))
        return static_cast<std::int32_t>(price > anchor ? kMost : -kMost);
    return static_cast<std::int32_t>(std::clamp(market::divide_half_even(distance, tick), -kMost, kMost));
}

}  // namespace spymaster::windows
