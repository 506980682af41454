// The wall rows of a window that closes now (radar spec 1.7): every level within 600 price increments of spot that is occupied
// or had flow, with the derivatives of its depth from second to second.
//
// They are those of level_differences.hpp. A gap, a clear or a snapshot makes its window invalid, so no memory outlives an
// epoch here.
#pragma once

#include <cstdint>
#include <vector>

#include "book/book.hpp"
#include "market/price.hpp"
#include "windows/compatibility.hpp"
#include "windows/level_differences.hpp"
#include "windows/rows.hpp"
#include "windows/touched_levels.hpp"

namespace spymaster::windows {

class WallRows {
  public:
    // REQUIRES: tick > 0, the price increment of the book
    WallRows(market::PriceDelta tick, Compatibility rules) : tick_(tick.nanos), depths_(rules) {}

    // Replaces `out` by the rows of the window: bids, then asks, prices ascending. Windows in time order, each once.
    // `cleared` as in FlowFrame. REQUIRES: spot > 0
    void collect(const book::Book& book, std::int64_t spot, bool cleared, bool window_valid,
                 std::vector<WallRow1s>& out);

    // The window has no spot, and so no rows.
    void skip() { depths_.open({}); }

  private:
    std::int64_t tick_;
    TouchedLevels levels_;
    LevelDifferences<std::int64_t> depths_;
};

}  // namespace spymaster::windows
