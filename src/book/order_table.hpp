// The live orders of one book: id -> where it rests, how much, since when.
//
// Open addressing with linear probing, Fibonacci hashing (exchange ids are neither dense nor random) and
// backshift deletion, so there are no tombstones. Quantity 0 marks an empty slot, so an order always has some.
// Pointers to orders are valid until the next insert or erase.
//
// PERF, measured with bench_book: the larger a table, the emptier it is kept, from 1/2 full at most to 1/8. In an empty one
// the next slot of a chain is mostly free and the probe's branch foretold: with 20,000 orders, 1/8 costs 1.5 ns a record
// less than 1/4, and 6 ns less than 1/2. A small table is usually one of many, which compete for the cache: there more
// lines cost more than the branch.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/assert.hpp"

namespace spymaster::book {

class OrderTable {
  public:
    struct Order {
        std::uint64_t id = 0;
        std::int64_t t_enter = 0;  // since when it counts as resting
        std::uint32_t cell = 0;    // its price level (ladder.hpp)
        std::uint32_t qty = 0;
    };
    static_assert(sizeof(Order) == 24);

    OrderTable() { resize(kMinSlots); }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t memory_bytes() const { return slots_.size() * sizeof(Order); }

    // The order with this id, or nullptr.
    [[nodiscard]] Order* find(std::uint64_t id) {
        Order* slot = probe(id);
        return slot->qty != 0 ? slot : nullptr;
    }

    // The order with this id, or the empty slot where it belongs; room for one more is made first.
    [[nodiscard]] Order* find_or_place(std::uint64_t id) {
        if (size_ >= grow_at_) [[unlikely]]
            resize(slots_.size() * 2);
        return probe(id);
    }

    // REQUIRES: `slot` came from find_or_place(order.id) and is empty; order.qty > 0.
    void place(Order* slot, const Order& order) {
        *slot = order;
        ++size_;
    }

    void erase(Order* hole) {
        --size_;
        for (Order* next = after(hole); next->qty != 0; next = after(next)) {
            // An order moves back into the hole unless that would put it before its home.
            if (distance(slots_.data() + home(next->id), next) < distance(hole, next)) continue;
            *hole = *next;
            hole = next;
        }
        hole->qty = 0;
    }

    // Removes every order; keeps the memory.
    void clear();

    // Look-ahead: brings the slot of `id` into the cache. PERF: and the next one, which an erase looks at; the two are often
    // on two lines.
    [[gnu::always_inline]] void prefetch(std::uint64_t id) const {
        const Order* slot = slots_.data() + home(id);
        __builtin_prefetch(slot, 1);
        __builtin_prefetch(slot + 2, 1);
    }

    // Calls visit(order) for every order, in no particular order.
    template <class Visit>
    void for_each(Visit&& visit) const {
        for (const Order& order : slots_) {
            if (order.qty != 0) visit(order);
        }
    }

  private:
    static constexpr std::size_t kMinSlots = 16;
    // How many slots a table has for each order at least, by its number of slots.
    static std::size_t slots_per_order(std::size_t slots) {
        return slots <= 8192 ? 2 : slots <= 65536 ? 4 : 8;
    }

    // The slot number where the search for an id begins.
    [[nodiscard]] std::size_t home(std::uint64_t id) const { return (id * 0x9E3779B97F4A7C15U) >> shift_; }
    [[nodiscard]] Order* after(Order* slot) {
        return ++slot == slots_.data() + slots_.size() ? slots_.data() : slot;
    }
    // From one slot forward to another.
    [[nodiscard]] std::size_t distance(const Order* from, const Order* to) const {
        return static_cast<std::size_t>(to - from) & (slots_.size() - 1);
    }

    [[nodiscard]] Order* probe(std::uint64_t id) {
        Order* slot = slots_.data() + home(id);
        while (slot->qty != 0 && slot->id != id) slot = after(slot);
        return slot;
    }

    void resize(std::size_t slots);

    std::vector<Order> slots_;  // a power of two
    std::size_t size_ = 0;
    std::size_t grow_at_ = 0;
    int shift_ = 0;
};

}  // namespace spymaster::book
