// The book of one simulated option: some twenty orders, best first, in price-time priority. MatchingBook keeps a
// queue for every tick there could be, which thousands of options, each with hundreds of points of ticks,
// would not fit in memory.
//
// Invariants: (1) the best bid is below the best ask; (2) each side is sorted by price, then by place in queue.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "feed/simulated/matching_book.hpp"
#include "market/side.hpp"

namespace spymaster::feed {

class OptionBook {
  public:
    static constexpr std::int32_t kNoBid = 0;
    static constexpr std::int32_t kNoAsk = std::numeric_limits<std::int32_t>::max();

    struct Filled {
        std::uint64_t id = 0;
        std::int32_t tick = 0;
        std::uint32_t size_before = 0;
        std::uint32_t filled = 0;
    };

    [[nodiscard]] const std::vector<RestingOrder>& orders(market::Side side) const {
        return sides_[index(side)];
    }
    // Its tick, or kNoBid or kNoAsk.
    [[nodiscard]] std::int32_t best(market::Side side) const {
        const auto& orders = sides_[index(side)];
        if (!orders.empty()) return orders.front().tick;
        return side == market::Side::bid ? kNoBid : kNoAsk;
    }
    // nullptr: not there (any more).
    [[nodiscard]] const RestingOrder* find(market::Side side, std::uint64_t id) const {
        const auto& orders = sides_[index(side)];
        const auto found = std::ranges::find(orders, id, &RestingOrder::id);
        return found == orders.end() ? nullptr : &*found;
    }

    // REQUIRES: size > 0; does not cross.
    void add(const RestingOrder& order) {
        SPY_ASSERT(order.size > 0 && order.tick > kNoBid);
        SPY_ASSERT(order.side == market::Side::bid ? order.tick < best(market::Side::ask)
                                                   : order.tick > best(market::Side::bid));
        auto& orders = sides_[index(order.side)];
        const auto behind = std::ranges::find_if(orders, [&](const RestingOrder& other) {
            return order.side == market::Side::bid ? other.tick < order.tick : other.tick > order.tick;
        });
        orders.insert(behind, order);
    }
    // REQUIRES: is there.
    RestingOrder remove(market::Side side, std::uint64_t id) {
        auto& orders = sides_[index(side)];
        const auto found = std::ranges::find(orders, id, &RestingOrder::id);
        SPY_ASSERT(found != orders.end());
        const RestingOrder order = *found;
        orders.erase(found);
        return order;
    }
    // Keeps its place. REQUIRES: is there; 0 < size < its size.
    void shrink(market::Side side, std::uint64_t id, std::uint32_t size) {
        auto& orders = sides_[index(side)];
        const auto found = std::ranges::find(orders, id, &RestingOrder::id);
        SPY_ASSERT(found != orders.end() && size > 0 && size < found->size);
        found->size = size;
    }
    // Fills up to `quantity` at the best price of the other side, in queue order; `filled` gets what was.
    // Returns what is left of it. REQUIRES: that side is not empty.
    std::uint32_t match_best(market::Side aggressor, std::uint32_t quantity, std::vector<Filled>& filled) {
        auto& orders = sides_[index(market::opposite(aggressor))];
        SPY_ASSERT(!orders.empty());
        const std::int32_t tick = orders.front().tick;
        while (quantity > 0 && !orders.empty() && orders.front().tick == tick) {
            RestingOrder& order = orders.front();
            const std::uint32_t size = std::min(quantity, order.size);
            filled.push_back({.id = order.id, .tick = tick, .size_before = order.size, .filled = size});
            quantity -= size;
            order.size -= size;
            if (order.size == 0) orders.erase(orders.begin());
        }
        return quantity;
    }

  private:
    static std::size_t index(market::Side side) { return static_cast<std::size_t>(side); }

    std::vector<RestingOrder> sides_[2];
};

}  // namespace spymaster::feed
