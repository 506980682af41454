// The book of one instrument of one publisher, order by order (spec 4.2.2): records in file order go in, the
// state at any moment can be read, and what happened at each price since the window began stands in the flow
// ledger.
//
// Publishers are apart by construction: each has its own Book. Price-level records (flags TOB or MBP) are no
// orders: an Add is the new and only quote of its side, an undefined price or size 0 takes the quote away, a
// Cancel takes its size off the quote. Quotes count in quantities and levels, not in order counts.
//
// No record can break the book: what does not fit is counted (anomaly.hpp) and handled as documented there.
// Not thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "book/anomaly.hpp"
#include "book/continuity.hpp"
#include "book/flow_ledger.hpp"
#include "book/ladder.hpp"
#include "book/order_changes.hpp"
#include "book/order_table.hpp"
#include "book/pending_fills.hpp"
#include "book/window_time.hpp"
#include "dbn/records.hpp"
#include "market/price.hpp"
#include "market/side.hpp"

namespace spymaster::book {

// States published (records with LAST) in which the best bid was at or above the best ask. Times are window
// times.
struct CrossedPublishes {
    std::uint64_t count = 0;
    std::uint64_t first_ts_recv = 0;
    std::uint64_t last_ts_recv = 0;
    bool operator==(const CrossedPublishes&) const = default;
};

// What a book keeps besides levels and their flow.
struct BookOptions {
    bool order_changes = false;       // changes() of the windows that are recorded
    bool snapshots_are_flow = false;  // orders of a snapshot count as added, not as found
};

class Book {
  public:
    // REQUIRES: tick > 0, rest_ns >= 0
    explicit Book(market::PriceDelta tick, std::int64_t rest_ns = 0, BookOptions options = {})
        : options_(options), ladder_(tick), ledger_(rest_ns) {}

    // The time a record belongs to (window_time.hpp).
    [[nodiscard]] static std::int64_t window_time(const dbn::MboMsg& msg) { return record_window_time(msg); }

    // Applies the next record; `t` is its window_time().
    void apply(const dbn::MboMsg& msg, std::int64_t t) {
        if ((msg.flags & kRareFlags) != 0 || continuity_.watching()) [[unlikely]] {
            apply_rare(msg, t);
        } else {
            apply_action(msg, t);
        }
        if ((msg.flags & dbn::flag::last) != 0) publish(msg);
    }
    void apply(const dbn::MboMsg& msg) { apply(msg, window_time(msg)); }

    // Starts a window of the flow ledger, whose rows then cover what happens from here on; see FlowLedger.
    void begin_window(std::int64_t window_end, bool record) {
        ledger_.begin_window(window_end, record, ladder_);
        changes_.begin_window(record && options_.order_changes);
    }

    [[nodiscard]] const Ladder& ladder() const { return ladder_; }
    [[nodiscard]] const FlowLedger& ledger() const { return ledger_; }
    // Of the window, where BookOptions ask for them; else none.
    [[nodiscard]] const OrderChanges& changes() const { return changes_; }
    [[nodiscard]] const OrderTable& orders() const { return orders_; }
    [[nodiscard]] const Continuity& continuity() const { return continuity_; }
    [[nodiscard]] const AnomalyCounts& anomalies() const { return anomalies_; }
    [[nodiscard]] const CrossedPublishes& crossed_publishes() const { return crossed_; }
    // The state last published was crossed.
    [[nodiscard]] bool crossed_now() const { return crossed_now_; }
    // Records with LAST: events of the exchange.
    [[nodiscard]] std::uint64_t publishes() const { return publishes_; }
    // Price of the last trade; 0 before the first.
    [[nodiscard]] std::int64_t last_trade() const { return last_trade_; }

