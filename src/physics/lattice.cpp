#include "physics/lattice.hpp"

#include <algorithm>
#include <array>
#include <optional>

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
    present_.assign(cells, 0);
}

void LatticeQuantities::clear() {
    for (auto* column :
         {&depth_qty_start, &depth_qty_end, &depth_qty_rest, &add_qty, &pull_qty_total, &fill_qty}) {
        std::fill(column->begin(), column->end(), 0.0);
    }
    std::fill(present_.begin(), present_.end(), std::uint8_t{0});
}

void LatticeQuantities::place(std::span<const windows::DepthAndFlow1s> rows,
                              std::span<std::int32_t> rel_ticks_side) {
    SPY_ASSERT(rel_ticks_side.size() == cells());
    clear();
    const std::size_t side_cells = cells() / 2;
    std::array<std::optional<std::int64_t>, 2>
        anchor_ticks;  // (anchor - spot) / tick of each side, once a row tells it
    for (const windows::DepthAndFlow1s& row : rows) {
        if (row.rel_ticks < -half_width_ || row.rel_ticks > half_width_) continue;
        const auto side = static_cast<std::size_t>(row.side);
        const std::size_t cell = side * side_cells + static_cast<std::size_t>(row.rel_ticks + half_width_);
        depth_qty_start[cell] += quantity(row.depth_qty_start);
        depth_qty_end[cell] += quantity(row.depth_qty_end);
        depth_qty_rest[cell] += quantity(row.depth_qty_rest);
        add_qty[cell] += quantity(row.add_qty);
        pull_qty_total[cell] += quantity(row.pull_qty_total);
        fill_qty[cell] += quantity(row.fill_qty);
        if (!anchor_ticks[side]) anchor_ticks[side] = std::int64_t{row.rel_ticks} - row.rel_ticks_side;
        if (present_[cell] == 0) rel_ticks_side[cell] = row.rel_ticks_side;
        present_[cell] = 1;
    }
    for (std::size_t cell = 0; cell < cells(); ++cell) {
        if (present_[cell] != 0) continue;
        const std::size_t side = cell / side_cells;
        const auto rel_ticks = static_cast<std::int64_t>(cell % side_cells) - half_width_;
        rel_ticks_side[cell] = static_cast<std::int32_t>(rel_ticks - anchor_ticks[side].value_or(0));
    }
}

}  // namespace spymaster::physics
