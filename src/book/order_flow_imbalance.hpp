// Order-flow imbalance: what buyers gained at the best prices less what sellers did, from one published state of the book to
// the next (Cont, Kukanov, Stoikov 2014).
//
//   e = [Pb' >= Pb] qb' - [Pb' <= Pb] qb - [Pa' <= Pa] qa' + [Pa' >= Pa] qa        primes: the new state
//
//   column  order_flow_imbalance_qty: the sum of e over the states published in the window
//   unit    lots or shares; prices are the real ones, also where rows are buckets
//   range   any; above 0 buyers gained. The sum is held within 64 bits at every state
//   edge    a side that is empty in either state: its half counts 0. Nothing counts between two states if the book was not
//           valid at one of them, or if a clear or a record of a snapshot came between. Crossed states count like any other
//   source  Cont, Kukanov, Stoikov 2014; docs/forecast.md
#pragma once

#include <cstdint>
#include <limits>

#include "book/continuity.hpp"
#include "book/ladder.hpp"
#include "market/side.hpp"

namespace spymaster::book {

// The best price of a side, and what rests there; qty 0: the side is empty.
struct BestLevel {
    std::int64_t price = 0;
    std::int64_t qty = 0;
};

// The bid's half of e: what buyers gained.
inline std::int64_t buyers_gain(BestLevel before, BestLevel now) {
    if (before.qty == 0 || now.qty == 0) return 0;
    return (now.price >= before.price ? now.qty : 0) - (now.price <= before.price ? before.qty : 0);
}

// The ask's half, as a gain of sellers: e is buyers_gain less this.
inline std::int64_t sellers_gain(BestLevel before, BestLevel now) {
    if (before.qty == 0 || now.qty == 0) return 0;
    return (now.price <= before.price ? now.qty : 0) - (now.price >= before.price ? before.qty : 0);
}

// The sum over a window. Not thread-safe.
class OrderFlowImbalance {
  public:
    // The state now published counts into the window from the state last published, whichever window that was in.
    void publish(const Ladder& ladder, const Continuity& continuity) {
        const BestLevel bid = best(ladder, market::Side::bid);
        const BestLevel ask = best(ladder, market::Side::ask);
        // Unlike any other, so that nothing counts to or from a book that is not valid.
        const std::uint64_t history = continuity.valid() ? continuity.disruptions() : ++invalid_;
        if (history == history_) [[likely]] {
            add(buyers_gain(bid_, bid));
            add(-sellers_gain(ask_, ask));
        }
        history_ = history;
        bid_ = bid;
        ask_ = ask;
    }
    // Starts a window.
    void begin_window() { qty_ = 0; }

    [[nodiscard]] std::int64_t qty() const { return qty_; }

  private:
    static BestLevel best(const Ladder& ladder, market::Side side) {
        return {ladder.best_price(side), ladder.best_qty(side)};
    }
    void add(std::int64_t gain) {
        if (__builtin_add_overflow(qty_, gain, &qty_)) [[unlikely]] {
            using Limits = std::numeric_limits<std::int64_t>;
            qty_ = gain > 0 ? Limits::max() : Limits::min();
        }
    }

    BestLevel bid_;
    BestLevel ask_;
    std::uint64_t invalid_ = std::uint64_t{1} << 63;  // beyond any count of disruptions
    std::uint64_t history_ = invalid_;
    std::int64_t qty_ = 0;
};

}  // namespace spymaster::book
