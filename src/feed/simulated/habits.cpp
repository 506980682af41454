#include "feed/simulated/habits.hpp"

#include <algorithm>

namespace spymaster::feed {

namespace {

std::int32_t draw(std::span<const Band> bands, Random& random) {
    const std::uint32_t u = random.below(1000);
    const Band* band = bands.data();
    while (u >= band->below) ++band;
    if (band->count == 1) return band->first;
    return band->first + band->step * static_cast<std::int32_t>(random.below(band->count));
}

constexpr Band kFutureOrders[]{{620, 1},  {760, 2},    {830, 3},      {870, 5},      {900, 4},
                               {925, 10}, {950, 6, 4}, {990, 11, 15}, {1000, 26, 55}};
constexpr Band kFutureAggressors[]{{500, 1}, {650, 2}, {800, 3, 4}, {950, 5, 11}, {1000, 15, 46}};
constexpr Band kFutureDistances[]{{480, 0}, {740, 1, 4}, {880, 5, 16}, {960, 21, 40}, {1000, 61, 190}};

// Round lots of 100 shares, and odd lots.
constexpr Band kFundOrders[]{{60, 1},        {170, 2, 98},       {300, 10, 9, 10},
                             {780, 100},     {880, 200},         {930, 300, 3, 100},
                             {965, 101, 99}, {993, 500, 6, 100}, {1000, 1'000, 5, 500}};
constexpr Band kFundAggressors[]{{250, 1, 99},       {650, 100},         {800, 200},
                                 {920, 300, 3, 100}, {985, 600, 5, 100}, {1000, 1'500, 6, 500}};
constexpr Band kFundDistances[]{{420, 0},      {640, 1, 4},     {800, 5, 16},
                                {900, 21, 80}, {955, 101, 500}, {1000, 601, 4'400}};

}  // namespace

constexpr Habits kFutureHabits{.near_lots = {26.0, 36.0, 46.0},
                               .lots = 58.0,
                               .fade_from = 80,
                               .least_lots = 0.0,
                               .rounds = {{{20, 1.8}, {4, 1.2}, {1, 1.0}}},  // 5 points, 1 point
                               .reach = {900, 520},
                               .sparse_from = 200,
                               .sparse_unless = 4,
                               .sparse_chance = 0.6,
                               .order_sizes = kFutureOrders,
                               .aggressor_sizes = kFutureAggressors,
                               .distances = kFutureDistances,
                               .snap_chance = 0.0,
                               .modify_chance = 0.42,
                               .size_step = 1,
                               .iceberg_chance = 0.015,
                               .hidden_chance = 0.0,
                               .trade_chance = 0.03,
                               .chase_chance = 0.1,
                               .sweep_chance = 0.1,
                               .sweep_most = 400,
                               .sweep_more = 9,
                               .reach_chance = 0.06,
                               .reach_ticks = 2,
                               .vacuum_ticks = 14,
                               .wall_reach = 40,
                               .wall_lots = 1.0};

constexpr Habits kFundHabits{.near_lots = {160.0, 240.0, 290.0},
                             .lots = 300.0,
                             .fade_from = 15,
                             .least_lots = 40.0,
                             .rounds = {{{100, 12.0}, {50, 6.0}, {10, 1.5}}},
                             .reach = {6'000, 5'500},
                             .sparse_from = 40,
                             .sparse_unless = 50,
                             .sparse_chance = 0.93,
                             .order_sizes = kFundOrders,
                             .aggressor_sizes = kFundAggressors,
                             .distances = kFundDistances,
                             .snap_chance = 0.95,
                             .modify_chance = 0.15,
                             .size_step = 100,
                             .iceberg_chance = 0.0,
                             .hidden_chance = 0.15,
                             .trade_chance = 0.01,
                             .chase_chance = 0.06,
                             .sweep_chance = 0.25,
                             .sweep_most = 2'000,
                             .sweep_more = 300,
                             .reach_chance = 0.15,
                             .reach_ticks = 4,
                             .vacuum_ticks = 35,
                             .wall_reach = 100,
                             .wall_lots = 20.0};

double Habits::usual_lots(std::int32_t tick, std::int32_t distance) const {
    double usual = lots;
    if (distance < 3) usual = near_lots[static_cast<std::size_t>(std::max(distance, 0))];
    if (distance > fade_from) usual = std::max(lots * fade_from / distance, least_lots);
    for (const RoundPrice& round : rounds) {
        if (tick % round.ticks == 0) return usual * round.times;
    }
    return usual;
}

std::uint32_t Habits::order_size(Random& random) const {
    return static_cast<std::uint32_t>(draw(order_sizes, random));
}

std::uint32_t Habits::aggressor_size(Random& random) const {
    return static_cast<std::uint32_t>(draw(aggressor_sizes, random));
}

std::int32_t Habits::usual_distance(Random& random) const {
    return draw(distances, random);
}

}  // namespace spymaster::feed
