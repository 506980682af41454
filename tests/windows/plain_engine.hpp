// The clock, anchors, snapshots and flow rows of spec 4.2.3 to 4.4, written as plainly as they can be around
// the plain book: every window from the first record's on is made, those of the session are kept.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "../book/plain_book.hpp"
#include "market/product.hpp"
#include "market/session.hpp"
#include "plain_changes.hpp"
#include "plain_radar.hpp"
#include "windows/rows.hpp"

namespace spymaster::testing {

class PlainEngine {
  public:
    PlainEngine(const market::Grid& grid, market::SessionWindow session)
        : book(grid.rest_ns),
          grid_(grid),
          session_(session),
          at_start_(grid.rest_ns),
          radar_(windows::Compatibility::corrected, grid.price_increment.nanos, grid.rest_ns) {}

    void apply(const dbn::MboMsg& m) {
        const std::int64_t t = PlainBook::time(m);
        const std::int64_t w = t / grid_.window_ns;
        if (!window_) open(std::min(w, first()));
        while (*window_ < w && !over()) close(), open(*window_ + 1);
        if (over()) return;
        ++records_;
        if (t < *window_ * grid_.window_ns) ++late_;
        if (m.action == 'T') ++trades_;
        events_.emplace_back(m, t);
        const std::uint64_t crossed_before = book.crossed;
        book.apply(m, t);
        if (book.crossed != crossed_before) crossed_ = true;
        if ((m.flags & dbn::flag::last) && watch_imbalance) published_.push_back(published());
    }
    void finish() {
        if (!window_) open(first());
        while (!over()) close(), open(*window_ + 1);
    }

    PlainBook book;
    std::vector<windows::Window> windows;
    bool watch_imbalance = true;  // costs a scan of all orders at every LAST

  private:
    [[nodiscard]] std::int64_t first() const {
        std::int64_t w = session_.start_ns / grid_.window_ns - 1;
        while ((w + 1) * grid_.window_ns < session_.start_ns) ++w;
        return w;
    }
    [[nodiscard]] bool over() const { return (*window_ + 1) * grid_.window_ns > session_.end_ns; }

