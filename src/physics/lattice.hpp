// From the rows of silver to the dense lattice (lattice_shape.hpp; spec 5.2, 5.5). Rows of prices are there only
// where something is; those of strikes in every cell.
//
//   absent cell            every quantity 0
//   prices of one cell     summed (a price off the tick grid rounds to a neighbour's rel_ticks)
//   row beyond the lattice left out
//   rel_ticks_side         of prices: the row's own (the last one's where a cell has several); in an absent cell
//                          rel_ticks - (anchor - spot)/tick of that side, which is rel_ticks - rel_ticks_side
//                          of the side's first row; rel_ticks where the side has none (decision D-2)
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "physics/lattice_shape.hpp"
#include "windows/chain_rows.hpp"
#include "windows/rows.hpp"

namespace spymaster::physics {

// Quantities of one window by cell, in lots, shares or contracts as doubles.
class LatticeQuantities {
  public:
    explicit LatticeQuantities(const LatticeShape& shape);

    // Everything empty: a second without a spot.
    void clear();
    // The rows of a window, and rel_ticks_side of every cell. REQUIRES: the axis is prices; rel_ticks_side of
    // cells() entries.
    void place(std::span<const windows::DepthAndFlow1s> rows, std::span<std::int32_t> rel_ticks_side);
    // REQUIRES: the axis is strikes.
    void place(std::span<const windows::StrikeFlow1s> rows);

    [[nodiscard]] std::size_t cells() const { return depth_qty_start.size(); }

    std::vector<double> depth_qty_start;
    std::vector<double> depth_qty_end;
    std::vector<double> depth_qty_rest;
    std::vector<double> add_qty;
    std::vector<double> pull_qty_total;
    std::vector<double> fill_qty;

  private:
    template <class Row>
    void add(std::size_t cell, const Row& row);

    LatticeShape shape_;
};

}  // namespace spymaster::physics
