// The reference's engine (radar spec 1.1 to 1.7), defects and all: flag bit 128 is a snapshot, a Fill reduces, a Cancel takes
// the whole order, a Modify of nothing is nothing. It reproduces the vectors of compat_fuzz, and with them anchors
// plain_radar.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "../book/records.hpp"
#include "plain_radar.hpp"
#include "windows/rows.hpp"

namespace spymaster::testing {

class PlainReference {
  public:
    struct Row {  // of book_snapshot_1s
        std::int64_t end, bid, bid_qty, ask, ask_qty, last, spot;
        double mid;
        std::int64_t mid_int;
        bool book_valid, window_valid;
    };
    struct Window {
        Row snapshot;
        std::vector<windows::WallRow1s> wall;
        std::optional<windows::RadarVacuum1s> radar;
    };

    explicit PlainReference(std::uint8_t snapshot_flag) : snapshot_flag_(snapshot_flag) {}

    void apply(const dbn::MboMsg& m) {
        const auto t = static_cast<std::int64_t>(m.hd.ts_event);
        const bool s = m.flags & snapshot_flag_;
        if (s && !snap_) clear();
        if (snap_ && !s) snap_ = false, valid_ = true;
        const std::int64_t w = t / kSecond;
        if (!window_) open(w);
        while (*window_ < w) emit(), open(*window_ + 1);
        if (m.action != 'N') events_.push_back(m);
        if (m.action == 'R') return clear();
        if (m.action == 'T') {
            if (m.price > 0) last_ = m.price;
            return;
        }
        mutate(m, t);
    }
    void finish() { emit(); }

    std::vector<Window> windows;

  private:
    static constexpr std::int64_t kRest = 500 * kMillisecond;
    struct Flow {
        double add = 0, pull = 0, pull_rest = 0, fill = 0;
    };
    struct Side {
        PlainDepth depth;
        std::map<std::int64_t, Flow> flow;
    };

    Side& side(char s) { return s == 'B' ? bid_ : ask_; }

