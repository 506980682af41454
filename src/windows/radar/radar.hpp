// The radar of one book, window by window (radar spec 1.9): depth at both ends of a window, what orders did in it, and how
// that changed from second to second.
//
// Depth at window start is copied at window open, from the 41 ticks in influence; the reference's spot is known only at window
// end, so there all levels are. Derivatives have a memory from one valid window to the next only; the reference's from one
// row to the next. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>

#include "book/book.hpp"
#include "market/price.hpp"
#include "windows/compatibility.hpp"
#include "windows/differences.hpp"
#include "windows/radar/approach.hpp"
#include "windows/radar/buckets.hpp"
#include "windows/radar/depth_statistics.hpp"
#include "windows/radar/radar_row.hpp"

namespace spymaster::windows {

class Radar {
  public:
    // REQUIRES: tick > 0, the price increment of the book
    Radar(market::PriceDelta tick, Compatibility rules)
        : tick_(tick.nanos), rules_(rules), buckets_(tick.nanos) {}

    // A window begins, at whose start spot is `spot`.
    void open(const book::Ladder& ladder, std::int64_t spot);
    // It ends. REQUIRES: spot > 0, that of open() unless the rules are the reference's; the book keeps changes
    RadarVacuum1s close(const book::Book& book, std::int64_t spot, bool window_valid);
    // It ends without a spot, and so without a row.
    void skip();

  private:
    void difference(RadarVacuum1s& row, bool window_valid);

    std::int64_t tick_;
    Compatibility rules_;
    Buckets buckets_;
    std::array<RestingSide, 2> at_start_;  // by side
    RestingSide at_end_;                   // reused
    ApproachTrack approach_;
    bool remembers_ = false;
    std::array<DifferenceMemory<double>, kRadarFeatures> memory_;
};

}  // namespace spymaster::windows
