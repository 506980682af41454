// The micro-price: where the mid is expected to end up, given how unequal the best quantities are and how wide the
// spread is (Stoikov 2018). States are imbalance (tenths) and spread (1, 2, 3 or more ticks); the chain over them is
// fitted on training days, made symmetric (a state and its mirror image move oppositely), and followed until the
// expectation stands still.
//
//   imbalance     I = bid_qty / (bid_qty + ask_qty)
//   r(x)          mean change of the mid, ticks, in the second after state x
//   P(x, y)       share of the seconds after x that end in y
//   g             = r + P r + P P r + ...: the mid changes still to come
//   micro-price   mid + g(I, spread)
//   forecast      S(t+h) - S(t) = micro-price(t) - S(t), for every h: a price that has no memory
//
//   unit    ticks
//   edge    no two sides: 0. Equal quantities: g = 0, the book being its own mirror image. A state never seen in
//           training, or from which the mid would move on for ever (so few transitions that they go round without
//           coming back): g = 0. A spread of less than a tick counts as 1
//   source  Stoikov 2018
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "forecast/evaluation/observation.hpp"

namespace spymaster::forecast {

inline constexpr std::size_t kImbalanceStates = 10;
inline constexpr std::size_t kSpreadStates = 3;

struct MicroPriceModel {
    // g by spread state, then imbalance state: ticks to add to the mid. Mirror images are opposite:
    // adjustment[s][i] = -adjustment[s][9 - i].
    std::array<std::array<double, kImbalanceStates>, kSpreadStates> adjustment{};
    std::int64_t samples = 0;  // transitions seen
};

// Ticks from S(t).
double micro_price_forecast(const MicroPriceModel& model, const Observation& now);

// Counts of transitions from second to second, both valid and with two sides; days one after the other.
class MicroPriceChain {
  public:
    void add(const StudyDay& day);
    [[nodiscard]] MicroPriceModel fit() const;

    static constexpr std::size_t kStates = kImbalanceStates * kSpreadStates;

  private:
    std::array<std::array<double, kStates>, kStates> counts_{};  // from state, to state; with mirror images
    std::array<double, kStates> moved_{};                        // sum of mid changes after a state
    std::array<double, kStates> left_{};                         // transitions from it
    std::int64_t samples_ = 0;
};

}  // namespace spymaster::forecast
