#include "windows/window_engine.hpp"

#include <algorithm>

namespace spymaster::windows {

namespace {

// The distance between two prices, without overflow.
std::uint64_t distance(std::int64_t a, std::int64_t b) {
    return a > b ? static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b)
                 : static_cast<std::uint64_t>(b) - static_cast<std::uint64_t>(a);
}

}  // namespace

WindowEngine::WindowEngine(const market::Grid& grid, market::SessionWindow session, WindowSink& sink,
                           Compatibility rules)
    : grid_(grid),
      rules_(rules),
      clock_(grid, session),
      sink_(sink),
      book_(std::min(grid.tick, grid.price_increment), grid.rest_ns,
            {.order_changes = true, .snapshots_are_flow = rules == Compatibility::reference}),
      flow_rows_(grid),
      wall_rows_(grid.price_increment, rules),
      radar_(grid.price_increment, rules) {}

// Makes the window that owns `t` the current one, emitting those before it; false once the session is over.
bool WindowEngine::roll_to(std::int64_t t) {
    return clock_.roll_to(t, [this] { open_window(); }, [this] { close_window(); });
}

void WindowEngine::finish() {
    clock_.finish([this] { open_window(); }, [this] { close_window(); });
}

void WindowEngine::open_window() {
    book_.begin_window(clock_.end(), clock_.emitting());
    imbalance_.begin_window();
    if (!clock_.emitting()) return;
    const book::Ladder& ladder = book_.ladder();
    const book::Continuity& continuity = book_.continuity();
    const std::int64_t anchor = spot_anchor();
    radar_.open(ladder, anchor);
    at_start_ = {.records = records_,
                 .late = late_,
                 .trades = trades_,
                 .anomalies = book_.anomalies().total(),
                 .crossed = book_.crossed_publishes().count,
                 .clears = continuity.clears(),
                 .disruptions = continuity.disruptions(),
                 .crossed_now = book_.crossed_now(),
                 .disrupted = continuity.loading() || !continuity.valid(),
                 .best_bid = ladder.empty(market::Side::bid) ? 0 : ladder.best_price(market::Side::bid),
                 .best_ask = ladder.empty(market::Side::ask) ? 0 : ladder.best_price(market::Side::ask),
                 .anchor = anchor,
                 .spot = has_buckets(grid_) ? bucketed_spot(anchor, grid_.tick.nanos) : anchor};
}

void WindowEngine::close_window() {
    fill_snapshot();
    BookSnapshot1s& snapshot = window_.snapshot;
    const book::Continuity& continuity = book_.continuity();
    const bool cleared = continuity.clears() != at_start_.clears;
    const bool disrupted = at_start_.disrupted || continuity.disruptions() != at_start_.disruptions;
    snapshot.window_valid = snapshot.book_valid && !disrupted;
    if (!cleared) identity_violations_ += count_identity_violations(book_);
    fill_flow(cleared);
    fill_wall(cleared);
    ++windows_;
    flow_row_count_ += window_.flow.size();
    wall_row_count_ += window_.wall.size();
    sink_.on_window(window_);
}

void WindowEngine::fill_flow(bool cleared) {
    window_.flow.clear();
    if (at_start_.spot <= 0) return;
    const BookSnapshot1s& snapshot = window_.snapshot;
    const auto anchor = [&](std::int64_t start, std::int64_t now) {
        return start != 0 ? start : now != 0 ? now : at_start_.spot;
    };
    flow_rows_.collect(book_,
                       {.spot = at_start_.spot,
                        .bid_anchor = anchor(at_start_.best_bid, snapshot.best_bid_price_int),
                        .ask_anchor = anchor(at_start_.best_ask, snapshot.best_ask_price_int),
                        .cleared = cleared},
                       window_.flow);
}

void WindowEngine::fill_wall(bool cleared) {
    const std::int64_t spot = wall_spot();
    const bool valid = window_.snapshot.window_valid;
    window_.wall_spot_ref_price_int = spot;
    window_.wall.clear();
    window_.radar.reset();
    if (spot <= 0) {
        wall_rows_.skip();
        radar_.skip();
        return;
    }
    wall_rows_.collect(book_, spot, cleared, valid, window_.wall);
    window_.radar = radar_.close(book_, spot, valid);
}

