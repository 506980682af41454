// The regression behind beta and gamma: how the spot moves in the next second, from how it moved in the last and what
// the fields push (spec 5.9).
//
//   x1 = S(t) - S(t-1)     x2 = F(0) / (1 + NuLocal(0))     y = S(t+1) - S(t)
//   S11 = sum x1 x1 ...    D = S11 S22 - S12 S12
//   a = (S1y S22 - S2y S12) / D          b = (S2y S11 - S1y S12) / D
//   D = 0: a = S1y / S11 if S11 > 0, b = 0
//   gamma = 1 - min(1, max(0, a))        beta = max(0, b)
//
//   unit    x1, y in ticks; x2 as the drive
//   edge    pairs need three valid seconds in a row, of one day
//   spec    5.9
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "forecast/evaluation/observation.hpp"
#include "forecast/parameters.hpp"

namespace spymaster::forecast {

// Standard errors are those of a and b, robust to unequal variances (White 1980).
struct PathFit {
    Parameters parameters;
    double a = 0.0;
    double b = 0.0;
    double a_std_error = 0.0;
    double b_std_error = 0.0;
    double r_squared = 0.0;  // share of sum y2 explained
    std::int64_t samples = 0;
};

class PathRegression {
  public:
    // Sums are taken in date, then time order.
    void add(const StudyDay& day);
    [[nodiscard]] std::int64_t samples() const { return samples_; }
    // Error (usage): not one sample, or nothing ever moved or pushed.
    [[nodiscard]] Result<PathFit> fit() const;

  private:
    double s11_ = 0.0, s12_ = 0.0, s22_ = 0.0, s1y_ = 0.0, s2y_ = 0.0, syy_ = 0.0;
    std::int64_t samples_ = 0;
};

}  // namespace spymaster::forecast
