#include "physics/lattice.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace spymaster::physics {

namespace {

// No book holds a negative quantity; a file can. It counts as nothing, so that no denominator reaches 0.
double quantity(std::int64_t qty) {
    return static_cast<double>(std::max<std::int64_t>(0, qty));
}

}  // namespace

LatticeQuantities::LatticeQuantities(const LatticeShape& shape) : shape_(shape) {
    for (auto* column :
         {&depth_qty_start, &depth_qty_end, &depth_qty_rest, &add_qty, &pull_qty_total, &fill_qty}) {
        column->assign(shape.rows(), 0.0);
    }
}

void LatticeQuantities::clear() {
    for (auto* column :
         {&depth_qty_start, &depth_qty_end, &depth_qty_rest, &add_qty, &pull_qty_total, &fill_qty}) {
        std::fill(column->begin(), column->end(), 0.0);
    }
}

template <class Row>
void LatticeQuantities::add(std::size_t cell, const Row& row) {
    depth_qty_start[cell] += quantity(row.depth_qty_start);
    depth_qty_end[cell] += quantity(row.depth_qty_end);
    depth_qty_rest[cell] += quantity(row.depth_qty_rest);
    add_qty[cell] += quantity(row.add_qty);
    pull_qty_total[cell] += quantity(row.pull_qty_total);
    fill_qty[cell] += quantity(row.fill_qty);
}

void LatticeQuantities::place(std::span<const windows::DepthAndFlow1s> rows,
                              std::span<std::int32_t> rel_ticks_side) {
    SPY_ASSERT(shape_.axis() == Axis::prices && rel_ticks_side.size() == cells());
    clear();
    for (const market::Side side : {market::Side::ask, market::Side::bid}) {
        const auto first = std::ranges::find_if(rows, [&](const windows::DepthAndFlow1s& row) {
            return row.side == side && shape_.row_of(row.rel_ticks, side);
        });
        const std::int64_t anchor =
            first == rows.end() ? 0 : std::int64_t{first->rel_ticks} - first->rel_ticks_side;
        std::int64_t relative = -std::int64_t{shape_.half_width()} - anchor;
        for (std::int32_t& of_row : rel_ticks_side.subspan(
                 static_cast<std::size_t>(side) * shape_.rows_per_lane(), shape_.rows_per_lane())) {
            of_row = static_cast<std::int32_t>(relative);
            relative += shape_.step();
        }
    }
    for (const windows::DepthAndFlow1s& row : rows) {
        const auto cell = shape_.row_of(row.rel_ticks, row.side);
        if (!cell) continue;
        add(*cell, row);
        rel_ticks_side[*cell] = row.rel_ticks_side;
    }
}

void LatticeQuantities::place(std::span<const windows::StrikeFlow1s> rows) {
    SPY_ASSERT(shape_.axis() == Axis::strikes);
    clear();
    for (const windows::StrikeFlow1s& row : rows) {
        if (const auto cell = shape_.row_of(row.rel_ticks, row.side, row.right)) add(*cell, row);
    }
}

}  // namespace spymaster::physics
