#include "forecast/calibration/path_regression.hpp"

#include <algorithm>
#include <cmath>

namespace spymaster::forecast {

void PathRegression::add(const StudyDay& day) {
    FourthMoments& m = fourth_;
    for (std::size_t i = 0; i < day.seconds.size(); ++i) {
        const Observation& now = day.seconds[i];
        const Observation* before = valid_second_from(day, i, -1);
        const Observation* after = valid_second_from(day, i, 1);
        if (!now.valid || before == nullptr || after == nullptr) continue;
        const auto x1 = static_cast<double>(now.spot_tick - before->spot_tick);
        const double x2 = now.drive;
        const auto y = static_cast<double>(after->spot_tick - now.spot_tick);
        const double x11 = x1 * x1, x12 = x1 * x2, x22 = x2 * x2, x1y = x1 * y, x2y = x2 * y, yy = y * y;
        s11_ += x11, s12_ += x12, s22_ += x22, s1y_ += x1y, s2y_ += x2y, syy_ += yy;
        m.m400 += x11 * x11, m.m310 += x11 * x12, m.m220 += x12 * x12, m.m130 += x12 * x22,
            m.m040 += x22 * x22;
        m.m301 += x11 * x1y, m.m211 += x12 * x1y, m.m121 += x12 * x2y, m.m031 += x22 * x2y;
        m.m202 += x11 * yy, m.m112 += x12 * yy, m.m022 += x22 * yy;
        ++samples_;
    }
}

Result<PathFit> PathRegression::fit() const {
    if (samples_ == 0) {
        return make_error(
            ErrorCode::usage,
            "nothing to fit: nowhere are three valid seconds in a row; take longer sessions or other dates");
    }
    PathFit fit;
    fit.samples = samples_;
    const double D = s11_ * s22_ - s12_ * s12_;
    if (D != 0.0) {
        fit.a = (s1y_ * s22_ - s2y_ * s12_) / D;
        fit.b = (s2y_ * s11_ - s1y_ * s12_) / D;
    } else if (s11_ > 0.0) {
        fit.a = s1y_ / s11_;
    } else {
        return make_error(
            ErrorCode::usage,
            "nothing to fit: in {} samples the spot never moved; take longer sessions or other dates",
            samples_);
    }
    add_std_errors(D, fit);
    if (!std::isfinite(fit.a) || !std::isfinite(fit.b) || !std::isfinite(fit.a_std_error) ||
        !std::isfinite(fit.b_std_error)) {
        return make_error(
            ErrorCode::usage,
            "nothing to fit: the pushes of {} samples are too large to sum; the gold they are from is broken",
            samples_);
    }
    // What is left of y, expanded: no sample is kept.
    const double explained = fit.a * s1y_ + fit.b * s2y_;
    if (syy_ > 0.0) fit.r_squared = std::clamp(explained / syy_, 0.0, 1.0);
    fit.parameters.gamma = 1.0 - std::min(1.0, std::max(0.0, fit.a));
    fit.parameters.beta = std::max(0.0, fit.b);
    return fit;
}

void PathRegression::add_std_errors(double D, PathFit& fit) const {
    if (samples_ < 3) return;
    const double a = fit.a, b = fit.b;
    const FourthMoments& m = fourth_;
    // e2 = y2 + a2 x1x1 + b2 x2x2 - 2a x1y - 2b x2y + 2ab x1x2, times x1x1, x1x2, x2x2.
    const double M11 =
        m.m202 + a * a * m.m400 + b * b * m.m220 - 2.0 * a * m.m301 - 2.0 * b * m.m211 + 2.0 * a * b * m.m310;
    const double M12 =
        m.m112 + a * a * m.m310 + b * b * m.m130 - 2.0 * a * m.m211 - 2.0 * b * m.m121 + 2.0 * a * b * m.m220;
    const double M22 =
        m.m022 + a * a * m.m220 + b * b * m.m040 - 2.0 * a * m.m121 - 2.0 * b * m.m031 + 2.0 * a * b * m.m130;
    const auto n = static_cast<double>(samples_);
    // A variance that is 0 may come out of the sums a rounding below it.
    const auto error_of = [](double variance) { return std::sqrt(std::max(0.0, variance)); };
    if (D == 0.0) {
        fit.a_std_error = error_of(n / (n - 1.0) * M11) / s11_;
        return;
    }
    const double scale = n / (n - 2.0) / D / D;
    fit.a_std_error = error_of(scale * (s22_ * s22_ * M11 - 2.0 * s22_ * s12_ * M12 + s12_ * s12_ * M22));
    fit.b_std_error = error_of(scale * (s11_ * s11_ * M22 - 2.0 * s11_ * s12_ * M12 + s12_ * s12_ * M11));
}

}  // namespace spymaster::forecast
