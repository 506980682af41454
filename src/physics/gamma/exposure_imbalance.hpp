// Whether the exposure at a strike is of calls or of puts.
//
//   gex / gex_abs
//
//   unit    none
//   range   [-1, 1]: calls alone 1, puts alone -1
//   edge    no exposure: 0
//   spec    radar 3.5, whose 1e-6 in the denominator would mean something else in dollars
#pragma once

namespace spymaster::physics {

inline double exposure_imbalance(double gex, double gex_abs) {
    return gex_abs > 0.0 ? gex / gex_abs : 0.0;
}

}  // namespace spymaster::physics