    void clear() {
        orders_.clear();
        bid_.depth.clear(), ask_.depth.clear();
        snap_ = true, valid_ = false, has_snap_ = true;
    }
    void open(std::int64_t w) {
        window_ = w;
        has_snap_ = snap_;
        events_.clear();
        start_orders_ = orders_;
        start_bid_ = bid_.depth, start_ask_ = ask_.depth;
        bid_.flow.clear(), ask_.flow.clear();
    }
    void take(const PlainOrder& o, std::int64_t qty) {
        PlainDepth& depth = side(o.side).depth;
        if ((depth[o.price] -= static_cast<double>(qty)) <= 0) depth.erase(o.price);
    }
    void pull(const PlainOrder& o, std::int64_t qty, std::int64_t t) {
        Flow& f = side(o.side).flow[o.price];
        f.pull += static_cast<double>(qty);
        if (t - o.t_enter >= kRest) f.pull_rest += static_cast<double>(qty);
    }
    void put(const PlainOrder& o, std::int64_t qty) {
        side(o.side).depth[o.price] += static_cast<double>(qty);
        side(o.side).flow[o.price].add += static_cast<double>(qty);
    }
    void mutate(const dbn::MboMsg& m, std::int64_t t) {
        const std::int64_t size = m.size;
        if (m.action == 'A') {
            if (m.side != 'A' && m.side != 'B') return;
            orders_[m.order_id] = {m.side, m.price, size, t};
            return put(orders_[m.order_id], size);
        }
        const auto found = orders_.find(m.order_id);
        if (found == orders_.end()) return;
        PlainOrder& o = found->second;
        if (m.action == 'C') {
            take(o, o.qty), pull(o, o.qty, t);
            orders_.erase(found);
        } else if (m.action == 'F') {
            take(o, size), side(o.side).flow[o.price].fill += static_cast<double>(size);
            if ((o.qty -= size) <= 0) orders_.erase(found);
        } else if (m.action == 'M' && m.price != o.price) {
            take(o, o.qty), pull(o, o.qty, t);
            o.price = m.price, o.qty = size, o.t_enter = t;
            put(o, size);
        } else if (m.action == 'M') {
            if (size < o.qty) take(o, o.qty - size), pull(o, o.qty - size, t);
            if (size > o.qty) put(o, size - o.qty);
            o.qty = size;
        }
    }
    // Over a copy of the orders at window start.
    [[nodiscard]] std::vector<PlainChange> replay() const {
        std::vector<PlainChange> changes;
        auto orders = start_orders_;
        for (const dbn::MboMsg& m : events_) {
            PlainChange c{static_cast<std::int64_t>(m.hd.ts_event), m.action, {}, {}};
            if (m.action == 'R') {
                orders.clear();
                changes.push_back(c);
                continue;
            }
            if (m.action != 'A' && m.action != 'C' && m.action != 'M' && m.action != 'F') continue;
            if (const auto found = orders.find(m.order_id); found != orders.end()) c.old = found->second;
            const PlainOrder old = c.old.value_or(PlainOrder{'N', 0, 0, 0});
            if (m.action == 'A') c.now = {m.side, m.price, m.size, c.t};
            if (m.action == 'M')
                c.now = {old.side, m.price, m.size, m.price != old.price ? c.t : old.t_enter};
            if (m.action == 'F' && c.old && old.qty > m.size)
                c.now = {old.side, old.price, old.qty - m.size, old.t_enter};
            orders.erase(m.order_id);
            if (c.now) orders[m.order_id] = *c.now;
            changes.push_back(c);
        }
        return changes;
    }
    void emit() {
        Row s{};
        s.end = (*window_ + 1) * kSecond;
        if (!bid_.depth.empty())
            s.bid = bid_.depth.rbegin()->first,
            s.bid_qty = static_cast<std::int64_t>(bid_.depth.rbegin()->second);
        if (!ask_.depth.empty())
            s.ask = ask_.depth.begin()->first,
            s.ask_qty = static_cast<std::int64_t>(ask_.depth.begin()->second);
        if (s.bid > 0 && s.ask > 0) {
            s.mid = (static_cast<double>(s.bid + s.ask) * 0.5) * 1e-9;
            s.mid_int = static_cast<std::int64_t>(std::nearbyint(static_cast<double>(s.bid + s.ask) * 0.5));
        }
        s.last = last_;
        s.spot = last_ != 0 ? last_ : valid_ && s.bid > 0 ? s.bid : 0;
        s.book_valid = valid_, s.window_valid = valid_ && !has_snap_;
        PlainSecond second{s.end,      s.spot,     s.window_valid, start_bid_, start_ask_,
                           bid_.depth, ask_.depth, replay(),       {}};
        if (s.spot > 0) wall('B', bid_, second), wall('A', ask_, second);
        const auto radar = radar_.close(second);
        windows.push_back({s, std::move(second.wall), radar});
    }
    void wall(char letter, const Side& of_side, PlainSecond& second) {
        std::set<std::int64_t> prices;
        for (const auto& [price, qty] : of_side.depth) prices.insert(price);
        for (const auto& [price, flow] : of_side.flow) prices.insert(price);
        for (const std::int64_t price : prices) {
            if (!radar_.reaches(second.spot, price)) continue;
            const auto level = of_side.depth.find(price);
            const auto flow = of_side.flow.find(price);
            const Flow f = flow == of_side.flow.end() ? Flow{} : flow->second;
            const double end = level == of_side.depth.end() ? 0.0 : level->second;
            const auto whole = [](double x) { return static_cast<std::int64_t>(x); };
            windows::WallRow1s row;
            row.price_int = price;
            row.side = letter == 'B' ? market::Side::bid : market::Side::ask;
            row.rel_ticks = static_cast<std::int32_t>(
                std::nearbyint(static_cast<double>(price - second.spot) / static_cast<double>(kTick)));
            row.depth_qty_end = whole(end);
            row.depth_qty_start = whole(std::max(0.0, end - f.add + f.pull + f.fill));
            row.add_qty = whole(f.add), row.pull_qty_total = whole(f.pull);
            row.pull_qty_rest = whole(f.pull_rest), row.fill_qty = whole(f.fill);
            for (const auto& [id, o] : orders_) {
                if (o.side == letter && o.price == price && second.end - o.t_enter >= kRest)
                    row.depth_qty_rest += o.qty;
            }
            second.wall.push_back(row);
        }
    }

    std::uint8_t snapshot_flag_;
    std::map<std::uint64_t, PlainOrder> orders_, start_orders_;
    Side bid_, ask_;
    PlainDepth start_bid_, start_ask_;
    bool valid_ = false, snap_ = false, has_snap_ = false;
    std::int64_t last_ = 0;
    std::optional<std::int64_t> window_;
    std::vector<dbn::MboMsg> events_;
    PlainRadar radar_{windows::Compatibility::reference, kTick, kRest};
};

}  // namespace spymaster::testing
