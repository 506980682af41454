// The bounds that the measures of vacuum and bands are normed by: quantiles of an earlier session, or the documented ones
// of the bootstrap (radar spec 2.1, 2.3).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "physics/vacuum/norm.hpp"

namespace spymaster::physics {

// In the order of the calibration's rows.
enum class Metric : std::uint8_t {
    pull_add_log,
    log1p_pull_intensity_rest,
    log1p_erosion_norm,
    d2_pull_add_log,
    wall_strength_log,
    gex_abs,  // that nothing is normed by
};
inline constexpr std::array<std::string_view, 6> kMetricNames{
    "pull_add_log",    "log1p_pull_intensity_rest", "log1p_erosion_norm",
    "d2_pull_add_log", "wall_strength_log",         "gex_abs",
};

// By Metric, as a calibration states them.
using MetricBounds = std::array<Bounds, kMetricNames.size()>;

// Where there is no earlier session.
inline constexpr MetricBounds kBootstrapBounds{
    Bounds{-2.0, 2.0}, {0.0, 0.5}, {0.0, 0.5}, {-1.0, 1.0}, {0.0, 10.0}, {0.0, 1e6},
};

// Bounds that can be normed by. Equal ones are those of a measure that hardly changed: it becomes 0 up to there, and 1 from
// 1 above on.
class NormBounds {
  public:
    // Error (malformed): of a measure that is used, bounds that are not finite, or in reverse. Names it.
    static Result<NormBounds> of(const MetricBounds& stated);
    static NormBounds bootstrap() { return NormBounds(kBootstrapBounds); }

    const Bounds& operator[](Metric metric) const { return bounds_[static_cast<std::size_t>(metric)]; }

  private:
    explicit NormBounds(const MetricBounds& bounds) : bounds_(bounds) {}

    MetricBounds bounds_;
};

}  // namespace spymaster::physics
