// Drive: the force that is left after damping; the calibration asks how the price answers to it.
//
//   drive = F / (1 + NuLocal)
//
//   symbol  x2 of the calibration (spec 5.9)
//   unit    1/s
//   range   any, of the sign of F
//   edge    no force: 0
//   spec    5.8, 5.9
#pragma once

namespace spymaster::forecast {

inline double drive(double force, double damping) {
    return force / (1.0 + damping);
}

}  // namespace spymaster::forecast
