// What kind of market it is at the moment: what the order flow aims at, so that there are trends, walls and
// vacuums to see.
//
//   calm ─► pull ─► trend ─► calm        liquidity ahead is pulled, then the price runs into the vacuum
//   calm ─► build ─► siege ─► trend      a wall of orders is built, the price comes to it, and it is eaten
//                        └──► calm       ... or its owner pulls it before it is hit
#pragma once

#include <cstdint>

#include "feed/simulated/matching_book.hpp"
#include "feed/simulated/random.hpp"
#include "market/side.hpp"

namespace spymaster::feed {

enum class RegimeKind : std::uint8_t { calm, pull, trend, build, siege };

class MarketRegime {
  public:
    // `vacuum_ticks`: how far ahead of the price liquidity is pulled.
    MarketRegime(Random random, std::int32_t vacuum_ticks) : random_(random), vacuum_ticks_(vacuum_ticks) {}

    // Moves on if the present regime is over. Times are those of the events.
    void advance(std::int64_t ts_ns, const MatchingBook& book);
    // The same as in another market, whose ticks and lots are so many of this one's.
    void follow(const MarketRegime& other, double ticks, double lots);

    [[nodiscard]] RegimeKind kind() const { return kind_; }
    [[nodiscard]] double drift_ticks_per_second() const { return drift_; }
    // How much faster or slower than usual orders come.
    [[nodiscard]] double activity() const;
    // The side that the price is moving into, or that the wall stands on.
    [[nodiscard]] market::Side side_ahead() const { return ahead_; }
    [[nodiscard]] std::int32_t wall_tick() const { return wall_tick_; }
    // How many lots a tick would have, given what is usual there. `distance` is from the best price of its
    // side.
    [[nodiscard]] double target_lots(market::Side side, std::int32_t tick, std::int32_t distance,
                                     double usual) const;

    [[nodiscard]] std::int32_t vacuum_ticks() const { return vacuum_ticks_; }

  private:
    void start(RegimeKind kind, std::int64_t ts_ns, double seconds);
    void choose_next(std::int64_t ts_ns, const MatchingBook& book);
    void place_wall(const MatchingBook& book);

    Random random_;
    std::int32_t vacuum_ticks_;
    RegimeKind kind_ = RegimeKind::calm;
    std::int64_t until_ns_ = 0;
    double drift_ = 0.0;
    double strength_ = 0.0;  // of the trend to come, ticks a second, positive
    market::Side ahead_ = market::Side::ask;
    std::int32_t wall_tick_ = 0;
    double wall_lots_ = 0.0;
    bool wall_holds_ = true;
};

}  // namespace spymaster::feed
