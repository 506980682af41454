#include "feed/simulated/option_desk.hpp"

namespace spymaster::feed {

using market::Side;

std::uint64_t OptionDesk::place(std::uint32_t option, Side side, std::int32_t tick, std::uint32_t size,
                                std::int64_t ts_ns) {
    books_[option].add({.id = ++order_id_,
                        .ts_event = ts_ns,
                        .sequence = tape_->next_sequence(),
                        .tick = tick,
                        .size = size,
                        .side = side,
                        .live = true});
    return order_id_;
}

std::uint64_t OptionDesk::add(std::uint32_t option, Side side, std::int32_t tick, std::uint32_t size,
                              std::int64_t ts_ns) {
    const std::int64_t ts_event = begin(option, ts_ns);
    books_[option].add({.id = ++order_id_,
                        .ts_event = ts_event,
                        .sequence = tape_->book_sequence(false),
                        .tick = tick,
                        .size = size,
                        .side = side,
                        .live = true});
    tape_->record('A', side, order_id_, tick, size);
    tape_->end();
    return order_id_;
}

void OptionDesk::cancel(std::uint32_t option, Side side, std::uint64_t id, std::int64_t ts_ns) {
    const RestingOrder order = books_[option].remove(side, id);
    begin(option, ts_ns);
    tape_->record('C', side, id, order.tick, order.size);
    tape_->end();
}

void OptionDesk::move(std::uint32_t option, Side side, std::uint64_t id, std::int32_t tick,
                      std::uint32_t size, std::int64_t ts_ns) {
    OptionBook& book = books_[option];
    const std::int64_t ts_event = begin(option, ts_ns);
    const RestingOrder* old = book.find(side, id);
    if (old->tick == tick && size < old->size) {
        book.shrink(side, id, size);
    } else {
        RestingOrder order = book.remove(side, id);
        order.tick = tick;
        order.size = size;
        order.ts_event = ts_event;
        order.sequence = tape_->book_sequence(false);
        book.add(order);
    }
    tape_->record('M', side, id, tick, size);
    tape_->end();
}

// T and F of every price, then what becomes of the orders, all one event.
void OptionDesk::trade(std::uint32_t option, Side aggressor, std::uint32_t quantity, std::int32_t limit,
                       std::int64_t ts_ns) {
    OptionBook& book = books_[option];
    const Side passive = market::opposite(aggressor);
    const auto reachable = [&] {
        if (book.orders(passive).empty()) return false;
        return aggressor == Side::bid ? book.best(passive) <= limit : book.best(passive) >= limit;
    };
    if (quantity == 0 || !reachable()) return;
    filled_.clear();
    begin(option, ts_ns);
    const std::uint64_t aggressor_id = ++order_id_;
    while (quantity > 0 && reachable()) {
        const std::size_t first = filled_.size();
        const std::uint32_t left = book.match_best(aggressor, quantity, filled_);
        tape_->record('T', aggressor, aggressor_id, filled_[first].tick, quantity - left);
        for (std::size_t i = first; i < filled_.size(); ++i)
            tape_->record('F', passive, filled_[i].id, filled_[i].tick, filled_[i].filled);
        quantity = left;
    }
    for (const OptionBook::Filled& fill : filled_) {
        const bool gone = fill.filled == fill.size_before;
        tape_->record(gone ? 'C' : 'M', passive, fill.id, fill.tick,
                      gone ? fill.size_before : fill.size_before - fill.filled);
    }
    tape_->end();
}

}  // namespace spymaster::feed
