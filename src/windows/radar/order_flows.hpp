// What the orders of one side did in a window, as far as they were in influence (radar spec 1.9b). Of each change of an order,
// qty before and after count where it is within 20 ticks of spot on this side, else 0; delta is after - before:
//
//   add             sum of delta > 0: new orders, larger ones, and those that came near
//   pull            sum of -delta > 0 of orders that had rested: withdrawn, made smaller, or moved away
//   pull_at, _near  of it, from these buckets
//   away, toward    whole quantity of rested orders that a Modify moved away from spot, or toward it; one at or across spot
//                   counts as toward, even if only its size changed
//
//   unit    lots or shares
//   range   at least 0; pull_at + pull_near <= pull
//   edge    a snapshot's orders are no adds; what was filled is no pull, and what settles a fill is not repriced; a clear
//           forgets what was before it in the window; a side changed is withdrawn here and added there
//   spec    radar 1.9b, D-6, D-7, D-25, D-26
#pragma once

#include <cstdint>

#include "book/book.hpp"
#include "market/side.hpp"
#include "windows/radar/buckets.hpp"

namespace spymaster::windows {

struct OrderFlows {
    std::int64_t add = 0;
    std::int64_t pull = 0;
    std::int64_t pull_at = 0;
    std::int64_t pull_near = 0;
    std::int64_t away = 0;
    std::int64_t toward = 0;
    bool operator==(const OrderFlows&) const = default;
};

struct BothOrderFlows {
    OrderFlows bid;
    OrderFlows ask;
};

// Of the changes of the current window. REQUIRES: spot > 0; the book keeps changes.
BothOrderFlows order_flows(const book::Book& book, std::int64_t spot, const Buckets& buckets);

}  // namespace spymaster::windows
