// Order-flow imbalance as a forecast: the price goes on in proportion to what buyers gained at the best prices less
// what sellers did (Cont, Kukanov, Stoikov 2014), a line through 0 a horizon, fitted on training days.
//
//   S(t+h) - S(t) = slope_h * order_flow_imbalance(t)
//
//   unit    ticks; slope in ticks per lot or share
//   edge    no imbalance in any training second: slope 0
//   source  Cont, Kukanov, Stoikov 2014
#pragma once

#include <array>
#include <cstdint>

#include "forecast/evaluation/observation.hpp"

namespace spymaster::forecast {

struct OrderFlowModel {
    std::array<double, kStudyHorizons.size()> slope{};
    std::array<double, kStudyHorizons.size()> slope_std_error{};
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
        double yy = 0.0;
        std::int64_t samples = 0;
    };
    std::array<Sums, kStudyHorizons.size()> sums_{};
};

}  // namespace spymaster::forecast
