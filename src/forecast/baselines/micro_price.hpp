// The micro-price: where the mid is expected to end up, given how unequal the best quantities are and how wide the
// spread is (Stoikov 2018). States are imbalance (tenths) and spread (1, 2, 3 or more ticks); the chain over them is
// fitted on training days, made symmetric (a state and its mirror image move oppositely), and followed until the
// expectation stands still.
//
//   imbalance     I = bid_qty / (bid_qty + ask_qty)
//   micro-price   mid + g(I, spread)
//   forecast      S(t+h) - S(t) = micro-price(t) - S(t), for every h: a price that has no memory
//
//   unit    ticks
//   edge    no two sides: 0; a state never seen in training: g = 0
//   source  Stoikov 2018
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "forecast/evaluation/observation.hpp"

namespace spymaster::forecast {

inline constexpr std::size_t kImbalanceStates = 10;
inline constexpr std::size_t kSpreadStates = 3;

struct MicroPriceModel {
    // g by spread state, then imbalance state: ticks to add to the mid.
    std::array<std::array<double, kImbalanceStates>, kSpreadStates> adjustment{};
    std::int64_t samples = 0;
};

// Ticks from S(t).
double micro_price_forecast(const MicroPriceModel& model, const Observation& now);

// Counts of transitions from second to second; days one after the other.
class MicroPriceChain {
  public:
    MicroPriceChain();
    void add(const StudyDay& day);
    [[nodiscard]] MicroPriceModel fit() const;

  private:
    static constexpr std::size_t kStates = kImbalanceStates * kSpreadStates;
    std::vector<double> counts_;           // from state, to state
    std::array<double, kStates> moved_{};  // sum of mid changes from a state
    std::array<double, kStates> left_{};   // transitions from it
    std::int64_t samples_ = 0;
};

}  // namespace spymaster::forecast
