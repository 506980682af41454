// Where the depth of one side lies (radar spec 1.9a), over its levels in influence, those within 20 ticks of spot:
//
//   total, at, near, far   quantity in all buckets (mid is in the total only), and in three of them
//   centre                 distance of the centre of mass: |sum(price * qty) / total - spot| / tick; 20 without depth
//   touch                  distance of the level nearest to spot; 20 without one
//
//   unit    lots or shares; centre and touch in ticks
//   range   quantities at least 0, distances 0 to 20.5
//   edge    no level in influence: 0, 0, 0, 0, 20, 20
//   spec    radar 1.9a
#pragma once

#include <cstdint>
#include <vector>

#include "book/ladder.hpp"
#include "market/side.hpp"
#include "windows/radar/buckets.hpp"
#include "windows/touched_levels.hpp"

namespace spymaster::windows {

struct DepthStatistics {
    double total = 0.0;
    double at = 0.0;
    double near = 0.0;
    double far = 0.0;
    double centre_ticks = kInfluenceTicks;
    double touch_ticks = kInfluenceTicks;
    bool operator==(const DepthStatistics&) const = default;
};

// The occupied levels of one side, prices ascending, at some moment.
struct RestingLevel {
    std::int64_t price;
    std::int64_t qty;
};
using RestingSide = std::vector<RestingLevel>;

// Replaces `out` by the levels of a side within a range.
void copy_levels(const book::Ladder& ladder, market::Side side, PriceRange range, RestingSide& out);

// The centre is summed in doubles, prices ascending. REQUIRES: spot > 0, tick > 0
DepthStatistics depth_statistics(const RestingSide& levels, market::Side side, std::int64_t spot,
                                 std::int64_t tick);

}  // namespace spymaster::windows
