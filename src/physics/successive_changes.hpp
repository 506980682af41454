// How a number changes from second to second: three differences, one of the other.
//
//   d1 = x - x'     d2 = d1 - d1'     d3 = d2 - d2'        ' : of the second before
//
//   unit    of x, a second, a second^2, a second^3
//   range   any
//   edge    nothing remembered: all 0, and x is remembered
//   spec    radar 1.7
#pragma once

namespace spymaster::physics {

struct Changes {
    double d1 = 0.0;
    double d2 = 0.0;
    double d3 = 0.0;

    bool operator==(const Changes&) const = default;
};

class SuccessiveChanges {
  public:
    Changes next(double x) {
        Changes now;
        if (known_) {
            now.d1 = x - x_;
            now.d2 = now.d1 - before_.d1;
            now.d3 = now.d2 - before_.d2;
        }
        known_ = true;
        x_ = x;
        before_ = now;
        return now;
    }

  private:
    bool known_ = false;
    double x_ = 0.0;
    Changes before_;
};

}  // namespace spymaster::physics
