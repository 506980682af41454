// What is fitted on training days: the two parameters of the path (spec 5.9), and the baselines that an
// evaluation compares it with, on the same seconds.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "forecast/baselines/micro_price.hpp"
#include "forecast/baselines/order_flow.hpp"
#include "forecast/calibration/path_regression.hpp"
#include "forecast/evaluation/observation.hpp"

namespace spymaster::forecast {

struct Calibration {
    PathFit path;
    OrderFlowModel order_flow;
    MicroPriceModel micro_price;
};

// Takes days one after the other, oldest first: sums are taken in date, then time order, and no pair straddles days.
// One thread at a time.
class Calibrator {
  public:
    void add(const StudyDay& day);
    // Samples of the path so far.
    [[nodiscard]] std::int64_t samples() const;
    // Error (usage): as PathRegression::fit.
    [[nodiscard]] Result<Calibration> fit() const;

  private:
    PathRegression path_;
    OrderFlowRegression order_flow_;
    MicroPriceChain micro_price_;
};

}  // namespace spymaster::forecast
