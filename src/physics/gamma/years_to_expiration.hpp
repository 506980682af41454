// How long an option has left.
//
//   T = (expiration - window end) / (365 * 24 h)
//
//   unit    years of 365 days, nights and weekends included
//   range   any; 0 and below: expired
//   edge    the difference is taken in whole nanoseconds: nothing is lost however near
//   spec    radar 3.5
#pragma once

#include <cstdint>

#include "market/black.hpp"

namespace spymaster::physics {

// REQUIRES: both since 1970.
inline double years_to_expiration(std::int64_t expiration_ns, std::int64_t window_end_ts_ns) {
    return static_cast<double>(expiration_ns - window_end_ts_ns) / market::kNanosPerYear;
}

}  // namespace spymaster::physics
