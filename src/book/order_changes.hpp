// What became of single orders in the current window, in the order in which it happened: each change with the order's place and
// quantity before and after. It is what measures of repricing and withdrawal need (windows/radar), and it is
// kept only for those who ask.
//
// A change is exactly what the flow ledger counts: orders found by a snapshot are none, what a fill settled is no
// longer in `qty_before`, and a Clear forgets those before it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "book/ladder.hpp"

namespace spymaster::book {

struct OrderChange {
    std::uint32_t before = Ladder::kNoCell;  // the level it rested at; kNoCell: it was not there
    std::uint32_t after = Ladder::kNoCell;   // the level it rests at; kNoCell: it is gone
    std::uint32_t qty_before = 0;            // without what was filled; of a Cancel, what it took
    std::uint32_t qty_after = 0;
    bool rested = false;    // at least rest_ns old when it changed
    bool modified = false;  // by a Modify that settled no fill and kept the side
    bool operator==(const OrderChange&) const = default;
};

class OrderChanges {
  public:
    // Starts a window; without `record`, one in which none are kept.
    void begin_window(bool record) {
        recording_ = record;
        changes_.clear();
    }
    [[nodiscard]] bool recording() const { return recording_; }
    // REQUIRES: recording()
    void add(const OrderChange& change) { changes_.push_back(change); }
    void forget() { changes_.clear(); }

    // Cells are valid until the next window begins.
    [[nodiscard]] std::span<const OrderChange> all() const { return changes_; }
    [[nodiscard]] std::size_t memory_bytes() const { return changes_.capacity() * sizeof(OrderChange); }

  private:
    bool recording_ = false;
    std::vector<OrderChange> changes_;
};

}  // namespace spymaster::book
