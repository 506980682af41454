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

LatticeQuantities::LatticeQuantities(int half_width_ticks) : half_width_(half_width_ticks) {
    SPY_ASSERT(half_width_ticks >= 0);
    const std::size_t cells = 2 * (2 * static_cast<std::size_t>(half_width_ticks) + 1);
    for (auto* column :
         {&depth_qty_start, &depth_qty_end, &depth_qty_rest, &add_qty, &pull_qty_total, &fill_qty}) {
        column->assign(cells, 0.0);
    }
}

void LatticeQuantities::clear() {
    for (auto* column :
         {&depth_qty_start, &depth_qty_end, &depth_qty_rest, &add_qty, &pull_qty_total, &fill_qty}) {
        std::fill(column->begin(), column->end(), 0.0);
    }
}

void LatticeQuantities::place(std::span<const windows::DepthAndFlow1s> rows,
                              std::span<std::int32_t> rel_ticks_side) {
    SPY_ASSERT(rel_ticks_side.size() == cells());
    clear();
    const auto on_lattice = [&](const windows::DepthAndFlow1s& row) {
        return row.rel_ticks >= -half_width_ && row.rel_ticks <= half_width_;
    };
    const std::size_t side_cells = cells() / 2;
    for (const market::Side side : {market::Side::ask, market::Side::bid}) {
        const auto first = std::ranges::find_if(
            rows, [&](const windows::DepthAndFlow1s& row) { return row.side == side && on_lattice(row); });
        const std::int64_t anchor =
            first == rows.end() ? 0 : std::int64_t{first->rel_ticks} - first->rel_ticks_side;
        std::int32_t* const of_side = rel_ticks_side.data() + static_cast<std::size_t>(side) * side_cells;
        for (std::size_t x = 0; x < side_cells; ++x) {
            of_side[x] = static_cast<std::int32_t>(static_cast<std::int64_t>(x) - half_width_ - anchor);
        }
    }
    for (const windows::DepthAndFlow1s& row : rows) {
        if (!on_lattice(row)) continue;
        const std::size_t cell = static_cast<std::size_t>(row.side) * side_cells +
                                 static_cast<std::size_t>(row.rel_ticks + half_width_);
        depth_qty_start[cell] += quantity(row.depth_qty_start);
        depth_qty_end[cell] += quantity(row.depth_qty_end);
        depth_qty_rest[cell] += quantity(row.depth_qty_rest);
        add_qty[cell] += quantity(row.add_qty);
        pull_qty_total[cell] += quantity(row.pull_qty_total);
        fill_qty[cell] += quantity(row.fill_qty);
        rel_ticks_side[cell] = row.rel_ticks_side;
    }
}

}  // namespace spymaster::physics
