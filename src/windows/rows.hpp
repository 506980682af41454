// The rows of silver: what a closed window says. Names and order are those of the contracts (contracts/silver/*/).
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "market/product.hpp"
#include "market/side.hpp"
#include "windows/radar/radar_row.hpp"

namespace spymaster::windows {

// silver.*.book_snapshot_1s: the book at the end of a window (spec 4.2.4), and how good the data were.
struct BookSnapshot1s {
    std::int64_t window_start_ts_ns = 0;
    std::int64_t window_end_ts_ns = 0;
    std::int64_t best_bid_price_int = 0;  // 1e-9; 0 where the side is empty
    std::int64_t best_bid_qty = 0;
    std::int64_t best_ask_price_int = 0;
    std::int64_t best_ask_qty = 0;
    double mid_price = 0.0;  // points; 0.0 unless both sides are there
    std::int64_t mid_price_int = 0;
    std::int64_t last_trade_price_int = 0;  // carried forward; 0 before the first trade
    std::int64_t spot_ref_price_int = 0;    // anchor at window start (spec 4.2.3); of buckets, a whole tick
    bool book_valid = false;
    std::int64_t epoch = 0;          // grows by one at every clear, snapshot or gap
    std::int64_t record_count = 0;   // records applied in this window
    std::int64_t trade_count = 0;    // of them trades (action T)
    std::int64_t anomaly_count = 0;  // of them inconsistent with the book: unknown ids, duplicate adds, ...
    std::int64_t late_count = 0;     // of them stamped before the window they were applied in
    bool crossed = false;            // at some published state of the window, best bid >= best ask
    bool window_valid = false;       // book_valid, and no clear, snapshot or gap in the window
    std::int64_t order_flow_imbalance_qty =
        0;  // summed over published states (book/order_flow_imbalance.hpp)

    bool operator==(const BookSnapshot1s&) const = default;
};

// silver.*.depth_and_flow_1s: what happened at one price, or in one bucket of prices (spec 4.4), and side in a
// window (spec 4.3). Quantities are lots or shares.
//   depth_qty_start + add_qty - pull_qty_total - fill_qty == depth_qty_end        in every window without a clear
struct DepthAndFlow1s {
    std::int64_t price_int = 0;
    market::Side side = market::Side::ask;
    std::int32_t rel_ticks = 0;       // from spot_ref
    std::int32_t rel_ticks_side = 0;  // from the best price of its side at window start
    std::int64_t depth_qty_start = 0;
    std::int64_t depth_qty_end = 0;
    std::int64_t add_qty = 0;
    std::int64_t pull_qty_total = 0;
    std::int64_t depth_qty_rest = 0;  // of depth_qty_end, what is at least rest_ns old at window end
    std::int64_t pull_qty_rest = 0;   // of pull_qty_total, what was at least rest_ns old when pulled
    std::int64_t fill_qty = 0;

    bool operator==(const DepthAndFlow1s&) const = default;
};

// The price of a row of the grid: spot plus rel_ticks, held within 64 bits.
inline std::int64_t grid_price(std::int64_t spot_ref_price_int, std::int32_t rel_ticks,
                               const market::Grid& grid) {
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    std::int64_t distance = 0;
    if (__builtin_mul_overflow(grid.tick.nanos, std::int64_t{rel_ticks}, &distance))
        distance = rel_ticks < 0 ? -kMax : kMax;
    std::int64_t price = 0;
    if (__builtin_add_overflow(spot_ref_price_int, distance, &price)) return distance < 0 ? -kMax : kMax;
    return price;
}

// silver.*.wall_surface_1s: one level within 600 price increments of spot (radar spec 1.7). Quantities and the identity as
// in DepthAndFlow1s; there are no buckets here, whatever the grid is.
struct WallRow1s {
    std::int64_t price_int = 0;
    market::Side side = market::Side::ask;
    std::int32_t rel_ticks = 0;  // price increments from the window's wall_spot_ref_price_int
    std::int64_t depth_qty_start = 0;
    std::int64_t depth_qty_end = 0;
    std::int64_t add_qty = 0;
    std::int64_t pull_qty_total = 0;
    std::int64_t depth_qty_rest = 0;
    std::int64_t pull_qty_rest = 0;
    std::int64_t fill_qty = 0;
    std::int64_t d1_depth_qty = 0;  // a second
    std::int64_t d2_depth_qty = 0;
    std::int64_t d3_depth_qty = 0;

    bool operator==(const WallRow1s&) const = default;
};

// A closed window: one snapshot, and what happened at the levels around its spot: flow rows on the grid, wall rows and the
// radar in price increments. Rows are bids first then asks, prices ascending. Without a spot there are no rows and no radar.
// From here on nothing about this window can change.
struct Window {
    BookSnapshot1s snapshot;
    std::vector<DepthAndFlow1s> flow;
    std::int64_t wall_spot_ref_price_int =
        0;  // the anchor itself, where the snapshot's is rounded to a bucket
    std::vector<WallRow1s> wall;
    std::optional<RadarVacuum1s> radar;
};

// Takes closed windows, in time order, one for every second of the session.
class WindowSink {
  public:
    virtual ~WindowSink() = default;
    virtual void on_window(const Window& window) = 0;
};

}  // namespace spymaster::windows
