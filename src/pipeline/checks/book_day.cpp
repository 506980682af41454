#include "pipeline/checks/book_day.hpp"

#include "pipeline/checks/table_rows.hpp"
#include "pipeline/day/plan.hpp"
#include "windows/flow_rows.hpp"

namespace spymaster::pipeline::checks {

namespace {

enum Column : std::size_t {
    kStart,
    kEnd,
    kBid,
    kBidQty,
    kAsk,
    kAskQty,
    kMid,
    kMidInt,
    kSpot,
    kTrades,
    kEpoch,
    kBookValid,
    kCrossed,
    kWindowValid
};
const std::vector<std::string> kColumns{"window_start_ts_ns",
                                        "window_end_ts_ns",
                                        "best_bid_price_int",
                                        "best_bid_qty",
                                        "best_ask_price_int",
                                        "best_ask_qty",
                                        "mid_price",
                                        "mid_price_int",
                                        "spot_ref_price_int",
                                        "trade_count",
                                        "epoch",
                                        "book_valid",
                                        "crossed",
                                        "window_valid"};

}  // namespace

const windows::BookSnapshot1s* BookDay::find(std::int64_t window_end_ts_ns) const {
    const auto found = at.find(window_end_ts_ns);
    return found == at.end() ? nullptr : &windows[found->second];
}

bool BookDay::is_spot_of(std::int64_t anchor, const windows::BookSnapshot1s& window) const {
    const bool rounded = grid.tick != grid.price_increment;
    return (rounded ? windows::bucketed_spot(anchor, grid.tick.nanos) : anchor) == window.spot_ref_price_int;
}

Result<BookDay> read_book_day(const lake::Lake& lake, const Subject& subject) {
    BookDay day;
    day.subject = subject;
    day.key = subject.silver("book_snapshot_1s");
    SPY_ASSIGN(day.manifest, lake.manifest(day.key));
    SPY_ASSIGN(day.grid, grid_of(day.manifest));
    SPY_ASSIGN(TableRows rows, TableRows::open(lake, day.key, kColumns));
    for (;;) {
        SPY_ASSIGN(const bool more, rows.next());
        if (!more) break;
        windows::BookSnapshot1s window;
        window.window_start_ts_ns = rows.integer(kStart);
        window.window_end_ts_ns = rows.integer(kEnd);
        window.best_bid_price_int = rows.integer(kBid);
        window.best_bid_qty = rows.integer(kBidQty);
        window.best_ask_price_int = rows.integer(kAsk);
        window.best_ask_qty = rows.integer(kAskQty);
        window.mid_price = rows.real(kMid);
        window.mid_price_int = rows.integer(kMidInt);
        window.spot_ref_price_int = rows.integer(kSpot);
        window.trade_count = rows.integer(kTrades);
        window.epoch = rows.integer(kEpoch);
        window.book_valid = rows.flag(kBookValid);
        window.crossed = rows.flag(kCrossed);
        window.window_valid = rows.flag(kWindowValid);
        day.at.emplace(window.window_end_ts_ns, day.windows.size());
        day.windows.push_back(window);
    }
    day.anchors.assign(day.windows.size(), 0);
    return day;
}

}  // namespace spymaster::pipeline::checks
