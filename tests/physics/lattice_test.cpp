// From sparse silver rows to the dense lattice.
#include "physics/lattice.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "windows_of_a_market.hpp"

namespace spymaster::physics {
namespace {

using testing::grid_of;
using testing::row_at;
using enum market::Side;

TEST(Lattice, AbsentCellsAreEmptyAndSidesApart) {
    LatticeQuantities cells(LatticeShape(grid_of(2), Axis::prices));
    std::vector<std::int32_t> rel_ticks_side(cells.cells());
    const std::vector rows{
        row_at(bid, -2, {.start = 1, .end = 2, .rest = 3, .add = 4, .pull = 5, .fill = 6}),
        row_at(ask, 2, {.start = 7, .end = 8, .rest = 9, .add = 10, .pull = 11, .fill = 12})};
    cells.place(rows, rel_ticks_side);
    EXPECT_EQ(cells.depth_qty_start, (std::vector<double>{0, 0, 0, 0, 7, 1, 0, 0, 0, 0}));
    EXPECT_EQ(cells.depth_qty_end, (std::vector<double>{0, 0, 0, 0, 8, 2, 0, 0, 0, 0}));
    EXPECT_EQ(cells.depth_qty_rest, (std::vector<double>{0, 0, 0, 0, 9, 3, 0, 0, 0, 0}));
    EXPECT_EQ(cells.add_qty, (std::vector<double>{0, 0, 0, 0, 10, 4, 0, 0, 0, 0}));
    EXPECT_EQ(cells.pull_qty_total, (std::vector<double>{0, 0, 0, 0, 11, 5, 0, 0, 0, 0}));
    EXPECT_EQ(cells.fill_qty, (std::vector<double>{0, 0, 0, 0, 12, 6, 0, 0, 0, 0}));

    cells.place({}, rel_ticks_side);  // nothing of the window before is left
    EXPECT_EQ(cells.depth_qty_end, std::vector<double>(10, 0.0));
    EXPECT_EQ(cells.fill_qty, std::vector<double>(10, 0.0));
}

TEST(Lattice, PricesOfOneCellAreSummed) {
    LatticeQuantities cells(LatticeShape(grid_of(1), Axis::prices));
    std::vector<std::int32_t> rel_ticks_side(cells.cells());
    const std::vector rows{
        row_at(ask, 0, {.start = 1, .end = 2, .rest = 1, .add = 1, .pull = 3, .fill = 4}),
        row_at(ask, 0, {.start = 10, .end = 20, .rest = 10, .add = 10, .pull = 30, .fill = 40})};
    cells.place(rows, rel_ticks_side);
    EXPECT_EQ(cells.depth_qty_start[1], 11.0);
    EXPECT_EQ(cells.depth_qty_end[1], 22.0);
    EXPECT_EQ(cells.depth_qty_rest[1], 11.0);
    EXPECT_EQ(cells.add_qty[1], 11.0);
    EXPECT_EQ(cells.pull_qty_total[1], 33.0);
    EXPECT_EQ(cells.fill_qty[1], 44.0);
}

TEST(Lattice, RelTicksSideOfAbsentCellsFollowsThePresentOnes) {
    LatticeQuantities cells(LatticeShape(grid_of(2), Axis::prices));
    std::vector<std::int32_t> rel_ticks_side(cells.cells());
    const std::vector rows{row_at(ask, 1, {.start = 1, .end = 1})};  // ask anchor one tick above spot
    cells.place(rows, rel_ticks_side);
    EXPECT_EQ(rel_ticks_side,
              (std::vector<std::int32_t>{-3, -2, -1, 0, 1, /* no bid row */ -2, -1, 0, 1, 2}));
}

TEST(Lattice, RowsBeyondItAreLeftOut) {
    LatticeQuantities cells(LatticeShape(grid_of(2), Axis::prices));
    std::vector<std::int32_t> rel_ticks_side(cells.cells());
    for (const int beyond :
         {-3, 3, std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int32_t>::min()}) {
        windows::DepthAndFlow1s row = row_at(bid, 0, {.start = 5, .end = 5});
        row.rel_ticks = beyond;
        cells.place(std::vector{row}, rel_ticks_side);
        EXPECT_EQ(cells.depth_qty_end, std::vector<double>(10, 0.0));
        EXPECT_EQ(rel_ticks_side[5], -2);
    }
}

TEST(Lattice, ANegativeQuantityCountsAsNothing) {
    LatticeQuantities cells(LatticeShape(grid_of(0), Axis::prices));
    std::vector<std::int32_t> rel_ticks_side(cells.cells());
    cells.place(std::vector{row_at(
                    bid, 0, {.start = -1, .end = std::numeric_limits<std::int64_t>::min(), .rest = -3})},
                rel_ticks_side);
    EXPECT_EQ(cells.depth_qty_start[1], 0.0);
    EXPECT_EQ(cells.depth_qty_end[1], 0.0);
    EXPECT_EQ(cells.depth_qty_rest[1], 0.0);
}

}  // namespace
}  // namespace spymaster::physics
