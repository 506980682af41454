// The flow rows of a window that closes now, read off the book and its ledger: a row a price (spec 4.3) or, where
// prices move in less than a tick of the grid, a row a bucket of one tick (spec 4.4).
//
//   bucket(p) = spot + o * tick        o = (p - spot) / tick to the nearest integer, halves to even
//
// A bucket's quantities are the sums of its prices', each with its own depth at the start. So it keeps the identity.
#pragma once

#include <cstdint>
#include <vector>

#include "book/book.hpp"
#include "market/product.hpp"
#include "windows/rows.hpp"
#include "windows/touched_levels.hpp"

namespace spymaster::windows {

// What the rows are measured from, all as they were at window start. Prices in 1e-9.
struct FlowFrame {
    std::int64_t spot = 0;        // > 0
    std::int64_t bid_anchor = 0;  // rel_ticks_side of bids is counted from here
    std::int64_t ask_anchor = 0;
    bool cleared = false;  // a clear in the window: depths at its start are deduced, not known
};

class FlowRows {
  public:
    explicit FlowRows(const market::Grid& grid) : grid_(grid) {}

    // Replaces `out` by the rows within half_width_ticks of the spot: bids, then asks, prices ascending. Buckets are
    // within by their offset; their rel_ticks_side counts from the anchor's bucket.
    void collect(const book::Book& book, const FlowFrame& frame, std::vector<DepthAndFlow1s>& out);

  private:
    void collect_prices(const book::Book& book, const FlowFrame& frame, market::Side side,
                        std::vector<DepthAndFlow1s>& out);
    void collect_buckets(const book::Book& book, const FlowFrame& frame, market::Side side,
                         std::vector<DepthAndFlow1s>& out);
    market::Grid grid_;
    TouchedLevels levels_;
};

// What the window did to one level, without what depends on the grid: price and rel_ticks. `cleared` as in FlowFrame.
DepthAndFlow1s flow_row(const book::Book& book, std::uint32_t cell, bool cleared);

// Rows of the ledger, in and out of range, for which start + add - pull - fill is not the depth now.
// REQUIRES: no clear in the window.
std::uint64_t count_identity_violations(const book::Book& book);

// The grid gathers prices into buckets.
inline bool has_buckets(const market::Grid& grid) {
    return grid.price_increment < grid.tick;
}

// Where a grid of buckets is centred: a price to the nearest tick, halves to even; 0 where it is not above 0.
std::int64_t bucketed_spot(std::int64_t price, std::int64_t tick);

// (price - anchor) in ticks, halves to even, held within 32 bits.
std::int32_t relative_ticks(std::int64_t price, std::int64_t anchor, std::int64_t tick);

}  // namespace spymaster::windows
