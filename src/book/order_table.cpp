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
    while (slots / slots_per_order(slots) <= size_) slots *= 2;
    SPY_ASSERT(std::has_single_bit(slots) && slots > size_);
    const std::vector<Order> old_slots = std::exchange(slots_, std::vector<Order>(slots));
    shift_ = 64 - std::countr_zero(slots);
    grow_at_ = slots / slots_per_order(slots);
    for (const Order& order : old_slots) {
        if (order.qty != 0) *probe(order.id) = order;
    }
}

}  // namespace spymaster::book
