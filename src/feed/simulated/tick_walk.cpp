#include "feed/simulated/tick_walk.hpp"

#include <cmath>

namespace spymaster::feed {

namespace {

constexpr double kMovesPerSecond = 0.6;  // at full pace
constexpr double kLean = 0.9;            // of the coin, at the strongest drift: then 0.54 ticks a second

constexpr double kStepSeconds = 0.25;
constexpr double kDriftSeconds = 45.0;  // tau
constexpr double kSpread = 1.0;         // of d, before it is held within -1 and 1

// The force that the physics makes of it is a rate of change. So a drift that lasts goes on pulling, and what was pulled
// comes back soon: a depth that stays changed would have to be made again and again as the price moves on.
constexpr double kPullRate = 0.1;     // of the usual depth, a second
constexpr double kPullMemory = 20.0;  // seconds
constexpr std::int32_t kFirst = 1;    // ticks behind the best price from which on it is pulled and built;
constexpr double kWholeReach = 18.0;  // less beyond this,
constexpr double kReach = 30.0;       // and not at all from here

}  // namespace

void TickWalk::step() {
    drift_ += -drift_ * (kStepSeconds / kDriftSeconds) +
              kSpread * std::sqrt(2.0 * kStepSeconds / kDriftSeconds) * random_.normal();
    pulled_ += (kPullRate * drift() - pulled_ / kPullMemory) * kStepSeconds;
}

void TickWalk::advance(double seconds, double pace) {
    until_move_ -= kMovesPerSecond * pace * seconds;
    if (!drifts_) return;
    for (until_step_ -= seconds; until_step_ <= 0.0; until_step_ += kStepSeconds) step();
}

int TickWalk::next_move() {
    if (until_move_ > 0.0) return 0;
    until_move_ += random_.exponential();
    return random_.chance(0.5 + 0.5 * kLean * drift()) ? 1 : -1;
}

void TickWalk::follow(const TickWalk& other, double ticks) {
    drift_ = other.drift_;
    pulled_ = other.pulled_;
    ticks_ = ticks;
}

double TickWalk::times_usual(market::Side side, std::int32_t distance) const {
    const double away = distance / ticks_;
    if (distance < kFirst || away >= kReach) return 1.0;
    const double built = side == market::Side::bid ? pulled_ : -pulled_;
    const double much = built * std::min((kReach - away) / (kReach - kWholeReach), 1.0);
    return much < 0.0 ? 1.0 / (1.0 - much) : 1.0 + much;
}

}  // namespace spymaster::feed
