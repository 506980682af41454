// What is fitted on training days: the two parameters of the path (spec 5.9), the baselines that an evaluation
// compares it with, on the same seconds, and what a confidence is among those of these days.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.hpp"
#include "forecast/baselines/micro_price.hpp"
#include "forecast/baselines/order_flow.hpp"
#include "forecast/calibration/confidence_scale.hpp"
#include "forecast/calibration/path_regression.hpp"
#include "forecast/evaluation/observation.hpp"

namespace spymaster::forecast {

struct Calibration {
    PathFit path;
    OrderFlowModel order_flow;
    MicroPriceModel micro_price;
    // Of forecasts that were made with these parameters, which is why it takes a second look at the days; none: not
    // ranked, or too few forecasts to rank.
    std::optional<ConfidenceScale> confidence_scale{};
};

// Takes days one after the other, oldest first: sums are taken in date, then time order, and no pair straddles days.
// One thread at a time.
class Calibrator {
  public:
    void add(const StudyDay& day);
    // Samples of the path so far.
    [[nodiscard]] std::int64_t samples() const;
    // Without a scale: ConfidenceRanking makes it. Error (usage): as PathRegression::fit.
    [[nodiscard]] Result<Calibration> fit() const;

  private:
    PathRegression path_;
    OrderFlowRegression order_flow_;
    MicroPriceChain micro_price_;
};

}  // namespace spymaster::forecast
