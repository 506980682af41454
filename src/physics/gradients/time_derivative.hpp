// Time derivative: the change of a field over one window.
//
//   du_dt = e2(t) - e2(t-1)        d2u_dt2 = du_dt(t) - du_dt(t-1)
//
//   unit    1/s2, 1/s3
//   range   any
//   edge    first second: 0, both
//   spec    5.3
#pragma once

namespace spymaster::physics {

inline double time_derivative(double now, double a_window_ago) {
    return now - a_window_ago;
}

}  // namespace spymaster::physics
