// How the traders of a simulated market usually behave: how much they leave at a price, how their orders are
// distributed in size and distance, how hard they chase the price. Numbers only: markets differ by these.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "feed/simulated/random.hpp"

namespace spymaster::feed {

// A part of a distribution: what is drawn below this many thousandths (and not below the part before) is
// first, first + step, ..., one of `count` values.
struct Band {
    std::uint32_t below = 0;
    std::int32_t first = 0;
    std::uint32_t count = 1;
    std::int32_t step = 1;
};

// Ticks that are multiples of it have so many times the usual depth.
struct RoundPrice {
    std::int32_t ticks = 1;
    double times = 1.0;
};

struct Habits {
    // Depth of a tick, in lots (of an equity: shares).
    std::array<double, 3> near_lots;    // at the best price, and one and two ticks behind it
    double lots;                        // further behind, to `fade_from`
    std::int32_t fade_from;             // ticks; from there on it falls as 1 / distance,
    double least_lots;                  // but not below this
    std::array<RoundPrice, 3> rounds;   // the first that fits counts
    std::array<std::int32_t, 2> reach;  // of the orders there at first: ticks of bids, of asks
    std::int32_t sparse_from;           // further behind, ticks that are no multiple of
    std::int32_t sparse_unless;         // this
    double sparse_chance;               // are left empty that often at first

    // Orders.
    std::span<const Band> order_sizes;
    std::span<const Band> aggressor_sizes;
    std::span<const Band> distances;  // of a new limit order, ticks behind the best price of its side
    double snap_chance;               // far orders that choose a round price
    double modify_chance;             // of what is changed and not added: moved or resized, else cancelled
    std::uint32_t size_step;          // by which a moved order grows
    double iceberg_chance;            // of orders added near the best price
    double hidden_chance;             // of aggressors: meet an order that nobody saw

    // Aggressors.
    double trade_chance;  // of an event, when the price is where it should be
    double chase_chance;  // more of it, when it is far away
    double sweep_chance;  // then: takes the whole level, and waits there with the rest
    std::int64_t sweep_most;
    std::uint32_t sweep_more;
    double reach_chance;  // goes on for `reach_ticks` behind the best price
    std::int32_t reach_ticks;

    // Regimes.
    std::int32_t vacuum_ticks;  // of the side ahead, pulled away
    std::int32_t wall_reach;    // a wall within that many ticks of the best price is worked on
    double wall_lots;           // lots of a wall for one of the future's

    // The lots that a tick usually has, `distance` ticks from the best price of its side.
    [[nodiscard]] double usual_lots(std::int32_t tick, std::int32_t distance) const;
    // Lots of a new limit order.
    std::uint32_t order_size(Random& random) const;
    // Lots of an aggressive order.
    std::uint32_t aggressor_size(Random& random) const;
    // Where a limit order goes: ticks behind the best price of its side.
    std::int32_t usual_distance(Random& random) const;
};

// Chosen by eye after two real ES files. Orders of 1 to 80 lots, mean 2.6; aggressors of 1 to 60, mean 5.
extern const Habits kFutureHabits;
// Of an index fund in cents and shares: a few hundred shares a cent, thousands at whole and half dollars.
extern const Habits kFundHabits;

}  // namespace spymaster::feed
