// The shape of a lattice: lanes x rel_ticks. A lane is what is measured apart along the axis: the two sides of a
// book, or, for options, calls and puts of each side.
//
// Cells are numbered lane by lane, rel_ticks ascending within a lane. Lanes: A, B; or CA, CB, PA, PB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "market/product.hpp"
#include "market/right.hpp"
#include "market/side.hpp"

namespace spymaster::physics {

// The axis decides what can be computed: prices have neighbours to smooth over, strikes of different rights and
// sides rows apart have not.
enum class Axis : std::uint8_t { prices, strikes };

class LatticeShape {
  public:
    // REQUIRES: market::check_grid(grid).ok()
    LatticeShape(const market::Grid& grid, Axis axis)
        : axis_(axis),
          half_width_(grid.half_width_ticks),
          step_(grid.step_ticks),
          rows_per_lane_(static_cast<std::size_t>(grid.rows_per_side())) {}

    [[nodiscard]] Axis axis() const { return axis_; }
    [[nodiscard]] int half_width() const { return half_width_; }
    [[nodiscard]] int step() const { return step_; }
    [[nodiscard]] std::size_t lanes() const { return axis_ == Axis::prices ? 2 : 4; }
    [[nodiscard]] std::size_t rows_per_lane() const { return rows_per_lane_; }
    [[nodiscard]] std::size_t rows() const { return lanes() * rows_per_lane_; }

    [[nodiscard]] std::int32_t rel_ticks(std::size_t row) const {
        return static_cast<std::int32_t>(row % rows_per_lane_) * step_ - half_width_;
    }
    [[nodiscard]] market::Side side(std::size_t row) const {
        return static_cast<market::Side>(row / rows_per_lane_ % 2);
    }
    // Of options; elsewhere it means nothing.
    [[nodiscard]] market::Right right(std::size_t row) const {
        return static_cast<market::Right>(row / rows_per_lane_ / 2);
    }

    // The row of a cell; none where rel_ticks is beyond the lattice or between its rows.
    [[nodiscard]] std::optional<std::size_t> row_of(std::int32_t rel_ticks, market::Side side,
                                                    market::Right right = market::Right::call) const {
        if (rel_ticks < -half_width_ || rel_ticks > half_width_) return std::nullopt;
        const int offset = rel_ticks + half_width_;
        const int place = step_ == 1 ? offset : offset / step_;  // PERF: a division a row would show
        if (place * step_ != offset) return std::nullopt;
        const std::size_t lane = 2 * static_cast<std::size_t>(right) + static_cast<std::size_t>(side);
        return lane * rows_per_lane_ + static_cast<std::size_t>(place);
    }

  private:
    Axis axis_;
    int half_width_;
    int step_;
    std::size_t rows_per_lane_;
};

}  // namespace spymaster::physics
