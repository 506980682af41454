// Bounds of a session for the sessions after it: the 5 % and 95 % quantiles of what is normed, over what is scored: the levels
// within reach of a band in windows that are valid (radar spec 2.3, D-29).
//
// Compatibility::reference: over every row of every window.
// Holds every value: 40 bytes a row, 40 MB for a full session of a busy book. One thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "physics/vacuum/level_measures.hpp"
#include "physics/vacuum/norm_bounds.hpp"

namespace spymaster::physics {

class NormCalibration {
  public:
    // REQUIRES: price_increment is above 0
    explicit NormCalibration(market::PriceDelta price_increment,
                             windows::Compatibility compatibility = windows::Compatibility::corrected)
        : compatibility_(compatibility), measurer_(price_increment, compatibility) {}

    // REQUIRES: as LevelMeasurer::measure().
    void add(const windows::Window& window);
    // Gamma exposures of strikes, dollars per 1 % move. REQUIRES: finite
    void add_gex_abs(std::span<const double> values);

    // Of a metric without a value, none. Reorders what is held.
    std::optional<Bounds> bounds(Metric metric);

  private:
    std::vector<double>& values(Metric metric) { return values_[static_cast<std::size_t>(metric)]; }

    windows::Compatibility compatibility_;
    LevelMeasurer measurer_;
    std::array<std::vector<double>, kMetricNames.size()> values_;
};

}  // namespace spymaster::physics
