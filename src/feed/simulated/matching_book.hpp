// The simulator's own book: orders in price-time priority, so that who is filled, and in which order, is what
// an exchange would do. It is not the project's book (book/): it knows icebergs and queue places, and nothing
// of flags or flows.
//
// Invariants: (1) best_bid() < best_ask(); (2) lots(tick) is the sum of the displayed sizes queued there; (3)
// a tick holds orders of one side only.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/assert.hpp"
#include "market/side.hpp"

namespace spymaster::feed {

struct RestingOrder {
    std::uint64_t id = 0;
    std::int64_t ts_event = 0;   // when it took its place in the queue
    std::uint32_t sequence = 0;  // of the record that gave it that place
    std::int32_t tick = 0;
    std::uint32_t size = 0;     // displayed
    std::uint32_t reserve = 0;  // hidden, shown a peak at a time as the displayed part is filled
    std::uint32_t peak = 0;     // 0: not an iceberg
    market::Side side = market::Side::bid;
    bool live = false;
};

// One fill of a resting order by an aggressor, all its refills at that price taken together.
struct Fill {
    std::uint32_t order = 0;
    std::uint32_t size_before = 0;  // displayed when the aggressor arrived
    std::uint32_t filled = 0;       // more than that if refills were hit
    std::uint32_t size_after = 0;   // displayed; 0: gone
};

class MatchingBook {
  public:
    using Handle = std::uint32_t;

    // Prices are ticks 0 .. tick_count-1; tick 0 and the last are never used.
    explicit MatchingBook(std::int32_t tick_count);

    // The handle stays the order's until it is removed; then it is used again. REQUIRES: size > 0; does not
    // cross the book.
    Handle add(const RestingOrder& order);
    void remove(Handle handle);
    // Leaves its place in the queue and joins the end of another, of its side. REQUIRES: size > 0; does not
    // cross.
    void move(Handle handle, std::int32_t tick, std::uint32_t size, std::int64_t ts_event,
              std::uint32_t sequence);
    // Keeps its place in the queue. REQUIRES: 0 < size < its size.
    void shrink(Handle handle, std::uint32_t size);
    // Fills up to `quantity` of the best price against `aggressor` in queue order; returns what is left of
    // it. REQUIRES: that side is not empty. `fills` is replaced.
    std::uint32_t match_best(market::Side aggressor, std::uint32_t quantity, std::vector<Fill>& fills);

    [[nodiscard]] const RestingOrder& order(Handle handle) const { return orders_[handle]; }
    [[nodiscard]] std::span<const RestingOrder> slots() const { return orders_; }  // dead ones included
    [[nodiscard]] std::span<const Handle> queue(std::int32_t tick) const {
        return levels_[index(tick)].queue;
    }
    [[nodiscard]] std::int64_t lots(std::int32_t tick) const { return levels_[index(tick)].lots; }
    [[nodiscard]] std::int32_t best_bid() const { return best_bid_; }  // 0: none
    [[nodiscard]] std::int32_t best_ask() const { return best_ask_; }  // tick_count - 1: none
    [[nodiscard]] std::int32_t best(market::Side side) const {
        return side == market::Side::bid ? best_bid_ : best_ask_;
    }
    [[nodiscard]] std::int32_t tick_count() const { return static_cast<std::int32_t>(levels_.size()); }
    [[nodiscard]] std::size_t live_orders() const { return orders_.size() - free_.size(); }

  private:
    struct Level {
        std::vector<Handle> queue;  // first in, first filled
        std::int64_t lots = 0;
    };

    static std::size_t index(std::int32_t tick) { return static_cast<std::size_t>(tick); }
    void enqueue(Handle handle);
    void dequeue(Handle handle);
    void find_best_again(market::Side side);

    std::vector<RestingOrder> orders_;
    std::vector<Handle> free_;
    std::vector<Level> levels_;
    std::int32_t best_bid_ = 0;
    std::int32_t best_ask_ = 0;
};

}  // namespace spymaster::feed
