#include "physics/vacuum/norm_bounds.hpp"

#include <cmath>

namespace spymaster::physics {

Result<NormBounds> NormBounds::of(const MetricBounds& stated) {
    MetricBounds bounds = stated;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        if (static_cast<Metric>(i) == Metric::gex_abs) continue;
        Bounds& each = bounds[i];
        if (each.q95 == each.q05) each.q95 += 1.0;
        if (std::isfinite(each.q05) && std::isfinite(each.q95) && each.q05 < each.q95) continue;
        return make_error(ErrorCode::malformed, "nothing can be normed from {} to {} ({})", stated[i].q05,
                          stated[i].q95, kMetricNames[i]);
    }
    return NormBounds(bounds);
}

}  // namespace spymaster::physics
