#include "book/book.hpp"

namespace spymaster::book {

void Book::modify(const dbn::MboMsg& msg, std::int64_t t) {
    if (!has_side(msg)) [[unlikely]]
        return anomalies_.count(Anomaly::bad_side);
    if (msg.price == dbn::kUndefPrice) [[unlikely]]
        return anomalies_.count(Anomaly::undefined_price);
    const market::Side side = side_of(msg);
    const std::uint64_t pending = pending_.take(msg.order_id, t);
    OrderTable::Order* order = orders_.find(msg.order_id);
    if (order == nullptr) [[unlikely]] {
        anomalies_.count(Anomaly::unknown_modify);
        if (msg.size != 0) insert(orders_.find_or_place(msg.order_id), msg, t);
        return;
    }
    const Resting resting{order->cell, order->qty, order->t_enter};
    const auto filled = static_cast<std::uint32_t>(std::min<std::uint64_t>(pending, order->qty));
    if (msg.size == 0) {
        ladder_.cell(order->cell).orders -= 1;
        leave(resting, filled, t);
        note_left(resting, filled, t);
        orders_.erase(order);
        return;
    }
    if (Ladder::side(order->cell) != side) [[unlikely]]
        anomalies_.count(Anomaly::side_change);
    if (ladder_.find_cell(msg.price, side) == order->cell) {
        resize(resting, msg.size, filled, t);
        note_changed(resting, filled, resting.cell, msg.size, filled == 0, t);
        order->qty = msg.size;
        return;
    }
    ladder_.cell(order->cell).orders -= 1;
    leave(resting, filled, t);
    const Resting moved = enter(msg.price, side, msg.size, t_enter(msg, t), false);
    const bool repriced = filled == 0 && Ladder::side(resting.cell) == side;
    note_changed(resting, filled, moved.cell, moved.qty, repriced, t);
    ladder_.cell(moved.cell).orders += 1;
    *order = {order->id, moved.t_enter, moved.cell, moved.qty};
}

// Another quantity at the same price: what was not filled has grown or shrunk. The place in time stays.
void Book::resize(const Resting& what, std::uint32_t qty, std::uint32_t filled, std::int64_t t) {
    Cell& cell = ladder_.cell(what.cell);
    const std::uint32_t base = what.qty - filled;
    if (ledger_.recording()) {
        const std::uint32_t pulled = base > qty ? base - qty : 0;
        const std::uint32_t added = qty > base ? qty - base : 0;
        ledger_.left(cell, what.cell, filled, pulled, what.t_enter, t);
        ledger_.entered(cell, what.cell, added, what.t_enter);
    }
    cell.qty += std::int64_t{qty} - what.qty;
}

// The order makes room for another with its id; where that one belongs.
OrderTable::Order* Book::withdraw(OrderTable::Order* order, std::int64_t t) {
    const std::uint64_t id = order->id;
    const Resting what{order->cell, order->qty, order->t_enter};
    ladder_.cell(what.cell).orders -= 1;
    leave(what, 0, t);
    note_left(what, 0, t);
    orders_.erase(order);
    return orders_.find_or_place(id);
}

void Book::apply_other(const dbn::MboMsg& msg, std::int64_t t) {
    switch (msg.action) {
        case 'F':
            return fill(msg, t);
        case 'T':
            if (msg.price > 0 && msg.price != dbn::kUndefPrice) last_trade_ = msg.price;
            return;
        case 'R':
            return clear(msg);
        case 'N':
            return;
        default:
            return anomalies_.count(Anomaly::unknown_action);
    }
}

// A Fill does not change the book: the Cancel or Modify that follows does, and then knows what was executed. More than the
// order shows may be filled: an iceberg.
void Book::fill(const dbn::MboMsg& msg, std::int64_t t) {
    if (orders_.find(msg.order_id) == nullptr) return anomalies_.count(Anomaly::unknown_fill);
    pending_.add(msg.order_id, msg.size, t);
}

void Book::clear(const dbn::MboMsg& msg) {
    continuity_.before(msg.flags, msg.action);
    ladder_.clear([this](const Cell& cell) {
        ledger_.cleared(cell);
        return ledger_.has_row(cell);
    });
    orders_.clear();
    changes_.forget();
    pending_.clear();
    quotes_ = {};
    continuity_.after(msg.flags);
}

void Book::apply_rare(const dbn::MboMsg& msg, std::int64_t t) {
    if (msg.action == 'R') return clear(msg);
    continuity_.before(msg.flags, msg.action);
    const bool price_level = (msg.flags & kPriceLevelFlags) != 0;
    if (price_level && (msg.action == 'A' || msg.action == 'M' || msg.action == 'C')) {
        quote(msg, t);
    } else {
        apply_action(msg, t);
    }
    continuity_.after(msg.flags);
}

void Book::quote(const dbn::MboMsg& msg, std::int64_t t) {
    if (!has_side(msg)) return anomalies_.count(Anomaly::bad_side);
    Resting& quote = quotes_[static_cast<std::size_t>(side_of(msg))];
    if (msg.action == 'C') {
        if (quote.qty == 0) return anomalies_.count(Anomaly::unknown_cancel);
        if (msg.size > quote.qty) anomalies_.count(Anomaly::over_cancel);
        const std::uint32_t removed = std::min(msg.size, quote.qty);
        const Resting what{quote.cell, removed, quote.t_enter};
        leave(what, 0, t);
        note_left(what, 0, t);
        quote.qty -= removed;
        return;
    }
    const bool none = msg.price == dbn::kUndefPrice || msg.size == 0;
    if (quote.qty != 0 && !none && ladder_.find_cell(msg.price, side_of(msg)) == quote.cell) {
        resize(quote, msg.size, 0, t);
        note_changed(quote, 0, quote.cell, msg.size, false, t);
        quote.qty = msg.size;
        return;
    }
    if (quote.qty != 0) {
        leave(quote, 0, t);
        note_left(quote, 0, t);
    }
    quote = {};
    if (none) return;
    const bool found = finding();
    quote = enter(msg.price, side_of(msg), msg.size, t_enter(msg, t), found);
    if (!found) note_entered(quote);
}

void Book::publish_crossed(const dbn::MboMsg& msg) {
    // With a side empty the comparison that led here means nothing.
    if (ladder_.empty(market::Side::bid) || ladder_.empty(market::Side::ask)) return;
    crossed_now_ = true;
    if (crossed_.count == 0) crossed_.first_ts_recv = msg.ts_recv;
    crossed_.last_ts_recv = msg.ts_recv;
    ++crossed_.count;
}

}  // namespace spymaster::book