    // Look-ahead in batch: cache lines a later record will touch. Any bytes may be passed. PERF: always inlined, as gcc 12
    // deletes calls to functions that do nothing but prefetch.
    [[gnu::always_inline]] void prefetch_order(const dbn::MboMsg& msg) const {
        orders_.prefetch(msg.order_id);
    }
    [[gnu::always_inline]] void prefetch_level(const dbn::MboMsg& msg) const {
        ladder_.prefetch(msg.price, side_of(msg));
    }

    [[nodiscard]] std::size_t memory_bytes() const {
        return sizeof(Book) + orders_.memory_bytes() + ladder_.memory_bytes() + ledger_.memory_bytes() +
               changes_.memory_bytes();
    }

  private:
    static constexpr std::uint8_t kPriceLevelFlags = dbn::flag::tob | dbn::flag::mbp;
    static constexpr std::uint8_t kRareFlags = Continuity::kFlags | kPriceLevelFlags;

    // A resting quantity, wherever it is kept.
    struct Resting {
        std::uint32_t cell;
        std::uint32_t qty;
        std::int64_t t_enter;
    };

    static bool has_side(const dbn::MboMsg& msg) { return msg.side == 'A' || msg.side == 'B'; }
    static market::Side side_of(const dbn::MboMsg& msg) {
        return msg.side == 'B' ? market::Side::bid : market::Side::ask;
    }
    // A snapshot's order entered at its own time, but not after it was seen.
    static std::int64_t t_enter(const dbn::MboMsg& msg, std::int64_t t) {
        return static_cast<std::int64_t>(std::min(msg.hd.ts_event, static_cast<std::uint64_t>(t)));
    }

    void apply_action(const dbn::MboMsg& msg, std::int64_t t) {
        switch (msg.action) {
            case 'A':
                return add(msg, t);
            case 'C':
                return cancel(msg, t);
            case 'M':
                return modify(msg, t);
            default:
                return apply_other(msg, t);
        }
    }

    void add(const dbn::MboMsg& msg, std::int64_t t) {
        if (!has_side(msg)) [[unlikely]]
            return anomalies_.count(Anomaly::bad_side);
        if (msg.price == dbn::kUndefPrice) [[unlikely]]
            return anomalies_.count(Anomaly::undefined_price);
        if (msg.size == 0) [[unlikely]]
            return anomalies_.count(Anomaly::zero_size);
        OrderTable::Order* slot = orders_.find_or_place(msg.order_id);
        if (slot->qty != 0) [[unlikely]] {
            anomalies_.count(Anomaly::duplicate_add);
            slot = withdraw(slot, t);
        }
        insert(slot, msg, t);
    }

    // A new order. REQUIRES: `slot` from find_or_place, empty; side, price and size are good.
    void insert(OrderTable::Order* slot, const dbn::MboMsg& msg, std::int64_t t) {
        const bool found = finding();
        const Resting order = enter(msg.price, side_of(msg), msg.size, t_enter(msg, t), found);
        if (!found) note_entered(order);
        ladder_.cell(order.cell).orders += 1;
        orders_.place(slot, {msg.order_id, order.t_enter, order.cell, order.qty});
    }

    void cancel(const dbn::MboMsg& msg, std::int64_t t) {
        if (!has_side(msg)) [[unlikely]]
            return anomalies_.count(Anomaly::bad_side);
        OrderTable::Order* order = orders_.find(msg.order_id);
        const std::uint64_t pending = pending_.take(msg.order_id, t);
        if (order == nullptr) [[unlikely]]
            return anomalies_.count(Anomaly::unknown_cancel);
        if (msg.size > order->qty) [[unlikely]]
            anomalies_.count(Anomaly::over_cancel);
        const std::uint32_t removed = std::min(msg.size, order->qty);
        const auto filled = static_cast<std::uint32_t>(std::min<std::uint64_t>(pending, removed));
        const bool gone = removed == order->qty;
        ladder_.cell(order->cell).orders -= gone ? 1U : 0U;
        const Resting what{order->cell, removed, order->t_enter};
        leave(what, filled, t);
        note_left(what, filled, t);
        if (gone) {
            orders_.erase(order);
        } else {
            order->qty -= removed;
        }
    }

