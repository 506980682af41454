// The rules of spec 4.2.2 written as plainly as they can be: orders in a map, everything else found by looking
// at all of them, accumulators in maps by price. Slow, and meant to be read against the spec. What the spec
// leaves open is decided as in src/book, and checked by the directed tests.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "dbn/records.hpp"

namespace spymaster::testing {

struct PlainLevel {
    std::int64_t qty = 0;
    std::uint32_t orders = 0;
    bool operator==(const PlainLevel&) const = default;
};
using PlainSide = std::map<std::int64_t, PlainLevel>;

class PlainBook {
  public:
    struct Order {
        char side;
        std::int64_t price;
        std::int64_t qty;
        std::int64_t t_enter;
    };
    // A quote of a price-level publisher is the "order" {true, side}.
    using Key = std::pair<bool, std::uint64_t>;
    struct Flow {
        std::int64_t add = 0, pull = 0, pull_rest = 0, fill = 0;
    };

    explicit PlainBook(std::int64_t rest_ns) : rest_ns_(rest_ns) {}

    static std::int64_t time(const dbn::MboMsg& m) {
        const bool snapshot = m.flags & dbn::flag::snapshot;
        const std::uint64_t wanted = snapshot ? m.ts_recv : m.hd.ts_event;
        const std::uint64_t other = snapshot ? m.hd.ts_event : m.ts_recv;
        const std::uint64_t limit = std::uint64_t{1} << 63;
        return static_cast<std::int64_t>(wanted < limit ? wanted : other < limit ? other : 0);
    }

    void apply(const dbn::MboMsg& m, std::int64_t t) {
        const bool snapshot = m.flags & dbn::flag::snapshot;
        bool epoch_grown = false;
        if (loading && !snapshot) valid = true, loading = false, gap = false;
        if (m.action == 'R') {
            orders.clear();
            pending.clear();
            valid = false;
            loading = snapshot;
            cleared_until_last = !snapshot;
            ++clears, ++disruptions, ++epoch;
            epoch_grown = true;
        } else if (snapshot) {
            ++disruptions;
            if (!previous_was_snapshot) ++epoch, epoch_grown = true;
            valid = false;
            loading = true;
        }
        previous_was_snapshot = snapshot;
        const bool quote = m.flags & (dbn::flag::tob | dbn::flag::mbp);
        switch (m.action) {
            case 'A':
                quote ? set_quote(m, t) : add(m, t);
                break;
            case 'M':
                quote ? set_quote(m, t) : modify(m, t);
                break;
            case 'C':
                quote ? cut_quote(m, t) : cancel(m, t);
                break;
            case 'F':
                fill(m, t);
                break;
            case 'T':
                if (m.price > 0 && m.price != dbn::kUndefPrice) last_trade = m.price;
                break;
            case 'R':
            case 'N':
                break;
            default:
                ++anomalies["unknown_action"];
        }
        if (m.flags & dbn::flag::last) {
            if (loading || cleared_until_last) loading = cleared_until_last = gap = false, valid = true;
        }
        if (m.flags & dbn::flag::maybe_bad_book) {
            if (!gap && !epoch_grown) ++epoch;
            gap = true;
            valid = false;
        }
        if (m.flags & dbn::flag::last) publish(t);
    }

    [[nodiscard]] PlainSide side(char s) const {
        PlainSide levels;
        for (const auto& [key, order] : orders) {
            if (order.side != s) continue;
            levels[order.price].qty += order.qty;
            levels[order.price].orders += key.first ? 0 : 1;
        }
        return levels;
    }
    [[nodiscard]] std::optional<std::int64_t> best(char s) const {
        const PlainSide levels = side(s);
        if (levels.empty()) return std::nullopt;
        return s == 'B' ? levels.rbegin()->first : levels.begin()->first;
    }
    [[nodiscard]] std::size_t order_count() const {
        std::size_t n = 0;
        for (const auto& [key, order] : orders) n += key.first ? 0 : 1;
        return n;
    }

    std::map<Key, Order> orders;
    std::map<std::pair<char, std::int64_t>, Flow> flow;  // of the window; cleared by the engine
    struct Pending {
        std::int64_t qty;
        std::int64_t t;
    };
    std::map<std::uint64_t, Pending> pending;
    std::map<std::string, std::uint64_t> anomalies;
    std::int64_t last_trade = 0;
    bool valid = false, loading = false, cleared_until_last = false, previous_was_snapshot = false,
         gap = false;
    std::int64_t epoch = 0;
    std::uint64_t clears = 0, disruptions = 0, crossed = 0;
    bool crossed_now = false;
    bool watch_crossed = true;  // costs a scan of all orders at every LAST

  private:
    static bool has_side(const dbn::MboMsg& m) { return m.side == 'A' || m.side == 'B'; }

    Flow& at(const Order& o) { return flow[{o.side, o.price}]; }

