// What a calibration decides about the path (spec 5.8, 5.9).
#pragma once

#include <cstdint>

namespace spymaster::forecast {

// The defaults hold until a calibration is there; what is made with them is marked as uncalibrated (decision D-11).
struct Parameters {
    double beta = 1.0;   // ticks/s2 of acceleration for one unit of damped force; at least 0
    double gamma = 0.2;  // share of the velocity lost in a second, 0 to 1

    bool operator==(const Parameters&) const = default;
};

// Where a particle that has moved by delta sees the fields: at x + delta, what is ahead of it; or, as the first
// text of the formula says, at x - delta (decision D-8). At the first step they are the same.
enum class Sampling : std::uint8_t { ahead, literal };

}  // namespace spymaster::forecast
