#include "forecast/baselines/order_flow.hpp"

#include <algorithm>
#include <cmath>

namespace spymaster::forecast {

void OrderFlowRegression::add(const StudyDay& day) {
    for (std::size_t h = 0; h < kStudyHorizons.size(); ++h) {
        Sums& sums = sums_[h];
        for (std::size_t i = 0; i < day.seconds.size(); ++i) {
            const Observation& now = day.seconds[i];
            const Observation* then = valid_second_from(day, i, kStudyHorizons[h]);
            if (!now.valid || then == nullptr) continue;
            const auto x = static_cast<double>(now.order_flow_imbalance_qty);
            const auto y = static_cast<double>(then->spot_tick - now.spot_tick);
            const double xx = x * x, xy = x * y;
            sums.xx += xx, sums.xy += xy;
            sums.xxxx += xx * xx, sums.xxxy += xx * xy, sums.xxyy += xy * xy;
            ++sums.samples;
        }
    }
}

OrderFlowModel OrderFlowRegression::fit() const {
    OrderFlowModel model;
    for (std::size_t h = 0; h < kStudyHorizons.size(); ++h) {
        const Sums& sums = sums_[h];
        model.samples[h] = sums.samples;
        if (sums.xx == 0.0) continue;
        const double slope = sums.xy / sums.xx;
        model.slope[h] = slope;
        if (sums.samples < 2) continue;
        const auto n = static_cast<double>(sums.samples);
        // 0 may come out of the sums a rounding below it.
        const double left = std::max(0.0, sums.xxyy - 2.0 * slope * sums.xxxy + slope * slope * sums.xxxx);
        model.slope_std_error[h] = std::sqrt(n / (n - 1.0) * left) / sums.xx;
    }
    return model;
}

}  // namespace spymaster::forecast
