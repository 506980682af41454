// The reference's gamma exposure of an option (radar spec 3.5), with what is wrong in it (D-31, D-32). For its vectors alone.
//
//   T     = (double(expiration) - double(window end)) / 1e9 / 86400 / 365
//   sigma = 0.5, then three times  clip(sigma - (value(sigma) - mid) / max(vega, 1e-6), 0.001, 5)
//   gex   = e^(-0.05 T) phi(d1) / (F sigma sqrt(T)) * open interest * 50
//
//   unit    contracts * 50 / points
//   range   [0, inf)
//   edge    T <= 0: none (the reference stopped there, D-10)
//   spec    radar 3.5
#pragma once

#include <cstdint>
#include <optional>

#include "market/right.hpp"

namespace spymaster::physics {

inline constexpr double kReferenceStrikeStep = 5.0;  // points
inline constexpr int kReferenceStrikesPerSide = 12;
inline constexpr double kReferenceLeastExposure = 1e-6;  // added to gex_abs before anything is divided by it

struct ReferenceValue {
    double volatility = 0.0;
    double gamma = 0.0;
    double exposure = 0.0;
};

// The strike that the lattice is centred on: F to the nearest 5, halves to even.
std::int64_t reference_centre(double forward);

std::optional<ReferenceValue> reference_value(market::Right right, double mid, double strike, double forward,
                                              std::int64_t expiration_ns, std::int64_t window_end_ts_ns,
                                              double open_interest);

}  // namespace spymaster::physics
