// The live orders of one book: id -> where it rests, how much, since when.
//
// Open addressing with linear probing, Fibonacci hashing (exchange ids are neither dense nor random) and
// backshift deletion, so there are no tombstones. The load is kept at or below 1/8: the next slot of a chain
// is then nearly always empty and the probe's branch predictable, which costs less than the memory saves
// (docs/benchmarks.md). Slot numbers are valid until the next insert or erase. Quantity 0 marks an empty
// slot, so an order always has some.
//
// Memory: 24 bytes a slot, 192 to 384 bytes an order once the table has grown.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/assert.hpp"

namespace spymaster::book {

class OrderTable {
  public:
    static constexpr std::size_t kNone = ~std::size_t{0};

    struct Order {
        std::uint64_t id = 0;
        std::uint32_t cell = 0;  // its price level (ladder.hpp)
        std::uint32_t qty = 0;
    };
    static_assert(sizeof(Order) == 16);

    OrderTable() { resize(kMinSlots); }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t memory_bytes() const {
        return slots_.size() * (sizeof(Order) + sizeof(std::int64_t));
    }

    // The slot of `id`, or kNone.
    [[nodiscard]] std::size_t find(std::uint64_t id) const {
        const std::size_t slot = probe(id);
        return slots_[slot].qty != 0 ? slot : kNone;
    }

    // The slot of `id`, or the empty slot where it belongs; room for one more is made first.
    [[nodiscard]] std::size_t find_or_place(std::uint64_t id) {
        if (size_ >= grow_at_) [[unlikely]]
            resize(slots_.size() * 2);
        return probe(id);
    }

    [[nodiscard]] bool occupied(std::size_t slot) const { return slots_[slot].qty != 0; }
    [[nodiscard]] const Order& at(std::size_t slot) const { return slots_[slot]; }
    [[nodiscard]] std::int64_t t_enter(std::size_t slot) const { return t_enter_[slot]; }

    // REQUIRES: `slot` came from find_or_place(order.id) and is empty; order.qty > 0.
    void place(std::size_t slot, const Order& order, std::int64_t t_enter) {
        slots_[slot] = order;
        t_enter_[slot] = t_enter;
        ++size_;
    }

    void set_qty(std::size_t slot, std::uint32_t qty) { slots_[slot].qty = qty; }
    void set_cell(std::size_t slot, std::uint32_t cell, std::int64_t t_enter) {
        slots_[slot].cell = cell;
        t_enter_[slot] = t_enter;
    }

    void erase(std::size_t hole) {
        --size_;
        for (std::size_t next = (hole + 1) & mask_; slots_[next].qty != 0; next = (next + 1) & mask_) {
            // An order moves back into the hole unless that would put it before its home.
            if (((next - home(slots_[next].id)) & mask_) < ((next - hole) & mask_)) continue;
            slots_[hole] = slots_[next];
            t_enter_[hole] = t_enter_[next];
            hole = next;
        }
        slots_[hole].qty = 0;
    }

    // Removes every order; keeps the memory.
    void clear();

    // Look-ahead: brings the slot of `id` into the cache.
    void prefetch(std::uint64_t id) const {
        const std::size_t slot = home(id);
        __builtin_prefetch(&slots_[slot], 1);
        __builtin_prefetch(&t_enter_[slot], 1);
    }

    // Calls visit(order, t_enter) for every order, in no particular order.
    template <class Visit>
    void for_each(Visit&& visit) const {
        for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
            if (slots_[slot].qty != 0) visit(slots_[slot], t_enter_[slot]);
        }
    }

  private:
    static constexpr std::size_t kMinSlots = 64;
    static constexpr std::size_t kSlotsPerOrder = 8;

    [[nodiscard]] std::size_t home(std::uint64_t id) const { return (id * 0x9E3779B97F4A7C15U) >> shift_; }

    [[nodiscard]] std::size_t probe(std::uint64_t id) const {
        std::size_t slot = home(id);
        while (slots_[slot].qty != 0 && slots_[slot].id != id) slot = (slot + 1) & mask_;
        return slot;
    }

    void resize(std::size_t slots);

    std::vector<Order> slots_;
    std::vector<std::int64_t> t_enter_;
    std::size_t size_ = 0;
    std::size_t grow_at_ = 0;
    std::size_t mask_ = 0;
    int shift_ = 0;
};

}  // namespace spymaster::book
