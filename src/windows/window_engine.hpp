// The one-second clock over one instrument's book: records in, closed windows out (spec 4.2.3 to 4.3).
//
// Takes the records of one instrument of one publisher in file order, and gives its sink one Window for every
// second of the session, events or not. Everything before the session warms the book up and costs no windows.
// A window that has been emitted never changes, and what comes later cannot change it. Derivatives of the wall and
// the radar (radar spec 1.7 to 1.9) begin with the session, without a memory of the time before it. Not
// thread-safe; one engine per instrument.
#pragma once

#include <cstdint>

#include "book/book.hpp"
#include "book/order_flow_imbalance.hpp"
#include "dbn/records.hpp"
#include "market/product.hpp"
#include "market/session.hpp"
#include "windows/compatibility.hpp"
#include "windows/flow_rows.hpp"
#include "windows/radar/radar.hpp"
#include "windows/rows.hpp"
#include "windows/wall_rows.hpp"
#include "windows/window_clock.hpp"

namespace spymaster::windows {

// What has been seen so far, up to the end of the session.
struct EngineTotals {
    std::uint64_t records = 0;
    std::uint64_t late_records = 0;
    std::uint64_t windows = 0;    // emitted
    std::uint64_t flow_rows = 0;  // emitted
    std::uint64_t wall_rows = 0;  // emitted
    std::uint64_t identity_violations =
        0;  // rows where start + add - pull - fill != end in a window without a clear: 0
    book::AnomalyCounts anomalies;
    book::CrossedPublishes crossed;
};

class WindowEngine {
  public:
    // REQUIRES: market::check_grid(grid).ok(); `sink` outlives the engine.
    WindowEngine(const market::Grid& grid, market::SessionWindow session, WindowSink& sink,
                 Compatibility rules = Compatibility::corrected);

    // Applies the next record. After the session's last window (done()) it does nothing.
    void apply(const dbn::MboMsg& msg) {
        const std::int64_t t = book::Book::window_time(msg);
        if (!clock_.covers(t)) [[unlikely]] {
            if (!roll_to(t)) return;
        }
        ++records_;
        late_ += t < clock_.start() ? 1U : 0U;
        trades_ += msg.action == 'T' ? 1U : 0U;
        book_.apply(msg, t);
        if ((msg.flags & dbn::flag::last) != 0) imbalance_.publish(book_.ladder(), book_.continuity());
    }

    // Look-ahead, about sixteen records before apply(). Any bytes may be passed. The levels of one book need none.
    [[gnu::always_inline]] void prefetch_order(const dbn::MboMsg& msg) const { book_.prefetch_order(msg); }

    // No more records: emits what is left, through the end of the session.
    void finish();

    // Every window of the session has been emitted; records from here on change nothing.
    [[nodiscard]] bool done() const { return clock_.done(); }

    [[nodiscard]] EngineTotals totals() const;
    [[nodiscard]] const book::Book& book() const { return book_; }

  private:
    // What stood when the current window began, before its first record. Counters run on from the start of
    // the file.
    struct Start {
        std::uint64_t records = 0;
        std::uint64_t late = 0;
        std::uint64_t trades = 0;
        std::uint64_t anomalies = 0;
        std::uint64_t crossed = 0;
        std::uint64_t clears = 0;
        std::uint64_t disruptions = 0;
        bool crossed_now = false;
        bool disrupted = false;
        std::int64_t best_bid = 0;  // 0 where the side is empty
        std::int64_t best_ask = 0;
        std::int64_t anchor = 0;  // spot of the wall and the radar
        std::int64_t spot = 0;    // of the grid: the same, rounded to a bucket where there are buckets
    };

    bool roll_to(std::int64_t t);
    void open_window();
    void close_window();
    void fill_snapshot();
    void fill_flow(bool cleared);
    void fill_wall(bool cleared);
    [[nodiscard]] std::int64_t wall_spot() const;
    [[nodiscard]] std::int64_t spot_anchor() const;

    market::Grid grid_;
    Compatibility rules_;
    WindowClock clock_;
    WindowSink& sink_;
    book::Book book_;
    book::OrderFlowImbalance imbalance_;  // of the current window
    FlowRows flow_rows_;
    WallRows wall_rows_;
    Radar radar_;

    std::uint64_t records_ = 0;
    std::uint64_t late_ = 0;
    std::uint64_t trades_ = 0;
    Start at_start_;

    Window window_;  // reused: its rows' memory stays
    std::uint64_t windows_ = 0;
    std::uint64_t flow_row_count_ = 0;
    std::uint64_t wall_row_count_ = 0;
    std::uint64_t identity_violations_ = 0;
};

}  // namespace spymaster::windows
