// How far an order is from spot, in four buckets of price increments (radar spec 1.8):
//
//   k = (price - spot) / tick of an ask, (spot - price) / tick of a bid, to the nearest integer, halves to even
//   at 0..2    near 3..5    mid 6..14    far 15..20    out beyond, and asks below spot or bids above it
//
//   unit    ticks
//   range   a price at spot is `at` for both sides
//   edge    exact in integers: half-way prices round to the even k, so 2.5 is at, 5.5 mid, 14.5 mid, 20.5 far
//   spec    radar 1.8
#pragma once

#include <array>
#include <cstdint>
#include <limits>

#include "market/side.hpp"

namespace spymaster::windows {

enum class Bucket : std::uint8_t { at, near, mid, far, out };

inline constexpr int kInfluenceTicks = 20;  // buckets end here

class Buckets {
  public:
    // REQUIRES: tick > 0
    explicit Buckets(std::int64_t tick)
        : last_{halves(5, tick), halves(11, tick, 1), halves(29, tick), halves(41, tick)} {}

    [[nodiscard]] Bucket of(market::Side side, std::int64_t price, std::int64_t spot) const {
        const bool ask = side == market::Side::ask;
        const bool behind = ask ? price < spot : price > spot;
        // Unsigned: the distance of two 64-bit prices may need the 64th bit.
        const std::uint64_t away = static_cast<std::uint64_t>(price) - static_cast<std::uint64_t>(spot);
        const std::uint64_t distance = ask ? away : 0 - away;
        // PERF: counted, not searched: which bucket an order is in cannot be foretold.
        unsigned bucket = 0;
        for (const std::uint64_t last : last_) bucket += distance > last ? 1U : 0U;
        return behind ? Bucket::out : static_cast<Bucket>(bucket);
    }

  private:
    // The largest distance that is at most (below, with less = 1) so many halves of a tick.
    static std::uint64_t halves(std::uint64_t count, std::int64_t tick, std::uint64_t less = 0) {
        std::uint64_t distance = 0;
        if (__builtin_mul_overflow(static_cast<std::uint64_t>(tick), count, &distance))
            return std::numeric_limits<std::uint64_t>::max();
        return (distance - less) / 2;
    }

    std::array<std::uint64_t, 4> last_;  // distance at which each bucket ends
};

}  // namespace spymaster::windows