// Compatibility: the last trade even if it is off the book by then (radar spec D-27).
std::int64_t WindowEngine::wall_spot() const {
    if (rules_ == Compatibility::corrected) return at_start_.anchor;
    if (book_.last_trade() != 0) return book_.last_trade();
    return window_.snapshot.book_valid ? window_.snapshot.best_bid_price_int : 0;
}

void WindowEngine::fill_snapshot() {
    BookSnapshot1s& row = window_.snapshot;
    row = {};
    row.window_start_ts_ns = clock_.start();
    row.window_end_ts_ns = clock_.end();
    const book::Ladder& ladder = book_.ladder();
    if (!ladder.empty(market::Side::bid)) {
        const book::Level bid = ladder.best(market::Side::bid);
        row.best_bid_price_int = bid.price.nanos;
        row.best_bid_qty = bid.qty;
    }
    if (!ladder.empty(market::Side::ask)) {
        const book::Level ask = ladder.best(market::Side::ask);
        row.best_ask_price_int = ask.price.nanos;
        row.best_ask_qty = ask.qty;
    }
    if (row.best_bid_price_int > 0 && row.best_ask_price_int > 0) {
        // Unsigned, as the sum of two prices without end may need the 64th bit.
        const std::uint64_t sum = static_cast<std::uint64_t>(row.best_bid_price_int) +
                                  static_cast<std::uint64_t>(row.best_ask_price_int);
        row.mid_price = (static_cast<double>(sum) * 0.5) * market::kPriceScale;
        const std::uint64_t half = sum / 2;
        row.mid_price_int = static_cast<std::int64_t>(half + (sum & half & 1));
    }
    row.last_trade_price_int = book_.last_trade();
    row.spot_ref_price_int = at_start_.spot;
    row.book_valid = book_.continuity().valid();
    row.epoch = book_.continuity().epoch();
    row.record_count = static_cast<std::int64_t>(records_ - at_start_.records);
    row.trade_count = static_cast<std::int64_t>(trades_ - at_start_.trades);
    row.anomaly_count = static_cast<std::int64_t>(book_.anomalies().total() - at_start_.anomalies);
    row.late_count = static_cast<std::int64_t>(late_ - at_start_.late);
    row.order_flow_imbalance_qty = imbalance_.qty();
    row.crossed = at_start_.crossed_now || book_.crossed_publishes().count != at_start_.crossed;
}

// Spec 4.2.3: the last trade while it is a price of the book, else the best price nearest to it.
std::int64_t WindowEngine::spot_anchor() const {
    const book::Ladder& ladder = book_.ladder();
    const std::int64_t last = book_.last_trade();
    const auto occupied = [&](market::Side side) {
        const std::uint32_t cell = ladder.find_cell(last, side);
        return cell != book::Ladder::kNoCell && ladder.cell(cell).qty != 0;
    };
    if (last > 0 && (occupied(market::Side::bid) || occupied(market::Side::ask))) return last;
    const bool has_bid = !ladder.empty(market::Side::bid);
    const bool has_ask = !ladder.empty(market::Side::ask);
    const std::int64_t bid = ladder.best_price(market::Side::bid);
    const std::int64_t ask = ladder.best_price(market::Side::ask);
    if (has_bid && has_ask) return last == 0 || distance(last, bid) <= distance(ask, last) ? bid : ask;
    if (has_bid) return bid;
    return has_ask ? ask : last;
}

EngineTotals WindowEngine::totals() const {
    return {.records = records_,
            .late_records = late_,
            .windows = windows_,
            .flow_rows = flow_row_count_,
            .wall_rows = wall_row_count_,
            .identity_violations = identity_violations_,
            .anomalies = book_.anomalies(),
            .crossed = book_.crossed_publishes()};
}

}  // namespace spymaster::windows