    // Quantity comes to rest at a price, or is `found` resting there by a snapshot. The order count is the
    // caller's.
    Resting enter(std::int64_t price, market::Side side, std::uint32_t qty, std::int64_t t_enter,
                  bool found) {
        const std::uint32_t index = ladder_.cell_of(price, side);
        Cell& cell = ladder_.cell(index);
        if (ledger_.recording()) {
            if (found) [[unlikely]] {
                ledger_.found(cell, index, qty, t_enter);
            } else {
                ledger_.entered(cell, index, qty, t_enter);
            }
        }
        const bool was_empty = cell.qty == 0;
        cell.qty += qty;
        if (was_empty) ladder_.open(index, price);
        return {index, qty, t_enter};
    }

    // Quantity goes away: `filled` of it by execution, the rest withdrawn. The order count is the caller's.
    void leave(const Resting& what, std::uint32_t filled, std::int64_t t) {
        Cell& cell = ladder_.cell(what.cell);
        if (ledger_.recording()) ledger_.left(cell, what.cell, filled, what.qty - filled, what.t_enter, t);
        cell.qty -= what.qty;
        if (cell.qty == 0) ladder_.close(what.cell, ledger_.has_row(cell));
    }

    // What comes in now rested before it was seen: a snapshot says so.
    [[nodiscard]] bool finding() const { return continuity_.loading() && !options_.snapshots_are_flow; }

    void note_entered(const Resting& what) {
        if (changes_.recording()) changes_.add({.after = what.cell, .qty_after = what.qty});
    }
    void note_left(const Resting& what, std::uint32_t filled, std::int64_t t) {
        if (!changes_.recording()) return;
        changes_.add({.before = what.cell,
                      .qty_before = what.qty - filled,
                      .rested = ledger_.rested(what.t_enter, t)});
    }
    // Now `qty` rests at `cell`.
    void note_changed(const Resting& what, std::uint32_t filled, std::uint32_t cell, std::uint32_t qty,
                      bool modified, std::int64_t t) {
        if (!changes_.recording()) return;
        changes_.add({.before = what.cell,
                      .after = cell,
                      .qty_before = what.qty - filled,
                      .qty_after = qty,
                      .rested = ledger_.rested(what.t_enter, t),
                      .modified = modified});
    }

    void publish(const dbn::MboMsg& msg) {
        ++publishes_;
        crossed_now_ = false;
        if (ladder_.best_price(market::Side::bid) >= ladder_.best_price(market::Side::ask)) [[unlikely]]
            publish_crossed(msg);
    }

    void modify(const dbn::MboMsg& msg, std::int64_t t);
    void apply_other(const dbn::MboMsg& msg, std::int64_t t);
    void fill(const dbn::MboMsg& msg, std::int64_t t);
    void clear(const dbn::MboMsg& msg);
    void apply_rare(const dbn::MboMsg& msg, std::int64_t t);
    void quote(const dbn::MboMsg& msg, std::int64_t t);
    void resize(const Resting& what, std::uint32_t qty, std::uint32_t filled, std::int64_t t);
    OrderTable::Order* withdraw(OrderTable::Order* order, std::int64_t t);
    void publish_crossed(const dbn::MboMsg& msg);

    BookOptions options_;
    OrderTable orders_;
    Ladder ladder_;
    FlowLedger ledger_;
    OrderChanges changes_;
    PendingFills pending_;
    Continuity continuity_;
    bool crossed_now_ = false;
    std::uint64_t publishes_ = 0;
    std::int64_t last_trade_ = 0;
    AnomalyCounts anomalies_;
    CrossedPublishes crossed_;
    std::array<Resting, 2> quotes_{};  // of price-level publishers, by side; qty 0: none
};

}  // namespace spymaster::book
