// The rows of silver for options: what a closed window says about all options of one underlying that expire
// that day (the chain). Names are those of the contracts (contracts/silver/*_option_mbo/).
#pragma once

#include <cstdint>
#include <vector>

#include "market/product.hpp"
#include "market/right.hpp"
#include "market/side.hpp"
#include "windows/rows.hpp"

namespace spymaster::windows {

// silver.*_option_mbo.book_snapshot_1s: the best prices of one option at the end of a window (spec 4.7). There
// is one where 0 < bid < ask.
struct OptionQuote1s {
    std::int64_t instrument_id = 0;
    market::Right right = market::Right::call;
    std::int64_t strike_price_int = 0;  // as listed
    std::int64_t bid_price_int = 0;
    std::int64_t ask_price_int = 0;
    double mid_price = 0.0;      // points
    double mid_price_int = 0.0;  // 1e-9, not rounded
    bool book_valid = false;

    bool operator==(const OptionQuote1s&) const = default;
};

// silver.*_option_mbo.depth_and_flow_1s: what happened in a window to all options of a strike bucket, right and
// side, at all their prices (spec 4.8). Quantities are contracts.
//   depth_qty_start + add_qty - pull_qty_total - fill_qty == depth_qty_end        in every window without a clear
struct StrikeFlow1s {
    std::int64_t strike_price_int = 0;  // of the grid: grid_price(spot_ref, rel_ticks)
    market::Right right = market::Right::call;
    market::Side side = market::Side::ask;
    std::int32_t rel_ticks = 0;  // a multiple of the grid's step_ticks
    std::int64_t depth_qty_start = 0;
    std::int64_t depth_qty_end = 0;
    std::int64_t add_qty = 0;
    std::int64_t pull_qty_total = 0;
    std::int64_t pull_qty_rest = 0;
    std::int64_t fill_qty = 0;
    std::int64_t depth_qty_rest = 0;  // 0 where the age of quotes cannot be observed
    bool window_valid = false;        // a spot, and no book of the cell cleared, loading or in a gap

    bool operator==(const StrikeFlow1s&) const = default;
};

// A closed window. `cells` is dense, in every window: right C, P; side A, B; rel_ticks ascending. Without a
// spot (spot_ref_price_int 0) its quantities are 0. From here on nothing about this window can change.
struct ChainWindow {
    std::int64_t window_start_ts_ns = 0;
    std::int64_t window_end_ts_ns = 0;
    std::int64_t spot_ref_price_int = 0;  // of the underlying in this window
    std::vector<OptionQuote1s> quotes;    // by instrument_id
    std::vector<StrikeFlow1s> cells;
};

// The strike of a row of the grid in points: spot and distance are made points of, then added (spec 4.8.3).
inline double strike_points(std::int64_t spot_ref_price_int, std::int32_t rel_ticks,
                            const market::Grid& grid) {
    const std::int32_t offset = rel_ticks / grid.step_ticks;
    const double step = static_cast<double>(grid.tick.nanos) * grid.step_ticks * market::kPriceScale;
    return static_cast<double>(spot_ref_price_int) * market::kPriceScale + offset * step;
}

// Takes closed windows, in time order, one for every second of the session.
class ChainSink {
  public:
    virtual ~ChainSink() = default;
    virtual void on_window(const ChainWindow& window) = 0;
};

}  // namespace spymaster::windows
