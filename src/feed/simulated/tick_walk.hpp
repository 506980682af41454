// The price of the markets for studies: it goes one tick up or down at random instants, and stays in between.
//
//   random walk       a fair coin for every move, tossed at that instant and depending on nothing: whatever is
//                     known before, the expected change is 0
//   liquidity drift   the coin leans by a hidden drift d, which comes and goes over half a minute or so; and while
//                     d lasts, liquidity goes on being pulled ahead of the price and built behind it
//
// The hidden state is an Ornstein-Uhlenbeck process in steps of dt; `pulled` gathers it, and forgets:
//   d      += -d dt / tau + spread sqrt(2 dt / tau) normal
//   pulled += (rate d - pulled / memory) dt
// Own random numbers: what the traders do does not change where the price goes.
#pragma once

#include <algorithm>
#include <cstdint>

#include "feed/simulated/random.hpp"
#include "market/side.hpp"

namespace spymaster::feed {

class TickWalk {
  public:
    TickWalk(Random random, bool drifts) : random_(random), drifts_(drifts) {}

    // Lets time pass. `pace`: how busy the market is, 1 being usual; a slow market moves less.
    void advance(double seconds, double pace);
    // The next move that is due, ticks: 1 or -1; 0 if none is. Moves that came due together are taken one by one.
    int next_move();

    // The same drift as in another market, one of whose ticks is so many of this one's.
    void follow(const TickWalk& other, double ticks);

    // d, -1 to 1: how the coin leans.
    [[nodiscard]] double drift() const { return std::clamp(drift_, -1.0, 1.0); }
    // How many times the usual depth is aimed at, so far behind the best price of a side. 1 at the best price itself:
    // its quantities say nothing.
    [[nodiscard]] double times_usual(market::Side side, std::int32_t distance) const;

  private:
    void step();

    Random random_;
    bool drifts_;
    double until_move_ = 0.0;  // how much is left to the next move; in moves
    double until_step_ = 0.0;  // seconds
    double drift_ = 0.0;
    double pulled_ = 0.0;  // above 0: pulled from asks, built on bids
    double ticks_ = 1.0;   // of this market, for one of the market whose drift it is
};

}  // namespace spymaster::feed
