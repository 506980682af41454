#include "forecast/calibration/confidence_scale.hpp"

#include <algorithm>

namespace spymaster::forecast {

void ConfidenceRanking::add(const StudyDay& day) {
    for (const Observation& second : day.seconds) {
        if (!second.valid) continue;
        for (std::size_t h = 0; h < kStudyHorizons.size(); ++h)
            if (second.predicted_tick_delta[h] != 0) confidences_.push_back(second.confidence[h]);
    }
}

std::optional<ConfidenceScale> ConfidenceRanking::scale() const {
    const std::size_t n = confidences_.size();
    if (n < kTenths) return std::nullopt;
    std::vector<double> sorted = confidences_;
    std::ranges::sort(sorted);
    ConfidenceScale scale{.edges = {}, .forecasts = static_cast<std::int64_t>(n)};
    for (std::size_t i = 1; i < kTenths; ++i)
        scale.edges[i - 1] = sorted[(i * n + kTenths - 1) / kTenths - 1];
    return scale;
}

}  // namespace spymaster::forecast
