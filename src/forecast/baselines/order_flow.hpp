// Order-flow imbalance as a forecast: the price goes on in proportion to what buyers gained at the best prices less
// what sellers did (Cont, Kukanov, Stoikov 2014), a line through 0 a horizon, fitted on training days.
//
//   S(t+h) - S(t) = slope_h * order_flow_imbalance(t)
//
//   slope_h = sum x y / sum x x          std error = sqrt(n / (n - 1) * sum e2 x2) / sum x x   (White 1980)
//
// Moves of more than a second overlap, and order flow follows order flow: beyond h = 1 the true error is larger.
//
//   unit    ticks; slope in ticks per lot or share
//   edge    no imbalance in any training second: slope 0
//   source  Cont, Kukanov, Stoikov 2014
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "forecast/evaluation/observation.hpp"

namespace spymaster::forecast {

struct OrderFlowModel {
    std::array<double, kStudyHorizons.size()> slope{};
    std::array<double, kStudyHorizons.size()> slope_std_error{};  // 0 with fewer than two samples
    std::array<std::int64_t, kStudyHorizons.size()> samples{};
};

// Ticks from S(t), at kStudyHorizons[horizon].
inline double order_flow_forecast(const OrderFlowModel& model, const Observation& now, std::size_t horizon) {
    return model.slope[horizon] * static_cast<double>(now.order_flow_imbalance_qty);
}

// Sums of the regression; days one after the other.
class OrderFlowRegression {
  public:
    void add(const StudyDay& day);
    [[nodiscard]] OrderFlowModel fit() const;

  private:
    struct Sums {
        double xx = 0.0;
        double xy = 0.0;
        // Products of four, for e2 x2 = x2 y2 - 2 slope x3 y + slope2 x4.
        double xxxx = 0.0;
        double xxxy = 0.0;
        double xxyy = 0.0;
        std::int64_t samples = 0;
    };
    std::array<Sums, kStudyHorizons.size()> sums_{};
};

}  // namespace spymaster::forecast
