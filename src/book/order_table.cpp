#include "book/order_table.hpp"

#include <algorithm>
#include <utility>

namespace spymaster::book {

void OrderTable::clear() {
    if (size_ == 0) return;  // a stream of Clears must not cost a sweep each
    std::fill(slots_.begin(), slots_.end(), Order{});
    size_ = 0;
}

void OrderTable::resize(std::size_t slots) {
    SPY_ASSERT(std::has_single_bit(slots) && slots > size_);
    const std::vector<Order> old_slots = std::exchange(slots_, std::vector<Order>(slots));
    const std::vector<std::int64_t> old_t_enter = std::exchange(t_enter_, std::vector<std::int64_t>(slots));
    mask_ = slots - 1;
    shift_ = 64 - std::countr_zero(slots);
    grow_at_ = slots / kSlotsPerOrder;
    for (std::size_t old = 0; old < old_slots.size(); ++old) {
        if (old_slots[old].qty == 0) continue;
        const std::size_t slot = probe(old_slots[old].id);
        slots_[slot] = old_slots[old];
        t_enter_[slot] = old_t_enter[old];
    }
}

}  // namespace spymaster::book
