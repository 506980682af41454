// What became of single orders in a window by the corrected rules (radar spec 1.9b, 8.1): the window's records replayed over a
// copy of the plain book as it was at window start, each order looked at before and after.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "../book/plain_book.hpp"
#include "plain_radar.hpp"

namespace spymaster::testing {

using PlainEvents = std::vector<std::pair<dbn::MboMsg, std::int64_t>>;  // with their window times

class PlainChanges {
  public:
    static std::vector<PlainChange> of(PlainBook book, const PlainEvents& events) {
        book.watch_crossed = false;
        PlainChanges changes;
        for (const auto& [m, t] : events) {
            const PlainBook before = changes.one_order_of(book, m);
            const std::int64_t filled = fills(book);
            book.apply(m, t);
            changes.look(before, book, m, t, fills(book) - filled);
        }
        return std::move(changes.out_);
    }

  private:
    using Key = PlainBook::Key;

    // Only what the record may change: the rest of a book is costly to copy.
    static PlainBook one_order_of(const PlainBook& book, const dbn::MboMsg& m) {
        PlainBook one(0);
        for (const Key& key : keys(m)) {
            if (const auto found = book.orders.find(key); found != book.orders.end())
                one.orders.insert(*found);
        }
        return one;
    }
    static std::vector<Key> keys(const dbn::MboMsg& m) {
        return {{false, m.order_id}, {true, static_cast<std::uint64_t>(m.side)}};
    }
    static std::optional<PlainOrder> find(const PlainBook& book, const Key& key) {
        const auto found = book.orders.find(key);
        if (found == book.orders.end()) return std::nullopt;
        const PlainBook::Order& o = found->second;
        return PlainOrder{o.side, o.price, o.qty, o.t_enter};
    }
    static std::int64_t fills(const PlainBook& book) {
        std::int64_t sum = 0;
        for (const auto& [key, flow] : book.flow) sum += flow.fill;
        return sum;
    }

    void look(const PlainBook& before, const PlainBook& after, const dbn::MboMsg& m, std::int64_t t,
              std::int64_t filled) {
        if (m.action == 'R') return out_.push_back({t, 'R', {}, {}});
        if (m.action != 'A' && m.action != 'C' && m.action != 'M') return;
        if (m.side != 'A' && m.side != 'B') return;
        const bool found = m.flags & dbn::flag::snapshot;
        const bool quoted = m.flags & (dbn::flag::tob | dbn::flag::mbp);
        const Key key = keys(m)[quoted ? 1 : 0];
        const auto old = find(before, key), now = find(after, key);
        const bool nothing = m.size == 0 || m.price == dbn::kUndefPrice;
        if (quoted ? old && now && old->price == now->price : m.action != 'A') {
            // Cancelled, modified, or a quote of another size. Of a Modify to nothing the order is gone.
            if (!quoted && m.action == 'M' && m.price == dbn::kUndefPrice) return;
            const char action = quoted || !now ? 'C' : m.action;
            out_.push_back({t, action, old, now, filled, found && !old});
        } else if (quoted || !nothing) {
            if (old) out_.push_back({t, 'C', old, {}});
            if (now) out_.push_back({t, 'A', {}, now, 0, found});
        }
    }

    std::vector<PlainChange> out_;
};

}  // namespace spymaster::testing