    void pull(const Order& o, std::int64_t qty, std::int64_t t) {
        at(o).pull += qty;
        if (t - o.t_enter >= rest_ns_) at(o).pull_rest += qty;
    }
    // Pending fills of this order at this time, and no longer.
    std::int64_t take_pending(std::uint64_t id, std::int64_t t) {
        const auto found = pending.find(id);
        if (found == pending.end()) return 0;
        const std::int64_t qty = found->second.t == t ? found->second.qty : 0;
        pending.erase(found);
        return qty;
    }
    void insert(const dbn::MboMsg& m, Key key, std::int64_t t) {
        const std::uint64_t own = m.hd.ts_event;
        const std::int64_t t_enter = own < static_cast<std::uint64_t>(t) ? static_cast<std::int64_t>(own) : t;
        orders[key] = {m.side, m.price, m.size, t_enter};
        if (!loading) flow[{m.side, m.price}].add += m.size;
    }
    void add(const dbn::MboMsg& m, std::int64_t t) {
        if (!has_side(m)) {
            ++anomalies["bad_side"];
            return;
        }
        if (m.price == dbn::kUndefPrice) {
            ++anomalies["undefined_price"];
            return;
        }
        if (m.size == 0) {
            ++anomalies["zero_size"];
            return;
        }  // left open by the spec
        const Key key{false, m.order_id};
        if (orders.contains(key)) {
            ++anomalies["duplicate_add"];
            pull(orders[key], orders[key].qty, t);
            orders.erase(key);
        }
        insert(m, key, t);
    }
    void cancel(const dbn::MboMsg& m, std::int64_t t) {
        if (!has_side(m)) {
            ++anomalies["bad_side"];
            return;
        }
        const std::int64_t filled = take_pending(m.order_id, t);
        const auto found = orders.find({false, m.order_id});
        if (found == orders.end()) {
            ++anomalies["unknown_cancel"];
            return;
        }
        Order& o = found->second;
        if (m.size > o.qty) ++anomalies["over_cancel"];
        const std::int64_t removed = std::min<std::int64_t>(m.size, o.qty);
        const std::int64_t f = std::min(filled, removed);
        at(o).fill += f;
        pull(o, removed - f, t);
        o.qty -= removed;
        if (o.qty == 0) orders.erase(found);
    }
    void modify(const dbn::MboMsg& m, std::int64_t t) {
        if (!has_side(m)) {
            ++anomalies["bad_side"];
            return;
        }
        if (m.price == dbn::kUndefPrice) {
            ++anomalies["undefined_price"];
            return;
        }
        const std::int64_t filled = take_pending(m.order_id, t);
        const Key key{false, m.order_id};
        const auto found = orders.find(key);
        if (found == orders.end()) {
            ++anomalies["unknown_modify"];
            if (m.size != 0) insert(m, key, t);
            return;
        }
        Order& o = found->second;
        const std::int64_t f = std::min(filled, o.qty);
        const std::int64_t base = o.qty - f;
        const std::int64_t size = m.size;
        at(o).fill += f;
        if (size != 0 && m.side != o.side) ++anomalies["side_change"];
        if (size == 0) {
            pull(o, base, t);
            orders.erase(found);
        } else if (m.price != o.price || m.side != o.side) {
            pull(o, base, t);
            const std::uint64_t own = m.hd.ts_event;
            o = {m.side, m.price, size,
                 own < static_cast<std::uint64_t>(t) ? static_cast<std::int64_t>(own) : t};
            at(o).add += size;
        } else {
            if (size >= base)
                at(o).add += size - base;
            else
                pull(o, base - size, t);
            o.qty = size;
        }
    }
    void fill(const dbn::MboMsg& m, std::int64_t t) {
        const auto found = orders.find({false, m.order_id});
        if (found == orders.end()) {
            ++anomalies["unknown_fill"];
            return;
        }
        std::erase_if(pending, [&](const auto& p) { return p.second.t != t; });
        Pending& p = pending.try_emplace(m.order_id, Pending{0, t}).first->second;
        p.qty += m.size;
    }
    void set_quote(const dbn::MboMsg& m, std::int64_t t) {
        if (!has_side(m)) {
            ++anomalies["bad_side"];
            return;
        }
        const Key key{true, static_cast<std::uint64_t>(m.side)};
        const auto found = orders.find(key);
        const bool none = m.price == dbn::kUndefPrice || m.size == 0;
        if (found != orders.end() && !none && found->second.price == m.price) {
            const std::int64_t change = m.size - found->second.qty;
            if (change >= 0)
                at(found->second).add += change;
            else
                pull(found->second, -change, t);
            found->second.qty = m.size;
            return;
        }
        if (found != orders.end()) {
            pull(found->second, found->second.qty, t);
            orders.erase(found);
        }
        if (!none) insert(m, key, t);
    }
    void cut_quote(const dbn::MboMsg& m, std::int64_t t) {
        if (!has_side(m)) {
            ++anomalies["bad_side"];
            return;
        }
        const auto found = orders.find({true, static_cast<std::uint64_t>(m.side)});
        if (found == orders.end()) {
            ++anomalies["unknown_cancel"];
            return;
        }
        if (m.size > found->second.qty) ++anomalies["over_cancel"];
        const std::int64_t removed = std::min<std::int64_t>(m.size, found->second.qty);
        pull(found->second, removed, t);
        found->second.qty -= removed;
        if (found->second.qty == 0) orders.erase(found);
    }
    void publish(std::int64_t) {
        if (!watch_crossed) return;
        const auto bid = best('B'), ask = best('A');
        crossed_now = bid && ask && *bid >= *ask;
        if (crossed_now) ++crossed;
    }

    std::int64_t rest_ns_;
};

}  // namespace spymaster::testing
