// The flip level: the price of the underlying, nearest to where it is, at which the gamma exposure of the whole chain changes
// sign, every option keeping its volatility.
//
//   total(P) = sum of sign * open interest * multiplier * D (F / S) phi(d1(P)) / s,   d1(P) = ln(P F / S / K) / s + s / 2
//
// (what all terms share, P * 0.01, changes no sign). It is looked for at the listed strikes, outwards from the price that is
// now; between the last of them with one sign and the first with the other it is closed in on by Ridders' method (1979).
//
//   unit    points
//   range   from the lowest to the highest strike with exposure, the price that is now included
//   edge    no exposure, or one sign everywhere: none; of two as near, the upper; two changes between neighbouring strikes
//           are not seen
//   spec    none of the reference's; issue of gamma exposure
#pragma once

#include <optional>
#include <span>

namespace spymaster::physics {

// One option of the chain, or of one expiration and strike: what its share of the total is made of.
struct FlipTerm {
    double weight = 0.0;      // sign * open interest * multiplier * D * (F / S) / s
    double log_strike = 0.0;  // ln(K S / F): the price of the underlying at which the option is at the money
    double deviation = 0.0;   // s
};

// REQUIRES: underlying > 0; strikes ascending, in points, those that have exposure.
std::optional<double> flip_level(std::span<const FlipTerm> terms, std::span<const double> strikes,
                                 double underlying);

}  // namespace spymaster::physics
