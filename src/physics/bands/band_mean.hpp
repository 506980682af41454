// Band mean: what a measure is on average over the levels of a band, those that hold nothing included.
//
//   mean = (x_1 + ... + x_n + k * x_silent) / (n + k)      n levels that have a row, k ticks of the band that have none
//
//   unit    that of x
//   range   that of x
//   edge    no level has a row: x_silent
//   order   rows as they stand, prices ascending; then the silent ticks at once
//   spec    radar 2.2, D-13
//
// Compatibility::reference: the mean of the rows alone, 0 without one, by a compensated sum (Kahan), as its spec section 0.
#pragma once

#include "windows/compatibility.hpp"

namespace spymaster::physics {

class BandMean {
  public:
    void add(double x) {
        plain_ += x;
        const double y = x - lost_;
        const double sum = compensated_ + y;
        lost_ = (sum - compensated_) - y;
        compensated_ = sum;
        ++rows_;
    }

    [[nodiscard]] double value(int silent_ticks, double silent, windows::Compatibility compatibility) const {
        if (compatibility == windows::Compatibility::reference)
            return rows_ == 0 ? 0.0 : compensated_ / static_cast<double>(rows_);
        if (rows_ == 0) return silent;
        return (plain_ + static_cast<double>(silent_ticks) * silent) /
               static_cast<double>(rows_ + silent_ticks);
    }

  private:
    double plain_ = 0.0;
    double compensated_ = 0.0;
    double lost_ = 0.0;
    int rows_ = 0;
};

}  // namespace spymaster::physics
