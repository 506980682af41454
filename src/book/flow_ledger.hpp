// What happened at each level in the current window. The accumulators are the output rows themselves: a
// level's cell holds the number of its row, and a number below the window's first means that it has none yet.
// So opening a window costs nothing, and closing one costs as much as was touched.
//
// Resting quantity needs no scan of the orders: as rest_ns <= window_ns, an order too young to rest at the
// end of a window entered in that very window, after window_end - rest_ns. Such quantity is counted in and
// out as `young`.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "book/ladder.hpp"

namespace spymaster::book {

// One touched level in one window. Quantities in lots or shares. In a window without a clear:
//   depth_open + add - pull - fill == the cell's quantity now
struct alignas(64) FlowRow {
    std::uint32_t cell = 0;
    std::int64_t depth_open = 0;  // before the row was opened, plus what snapshots added since
    std::int64_t add = 0;
    std::int64_t pull = 0;
    std::int64_t pull_rest = 0;  // of pull, what had rested at least rest_ns
    std::int64_t fill = 0;
    std::int64_t young = 0;  // of the cell's quantity, what will not have rested rest_ns at window end
};
static_assert(sizeof(FlowRow) == 64);

class FlowLedger {
  public:
    // REQUIRES: rest_ns >= 0
    explicit FlowLedger(std::int64_t rest_ns) : rest_ns_(rest_ns) {}

    // Starts a window; without `record`, one in which no rows are kept.
    void begin_window(std::int64_t window_end, bool record, Ladder& ladder);

    [[nodiscard]] bool recording() const { return recording_; }
    [[nodiscard]] bool has_row(const Cell& cell) const { return cell.row >= first_row_; }
    [[nodiscard]] std::span<const FlowRow> rows() const { return rows_; }
    // REQUIRES: has_row(cell)
    [[nodiscard]] const FlowRow& row(const Cell& cell) const { return rows_[cell.row - first_row_]; }

    [[nodiscard]] bool rested(std::int64_t t_enter, std::int64_t t) const { return t - t_enter >= rest_ns_; }

    // The row of a cell, opened with its present depth if need be. REQUIRES: recording(); the cell not yet
    // changed.
    FlowRow& open_row(Cell& cell, std::uint32_t index) {
        if (cell.row < first_row_) {
            cell.row = first_row_ + static_cast<std::uint32_t>(rows_.size());
            rows_.push_back({.cell = index, .depth_open = cell.qty});
        }
        return rows_[cell.row - first_row_];
    }

    void entered(Cell& cell, std::uint32_t index, std::int64_t qty, std::int64_t t_enter) {
        FlowRow& row = open_row(cell, index);
        row.add += qty;
        row.young += is_young(t_enter) ? qty : 0;
    }
    // An order of a snapshot: it was there before we looked.
    void found(Cell& cell, std::uint32_t index, std::int64_t qty, std::int64_t t_enter) {
        if (!has_row(cell) && !is_young(t_enter)) return;
        FlowRow& row = open_row(cell, index);
        row.depth_open += qty;
        row.young += is_young(t_enter) ? qty : 0;
    }
    void left(Cell& cell, std::uint32_t index, std::int64_t filled, std::int64_t pulled, std::int64_t t_enter,
              std::int64_t t) {
        FlowRow& row = open_row(cell, index);
        row.fill += filled;
        row.pull += pulled;
        row.pull_rest += rested(t_enter, t) ? pulled : 0;
        row.young -= is_young(t_enter) ? filled + pulled : 0;
    }
    // The level has been emptied by a Clear: neither pulled nor filled.
    void cleared(const Cell& cell) {
        if (has_row(cell)) rows_[cell.row - first_row_].young = 0;
    }

    [[nodiscard]] std::size_t memory_bytes() const { return rows_.capacity() * sizeof(FlowRow); }

  private:
    [[nodiscard]] bool is_young(std::int64_t t_enter) const { return t_enter > young_after_; }

    std::int64_t rest_ns_;
    std::int64_t young_after_ = 0;  // window_end - rest_ns
    std::uint32_t first_row_ = 1;
    bool recording_ = false;
    std::vector<FlowRow> rows_;
};

}  // namespace spymaster::book
