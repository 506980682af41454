// The wall rows of a window that closes now (radar spec 1.7): every level within 600 price increments of spot that is occupied
// or had flow, with the derivatives of its depth from second to second.
//
// Corrected derivatives: a level without a row in the second before had a depth of 0 there, if that second reached as far as it;
// so a level that goes silent and comes back is followed through its silence. A level that was out of reach has no
// memory, nor has any after a window that is not valid or has no spot: then derivatives are 0. A gap, a clear or a
// snapshot makes its window invalid, so no memory outlives an epoch.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "book/book.hpp"
#include "market/price.hpp"
#include "windows/compatibility.hpp"
#include "windows/differences.hpp"
#include "windows/rows.hpp"
#include "windows/touched_levels.hpp"

namespace spymaster::windows {

inline constexpr int kWallReachTicks = 600;

class WallRows {
  public:
    // REQUIRES: tick > 0, the price increment of the book
    WallRows(market::PriceDelta tick, Compatibility rules) : tick_(tick.nanos), rules_(rules) {}

    // Replaces `out` by the rows of the window: bids, then asks, prices ascending. Windows in time order, each once.
    // `cleared` as in FlowFrame. REQUIRES: spot > 0
    void collect(const book::Book& book, std::int64_t spot, bool cleared, bool window_valid,
                 std::vector<WallRow1s>& out);

    // The window has no spot, and so no rows.
    void skip();

  private:
    using Memory = DifferenceMemory<std::int64_t>;
    struct Remembered {
        std::int64_t price;
        Memory depth;
    };
    using Levels = std::vector<Remembered>;  // prices ascending; those not in it were 0 for three seconds

    void difference(std::vector<WallRow1s>& rows, PriceRange range);
    void difference_side(std::vector<WallRow1s>::iterator row, std::vector<WallRow1s>::iterator end,
                         Levels& before, PriceRange range);
    void remember_silent(const Remembered& level, PriceRange range);
    void difference_as_reference(std::vector<WallRow1s>& rows);

    std::int64_t tick_;
    Compatibility rules_;
    TouchedLevels levels_;
    bool remembers_ = false;        // the window before was valid
    PriceRange reached_;            // and this far it reached
    std::array<Levels, 2> before_;  // by side
    Levels now_;                    // of one side while it is gone through; reused
    std::map<std::pair<market::Side, std::int64_t>, Memory> last_rows_;  // reference
};

}  // namespace spymaster::windows
