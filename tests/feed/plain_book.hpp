// A book as plain as can be, that replays records and counts whatever is not as it should be. It shares
// no code with src/.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dbn/records.hpp"

namespace spymaster::feed {

struct Findings {
    std::uint64_t unknown = 0;  // Cancel, Modify or Fill of an order that is not there
    std::uint64_t duplicate_adds = 0;
    std::uint64_t over_cancels = 0;  // a Cancel of more than the order has
    std::uint64_t crossed = 0;       // published states with bid >= ask
    std::uint64_t empty_side = 0;    // published states with no bid or no ask
    std::uint64_t ts_recv_back = 0;
    std::uint64_t ts_event_back = 0;  // among records that are not of a snapshot
    std::uint64_t before_sent = 0;    // ts_recv before ts_event
    std::uint64_t broken_events = 0;  // an event that is not as CME's are; see check_event
    std::uint64_t events = 0;
    std::uint64_t trade_events = 0;
    std::uint64_t icebergs = 0;             // Modifies that put back more than a fill left
    std::uint64_t sweeps = 0;               // trade events at several prices
    std::map<char, std::uint64_t> actions;  // of records that are not of a snapshot
    std::map<std::pair<char, int>, std::uint64_t> flags;

    [[nodiscard]] std::uint64_t wrong() const {
        return unknown + duplicate_adds + over_cancels + crossed + empty_side + ts_recv_back + ts_event_back +
               before_sent + broken_events;
    }
};

class PlainBook {
  public:
    struct Order {
        char side;
        std::int64_t price;
        std::int64_t size;
    };

    void apply(const dbn::MboMsg& msg) {
        found.ts_recv_back += msg.ts_recv < last_ts_recv_;
        last_ts_recv_ = msg.ts_recv;
        const bool snapshot = (msg.flags & dbn::flag::snapshot) != 0;
        if (!snapshot) {
            found.ts_event_back += msg.hd.ts_event < last_ts_event_;
            found.before_sent += msg.ts_recv < msg.hd.ts_event;
            last_ts_event_ = msg.hd.ts_event;
            ++found.actions[msg.action];
            ++found.flags[{msg.action, msg.flags}];
            event_.push_back({msg, size_of(msg.order_id)});
        }
        change(msg);
        if ((msg.flags & dbn::flag::last) == 0) return;
        if (!event_.empty()) check_event();
        event_.clear();
        check_published();
    }

    [[nodiscard]] std::int64_t best_bid() const { return bids_.empty() ? 0 : bids_.rbegin()->first; }
    [[nodiscard]] std::int64_t best_ask() const { return asks_.empty() ? 0 : asks_.begin()->first; }
    [[nodiscard]] std::int64_t lots(char side, std::int64_t price) const {
        const auto& levels = side == 'B' ? bids_ : asks_;
        const auto level = levels.find(price);
        return level == levels.end() ? 0 : level->second;
    }
    [[nodiscard]] std::map<std::uint64_t, Order> sorted_orders() const { return orders_; }
    [[nodiscard]] std::size_t order_count() const { return orders_.size(); }

    Findings found;

  private:
    struct Seen {
        dbn::MboMsg msg;
        std::int64_t size_before;  // of its order, when the record came; -1: no such order
    };

    [[nodiscard]] std::int64_t size_of(std::uint64_t id) const {
        const auto order = orders_.find(id);
        return order == orders_.end() ? -1 : order->second.size;
    }

    void level_add(char side, std::int64_t price, std::int64_t lots) {
        auto& levels = side == 'B' ? bids_ : asks_;
        if ((levels[price] += lots) == 0) levels.erase(price);
    }

    void change(const dbn::MboMsg& msg) {
        const auto order = orders_.find(msg.order_id);
        if (msg.action == 'R') {
            orders_.clear();
            bids_.clear();
            asks_.clear();
        } else if (msg.action == 'A') {
            found.duplicate_adds += order != orders_.end();
            orders_[msg.order_id] = {msg.side, msg.price, msg.size};
            level_add(msg.side, msg.price, msg.size);
        } else if (msg.action == 'C' || msg.action == 'M' || msg.action == 'F') {
            if (order == orders_.end()) {
                ++found.unknown;
            } else if (msg.action == 'C') {
                found.over_cancels += msg.size > order->second.size || msg.size == 0;
                level_add(order->second.side, order->second.price, -std::int64_t{msg.size});
                if ((order->second.size -= msg.size) <= 0) orders_.erase(order);
            } else if (msg.action == 'M') {
                level_add(order->second.side, order->second.price, -order->second.size);
                order->second = {msg.side, msg.price, msg.size};
                level_add(msg.side, msg.price, msg.size);
            }
        }
    }

    void check_published() {
        if (bids_.empty() || asks_.empty()) {
            ++found.empty_side;
        } else if (best_bid() >= best_ask()) {
            ++found.crossed;
        }
    }

    // CME's conventions: one ts_event; LAST on the last record alone; without trades, one record;
    // with trades, T first, each
    // T the sum of its F at its price and on the other side, then at most one Add, then a C or M for
    // every order with an F:
    // C for what the order had, M for what it has left (or more, if it is an iceberg).
    void check_event() {
        ++found.events;
        bool good = true;
        for (const Seen& seen : event_) {
            good = good && seen.msg.hd.ts_event == event_.front().msg.hd.ts_event;
            good = good && seen.msg.sequence >= event_.front().msg.sequence;
        }
        for (std::size_t i = 0; i + 1 < event_.size(); ++i) good = good && event_[i].msg.flags == 0;
        if (event_.front().msg.action == 'T') {
            ++found.trade_events;
            good = good && check_trade();
        } else {
            good = good && event_.size() == 1;
        }
        found.broken_events += !good;
    }

    bool check_trade() {
        bool good = true;
        std::map<std::uint64_t, std::int64_t> filled;
        std::set<std::int64_t> prices;
        std::size_t i = 0;
        while (i < event_.size() && event_[i].msg.action == 'T') {
            const dbn::MboMsg& trade = event_[i++].msg;
            prices.insert(trade.price);
            std::int64_t sum = 0;
            for (; i < event_.size() && event_[i].msg.action == 'F'; ++i) {
                const dbn::MboMsg& fill = event_[i].msg;
                good = good && fill.price == trade.price && fill.side != trade.side &&
                       fill.order_id != trade.order_id;
                filled[fill.order_id] += fill.size;
                sum += fill.size;
            }
            good = good && sum == trade.size;
        }
        found.sweeps += prices.size() > 1;
        for (; i < event_.size(); ++i) {
            const auto& [msg, before] = event_[i];
            if (msg.action == 'A') {
                good = good && msg.side == event_.front().msg.side;
                continue;
            }
            const auto fill = filled.find(msg.order_id);
            if (fill == filled.end()) return false;
            if (msg.action == 'M' &&
                std::int64_t{msg.size} > std::max<std::int64_t>(before - fill->second, 0))
                ++found.icebergs;
            if (msg.action == 'M') good = good && std::int64_t{msg.size} >= before - fill->second;
            if (msg.action == 'C') good = good && msg.size == before && fill->second >= before;
            filled.erase(fill);
        }
        return good && filled.empty();
    }

    std::map<std::uint64_t, Order> orders_;
    std::map<std::int64_t, std::int64_t> bids_, asks_;
    std::vector<Seen> event_;
    std::uint64_t last_ts_recv_ = 0;
    std::uint64_t last_ts_event_ = 0;
};

}  // namespace spymaster::feed
