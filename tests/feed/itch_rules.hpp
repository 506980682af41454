// What records of XNAS.ITCH keep to, checked record by record on a book of its own. It shares no code with src/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "dbn/records.hpp"

namespace spymaster::feed {

struct ItchFindings {
    std::uint64_t foreign_records =
        0;  // not an MBO record of publisher 2, or with SNAPSHOT or MAYBE_BAD_BOOK
    std::uint64_t modifies = 0;
    std::uint64_t clears = 0;
    std::uint64_t bad_values = 0;     // a price off the cent or not above 0, a size of 0
    std::uint64_t used_ids = 0;       // an Add of an id that was used before
    std::uint64_t unknown = 0;        // a Cancel or Fill of an order that is not there
    std::uint64_t wrong_orders = 0;   // ... or that has another side or price
    std::uint64_t over_cancels = 0;   // a Cancel or Fill of more than the order has
    std::uint64_t not_the_best = 0;   // a Fill of an order that is not at the best price of its side
    std::uint64_t not_the_first = 0;  // ... or before which another stands at that price
    std::uint64_t crossed = 0;        // published states with bid > ask
    std::uint64_t locked = 0;         // ... with bid = ask
    std::uint64_t times_back = 0;     // ts_recv, ts_event or sequence
    std::uint64_t bad_deltas = 0;     // ts_in_delta is not ts_recv less ts_event
    std::uint64_t bad_flags = 0;      // not 0 within an event, 130 at its end
    std::uint64_t broken_events = 0;  // none of the shapes of check_event
    // Not faults:
    std::uint64_t executions = 0, hidden = 0, replaces = 0, partial_cancels = 0, sweeps = 0, rests = 0;
    std::uint64_t odd_lots = 0, adds = 0;

    [[nodiscard]] std::uint64_t wrong() const {
        return foreign_records + modifies + bad_values + used_ids + unknown + wrong_orders + over_cancels +
               not_the_best + not_the_first + crossed + locked + times_back + bad_deltas + bad_flags +
               broken_events;
    }
};

class ItchRules {
  public:
    void apply(const dbn::MboMsg& msg) {
        check_record(msg);
        if (!event_.empty()) found.broken_events += msg.hd.ts_event != event_.front().hd.ts_event;
        event_.push_back(msg);
        change(msg);
        const bool last = (msg.flags & dbn::flag::last) != 0;
        found.bad_flags += msg.flags != (last ? 130 : 0);
        if (!last) return;
        found.broken_events += !check_event();
        event_.clear();
        check_published();
    }

    [[nodiscard]] std::size_t order_count() const { return orders_.size(); }
    [[nodiscard]] std::int64_t best_bid() const { return bids_.empty() ? 0 : bids_.rbegin()->first; }
    [[nodiscard]] std::int64_t best_ask() const { return asks_.empty() ? 0 : asks_.begin()->first; }
    // Shares of a side from `first` (included) to `end`.
    [[nodiscard]] std::int64_t shares(char side, std::int64_t first, std::int64_t end) const {
        const auto& levels = side == 'B' ? bids_ : asks_;
        std::int64_t sum = 0;
        for (auto level = levels.lower_bound(first); level != levels.end() && level->first < end; ++level) {
            for (const std::uint64_t id : level->second) sum += orders_.at(id).size;
        }
        return sum;
    }

    ItchFindings found;

  private:
    struct Order {
        char side;
        std::int64_t price;
        std::int64_t size;
    };

    void check_record(const dbn::MboMsg& msg) {
        constexpr int kForeignFlags = dbn::flag::snapshot | dbn::flag::maybe_bad_book;
        found.foreign_records += msg.hd.size() != sizeof(dbn::MboMsg) || msg.hd.rtype != dbn::rtype::mbo ||
                                 msg.hd.publisher_id != 2 || (msg.flags & kForeignFlags) != 0;
        found.times_back += msg.ts_recv < last_.ts_recv || msg.hd.ts_event < last_.hd.ts_event ||
                            msg.sequence < last_.sequence;
        found.bad_deltas += msg.ts_recv - msg.hd.ts_event != static_cast<std::uint64_t>(msg.ts_in_delta);
        found.modifies += msg.action == 'M';
        found.clears += msg.action == 'R';
        if (msg.action != 'R')
            found.bad_values += msg.price <= 0 || msg.price % 10'000'000 != 0 || msg.size == 0;
        last_ = msg;
    }

