#include "book/order_table.hpp"

#include <algorithm>
#include <utility>

namespace spymaster::book {

void OrderTable::clear() {
    if (size_ == 0) return;  // a stream of Clears must not cost a sweep each
    std::fill(slots_.begin(), slots_.end(), Order{});
    size_ = 0;
}

void OrderTable::grow() {
    // From the last small size a table goes straight to twice the slots that its orders need as a large one.
    resize(slots_.size() == kSmallSlots ? size_ * kSlotsPerOrder * 2 : slots_.size() * 2);
}

void OrderTable::resize(std::size_t slots) {
    SPY_ASSERT(std::has_single_bit(slots) && slots > size_);
    const std::vector<Order> old_slots = std::exchange(slots_, std::vector<Order>(slots));
    shift_ = 64 - std::countr_zero(slots);
    grow_at_ = slots / (slots <= kSmallSlots ? kSlotsPerOrderSmall : kSlotsPerOrder);
    for (const Order& order : old_slots) {
        if (order.qty != 0) *probe(order.id) = order;
    }
}

}  // namespace spymaster::book