    void open(std::int64_t w) {
        window_ = w;
        book.flow.clear();
        if (published_.size() > 1) published_.erase(published_.begin(), published_.end() - 1);
        records_ = late_ = trades_ = 0;
        if (!session_.emits((w + 1) * grid_.window_ns)) return;
        anomalies_ = anomaly_total();
        crossed_ = book.crossed_now;
        clears_ = book.clears;
        disruptions_ = book.disruptions;
        disrupted_ = book.loading || !book.valid;
        bid_start_ = book.best('B').value_or(0);
        ask_start_ = book.best('A').value_or(0);
        at_start_ = book;
        events_.clear();
        anchor_ = spot_ = spot();
        if (buckets()) {
            const std::int64_t b = grid_.tick.nanos;
            const auto n = static_cast<std::int64_t>(
                std::nearbyint(static_cast<long double>(spot_) / static_cast<long double>(b)));
            // Where rounding up has no room in 64 bits, down.
            spot_ = spot_ <= 0 ? 0 : std::min(n, std::numeric_limits<std::int64_t>::max() / b) * b;
        }
    }
    [[nodiscard]] bool buckets() const { return grid_.price_increment < grid_.tick; }
    [[nodiscard]] std::int64_t spot() const {
        const std::int64_t last = book.last_trade;
        if (last > 0 && (book.side('B').contains(last) || book.side('A').contains(last))) return last;
        const auto bid = book.best('B'), ask = book.best('A');
        if (bid && ask) {
            if (last <= 0) return *bid;
            return std::fabs(static_cast<long double>(last) - static_cast<long double>(*bid)) <=
                           std::fabs(static_cast<long double>(*ask) - static_cast<long double>(last))
                       ? *bid
                       : *ask;
        }
        if (bid) return *bid;
        if (ask) return *ask;
        return last;
    }
    // A state as published: both sides whole.
    struct Published {
        PlainSide bids, asks;
        bool valid;
        std::uint64_t disruptions;
    };
    [[nodiscard]] Published published() const {
        return {book.side('B'), book.side('A'), book.valid, book.disruptions};
    }
    // Over the states published in the window, the first of them after the last of the window before.
    [[nodiscard]] std::int64_t imbalance() const {
        std::int64_t sum = 0;
        for (std::size_t i = 1; i < published_.size(); ++i) {
            const Published &a = published_[i - 1], &b = published_[i];
            if (!a.valid || !b.valid || a.disruptions != b.disruptions) continue;
            if (!a.bids.empty() && !b.bids.empty()) {
                const auto& [p, level] = *a.bids.rbegin();
                const auto& [p_new, level_new] = *b.bids.rbegin();
                if (p_new > p) sum += level_new.qty;
                if (p_new < p) sum -= level.qty;
                if (p_new == p) sum += level_new.qty - level.qty;
            }
            if (!a.asks.empty() && !b.asks.empty()) {
                const auto& [p, level] = *a.asks.begin();
                const auto& [p_new, level_new] = *b.asks.begin();
                if (p_new < p) sum -= level_new.qty;
                if (p_new > p) sum += level.qty;
                if (p_new == p) sum -= level_new.qty - level.qty;
            }
        }
        return sum;
    }
    [[nodiscard]] std::int64_t anomaly_total() const {
        std::int64_t n = 0;
        for (const auto& [kind, count] : book.anomalies) n += static_cast<std::int64_t>(count);
        return n;
    }
    static std::int32_t rel(std::int64_t price, std::int64_t anchor, std::int64_t tick) {
        const long double x = (static_cast<long double>(price) - static_cast<long double>(anchor)) /
                              static_cast<long double>(tick);
        return static_cast<std::int32_t>(std::clamp(std::nearbyint(x), -2147483647.0L, 2147483647.0L));
    }
    void close() {
        const std::int64_t start = *window_ * grid_.window_ns, end = start + grid_.window_ns;
        if (!session_.emits(end)) return;
        windows::Window out;
        windows::BookSnapshot1s& s = out.snapshot;
        const PlainSide bids = book.side('B'), asks = book.side('A');
        s.window_start_ts_ns = start;
        s.window_end_ts_ns = end;
        if (!bids.empty())
            s.best_bid_price_int = bids.rbegin()->first, s.best_bid_qty = bids.rbegin()->second.qty;
        if (!asks.empty())
            s.best_ask_price_int = asks.begin()->first, s.best_ask_qty = asks.begin()->second.qty;
        if (s.best_bid_price_int > 0 && s.best_ask_price_int > 0) {
            const auto sum = static_cast<std::uint64_t>(s.best_bid_price_int) +
                             static_cast<std::uint64_t>(s.best_ask_price_int);
            s.mid_price = (static_cast<double>(sum) * 0.5) * 1e-9;
            s.mid_price_int = static_cast<std::int64_t>(std::nearbyint(static_cast<long double>(sum) * 0.5L));
        }
        s.last_trade_price_int = book.last_trade;
        s.spot_ref_price_int = spot_;
        s.book_valid = book.valid;
        s.epoch = book.epoch;
        s.record_count = records_;
        s.trade_count = trades_;
        s.anomaly_count = anomaly_total() - anomalies_;
        s.late_count = late_;
        s.crossed = crossed_;
        s.order_flow_imbalance_qty = imbalance();
        out.snapshot.window_valid = book.valid && !disrupted_ && book.disruptions == disruptions_;
        if (spot_ > 0) {
            add_rows(out, 'B', bids,
                     bid_start_ != 0             ? bid_start_
                     : s.best_bid_price_int != 0 ? s.best_bid_price_int
                                                 : spot_);
            add_rows(out, 'A', asks,
                     ask_start_ != 0             ? ask_start_
                     : s.best_ask_price_int != 0 ? s.best_ask_price_int
                                                 : spot_);
        }
        add_wall_and_radar(out, bids, asks);
        windows.push_back(std::move(out));
    }
    void add_wall_and_radar(windows::Window& out, const PlainSide& bids, const PlainSide& asks) {
        out.wall_spot_ref_price_int = anchor_;
        PlainSecond second{out.snapshot.window_end_ts_ns,
                           anchor_,
                           out.snapshot.window_valid,
                           depth(at_start_.side('B')),
                           depth(at_start_.side('A')),
                           depth(bids),
                           depth(asks),
                           PlainChanges::of(at_start_, events_),
                           {}};
        if (anchor_ > 0) add_wall(out, second, 'B', bids), add_wall(out, second, 'A', asks);
        out.radar = radar_.close(second);
        out.wall = std::move(second.wall);
    }
    static PlainDepth depth(const PlainSide& levels) {
        PlainDepth depth;
        for (const auto& [price, level] : levels) depth[price] = static_cast<double>(level.qty);
        return depth;
    }
    void add_wall(const windows::Window& out, PlainSecond& second, char side, const PlainSide& levels) {
        for (const std::int64_t price : touched(side, levels)) {
            if (!radar_.reaches(anchor_, price)) continue;
            const windows::DepthAndFlow1s r = row_of(out, side, price, levels, anchor_);
            second.wall.push_back({price, r.side, rel(price, anchor_, grid_.price_increment.nanos),
                                   r.depth_qty_start, r.depth_qty_end, r.add_qty, r.pull_qty_total,
                                   r.depth_qty_rest, r.pull_qty_rest, r.fill_qty});
        }
    }
    [[nodiscard]] std::set<std::int64_t> touched(char side, const PlainSide& levels) const {
        std::set<std::int64_t> prices;
        for (const auto& [price, level] : levels) prices.insert(price);
        for (const auto& [key, f] : book.flow) {
            if (key.first == side && (f.add || f.pull || f.fill)) prices.insert(key.second);
        }
        return prices;
    }
    void add_rows(windows::Window& out, char side, const PlainSide& levels, std::int64_t anchor) {
        std::map<std::int64_t, windows::DepthAndFlow1s> in_buckets;  // by offset
        for (const std::int64_t price : touched(side, levels)) {
            const windows::DepthAndFlow1s r = row_of(out, side, price, levels, anchor);
            if (!buckets()) {
                if (std::fabs(static_cast<long double>(price) - static_cast<long double>(spot_)) <=
                    static_cast<long double>(grid_.tick.nanos) * grid_.half_width_ticks)
                    out.flow.push_back(r);
                continue;
            }
            const std::int32_t o = rel(price, spot_, grid_.tick.nanos);
            if (std::abs(o) > grid_.half_width_ticks) continue;
            windows::DepthAndFlow1s& b = in_buckets[o];
            b.price_int = windows::grid_price(spot_, o, grid_);
            b.side = r.side;
            b.rel_ticks = o;
            b.rel_ticks_side = static_cast<std::int32_t>(std::clamp<std::int64_t>(
                std::int64_t{o} - rel(anchor, spot_, grid_.tick.nanos), -2147483647, 2147483647));
            b.depth_qty_start += r.depth_qty_start;
            b.depth_qty_end += r.depth_qty_end;
            b.add_qty += r.add_qty;
            b.pull_qty_total += r.pull_qty_total;
            b.pull_qty_rest += r.pull_qty_rest;
            b.fill_qty += r.fill_qty;
            b.depth_qty_rest += r.depth_qty_rest;
        }
        for (const auto& [offset, row] : in_buckets) out.flow.push_back(row);
    }
    [[nodiscard]] windows::DepthAndFlow1s row_of(const windows::Window& out, char side, std::int64_t price,
                                                 const PlainSide& levels, std::int64_t anchor) const {
        windows::DepthAndFlow1s r;
        const auto level = levels.find(price);
        const auto found = book.flow.find({side, price});
        const PlainBook::Flow f = found == book.flow.end() ? PlainBook::Flow{} : found->second;
        r.price_int = price;
        r.side = side == 'B' ? market::Side::bid : market::Side::ask;
        r.rel_ticks = rel(price, spot_, grid_.tick.nanos);
        r.rel_ticks_side = rel(price, anchor, grid_.tick.nanos);
        r.depth_qty_end = level == levels.end() ? 0 : level->second.qty;
        r.depth_qty_start = std::max<std::int64_t>(0, r.depth_qty_end - f.add + f.pull + f.fill);
        r.add_qty = f.add;
        r.pull_qty_total = f.pull;
        r.pull_qty_rest = f.pull_rest;
        r.fill_qty = f.fill;
        for (const auto& [key, o] : book.orders) {
            if (o.side == side && o.price == price &&
                out.snapshot.window_end_ts_ns - o.t_enter >= grid_.rest_ns)
                r.depth_qty_rest += o.qty;
        }
        return r;
    }

    market::Grid grid_;
    market::SessionWindow session_;
    std::optional<std::int64_t> window_;
    std::int64_t records_ = 0, late_ = 0, trades_ = 0, anomalies_ = 0;
    bool crossed_ = false, disrupted_ = false;
    std::uint64_t clears_ = 0, disruptions_ = 0;
    std::int64_t bid_start_ = 0, ask_start_ = 0, spot_ = 0;
    std::vector<Published> published_;  // of the window, after the last one before it
    std::int64_t anchor_ = 0;           // spot before it is rounded to a bucket
    PlainBook at_start_;                // the book at window start
    PlainEvents events_;                // and what was applied since
    PlainRadar radar_;
};

}  // namespace spymaster::testing
