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
//
// Standard errors are White's (1980), which hold where the spot is livelier at some times than at others; e is what a and b
// leave of y, and n / (n - 2) allows for having fitted two numbers:
//
//   var(a, b) = n / (n - 2) * G^-1 M G^-1,   G = [[S11, S12], [S12, S22]],   M = sum e2 [[x1 x1, x1 x2], [x1 x2, x2 x2]]
//
// e depends on a and b, so M is put together from sums of products of four, and no sample is kept.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "forecast/evaluation/observation.hpp"
#include "forecast/parameters.hpp"

namespace spymaster::forecast {

struct PathFit {
    Parameters parameters;
    double a = 0.0;
    double b = 0.0;
    double a_std_error = 0.0;  // of gamma too, unless a was outside 0 to 1; 0 with fewer than three samples
    double b_std_error = 0.0;  // of beta too, unless b was below 0; 0 where D = 0: b was not fitted
    double r_squared = 0.0;    // share of sum y y explained; 0 if that is 0
    std::int64_t samples = 0;
};

class PathRegression {
  public:
    // Sums are taken in date, then time order.
    void add(const StudyDay& day);
    [[nodiscard]] std::int64_t samples() const { return samples_; }
    // Error (usage): not one sample; the spot never moved before one; sums that no double holds.
    [[nodiscard]] Result<PathFit> fit() const;

  private:
    // Sums of products of four, named by how often x1, x2 and y are in them.
    struct FourthMoments {
        double m400 = 0.0, m310 = 0.0, m220 = 0.0, m130 = 0.0, m040 = 0.0;
        double m301 = 0.0, m211 = 0.0, m121 = 0.0, m031 = 0.0;
        double m202 = 0.0, m112 = 0.0, m022 = 0.0;
    };
    // Both errors, given a, b and D.
    void add_std_errors(double D, PathFit& fit) const;

    double s11_ = 0.0, s12_ = 0.0, s22_ = 0.0, s1y_ = 0.0, s2y_ = 0.0, syy_ = 0.0;
    FourthMoments fourth_;
    std::int64_t samples_ = 0;
};

}  // namespace spymaster::forecast
