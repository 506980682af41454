#include "physics/calibration/norm_calibration.hpp"

#include <cstdlib>

#include "physics/bands/band.hpp"
#include "physics/calibration/quantile.hpp"

namespace spymaster::physics {

void NormCalibration::add(const windows::Window& window) {
    const std::vector<LevelMeasures>& measures = measurer_.measure(window);
    const bool every_row = compatibility_ == windows::Compatibility::reference;
    if (!every_row && !window.snapshot.window_valid) return;
    for (std::size_t i = 0; i < measures.size(); ++i) {
        if (!every_row && std::abs(window.wall[i].rel_ticks) > kBandReachTicks) continue;
        const LevelMeasures& level = measures[i];
        values(Metric::pull_add_log).push_back(level.pull_add_log);
        values(Metric::log1p_pull_intensity_rest).push_back(level.log1p_pull_intensity_rest);
        values(Metric::log1p_erosion_norm).push_back(level.log1p_erosion_norm);
        values(Metric::d2_pull_add_log).push_back(level.pull_add_log_differences.d2);
        values(Metric::wall_strength_log).push_back(level.wall_strength_log);
    }
}

void NormCalibration::add_gex_abs(std::span<const double> more) {
    std::vector<double>& held = values(Metric::gex_abs);
    held.insert(held.end(), more.begin(), more.end());
}

std::optional<Bounds> NormCalibration::bounds(Metric metric) {
    std::vector<double>& of = values(metric);
    if (of.empty()) return std::nullopt;
    const double q05 = quantile(of, 0.05);
    return Bounds{q05, quantile(of, 0.95)};
}

}  // namespace spymaster::physics