    void change(const dbn::MboMsg& msg) {
        auto& levels = msg.side == 'B' ? bids_ : asks_;
        if (msg.action == 'R') {
            orders_.clear();
            bids_.clear();
            asks_.clear();
        } else if (msg.action == 'A') {
            ++found.adds;
            found.odd_lots += msg.size < 100;
            found.used_ids += !used_.insert(msg.order_id).second;
            orders_[msg.order_id] = {msg.side, msg.price, msg.size};
            levels[msg.price].push_back(msg.order_id);
        } else if (msg.action == 'C' || msg.action == 'F') {
            const auto order = orders_.find(msg.order_id);
            if (order == orders_.end()) {
                ++found.unknown;
                return;
            }
            found.wrong_orders += order->second.side != msg.side || order->second.price != msg.price;
            found.over_cancels += msg.size > order->second.size;
            if (msg.action == 'F') {
                found.not_the_best += msg.price != (msg.side == 'B' ? best_bid() : best_ask());
                found.not_the_first += levels[msg.price].front() != msg.order_id;
                return;
            }
            if ((order->second.size -= msg.size) > 0) return;
            std::erase(levels[msg.price], msg.order_id);
            if (levels[msg.price].empty()) levels.erase(msg.price);
            orders_.erase(order);
        }
    }

    void check_published() {
        if (bids_.empty() || asks_.empty()) return;
        found.crossed += best_bid() > best_ask();
        found.locked += best_bid() == best_ask();
    }

    // R | A | C | C A (a replace) | T of no side | (T F C)+ [A]
    bool check_event() {
        const char first = event_.front().action;
        if (event_.size() == 1 && first == 'T') {
            ++found.hidden;
            return event_.front().side == 'N' && event_.front().order_id == 0;
        }
        if (first == 'T') return check_trade();
        if (event_.size() == 1) {
            found.partial_cancels += first == 'C' && orders_.contains(event_.front().order_id);
            return first == 'R' || first == 'A' || first == 'C';
        }
        ++found.replaces;
        return event_.size() == 2 && first == 'C' && event_[1].action == 'A' &&
               event_[1].side == event_[0].side && event_[1].order_id != event_[0].order_id &&
               !orders_.contains(event_[0].order_id) && event_[1].sequence == event_[0].sequence;
    }

    bool check_trade() {
        const char side = event_.front().side;
        const char passive = side == 'B' ? 'A' : 'B';
        std::set<std::int64_t> prices;
        std::size_t i = 0;
        for (; i + 2 < event_.size() && event_[i].action == 'T'; i += 3) {
            const dbn::MboMsg& trade = event_[i];
            const dbn::MboMsg& fill = event_[i + 1];
            const dbn::MboMsg& cancel = event_[i + 2];
            if (trade.side != side || trade.order_id != 0 || fill.action != 'F' || fill.side != passive ||
                cancel.action != 'C' || cancel.side != passive || fill.order_id != cancel.order_id ||
                fill.price != trade.price || cancel.price != trade.price || fill.size != trade.size ||
                cancel.size != trade.size || fill.sequence != trade.sequence ||
                cancel.sequence != trade.sequence)
                return false;
            prices.insert(trade.price);
            ++found.executions;
        }
        found.sweeps += prices.size() > 1;
        if (i == event_.size()) return true;
        ++found.rests;
        return i + 1 == event_.size() && event_[i].action == 'A' && event_[i].side == side;
    }

    std::map<std::uint64_t, Order> orders_;
    std::map<std::int64_t, std::vector<std::uint64_t>> bids_, asks_;
    std::set<std::uint64_t> used_;
    std::vector<dbn::MboMsg> event_;
    dbn::MboMsg last_{};
};

}  // namespace spymaster::feed
