// The forecast of one second: where the spot is expected 1 to 30 seconds ahead, and what stands in the way
// (spec 5.4, 5.7, 5.8; stream.forecast_1s).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace spymaster::forecast {

inline constexpr std::size_t kHorizons = 30;  // seconds; horizon h stands at place h - 1
inline constexpr int kReachTicks = 64;        // as far as walls, vacuums and forces are looked for

// A step of the path, in whole ticks from spot.
struct PathStep {
    std::int64_t predicted_spot_tick = 0;
    std::int64_t predicted_tick_delta = 0;
    double confidence = 0.0;  // 0 to 1

    bool operator==(const PathStep&) const = default;
};

// What lies in one direction.
struct Way {
    std::int32_t D = 0;      // ticks to the first wall, 1 to 64; 64 if there is none
    double wall = 0.0;       // prominence of the strongest wall within reach (W); any sign
    double vacuum = 0.0;     // 1/s, how liquidity before the wall erodes
    double reinforce = 0.0;  // 1/s, how the wall is being built
    double run_score = 0.0;  // vacuum - reinforce
    double corridor = 0.0;   // 1/s, how liquidity erodes over the whole reach (spec 5.4)

    bool operator==(const Way&) const = default;
};

struct Forecast1s {
    std::int64_t window_end_ts_ns = 0;
    bool given = false;  // false: the second is not valid, nothing below is said (decision D-10)
    Way up;
    Way down;
    double force = 0.0;                     // F(0); above 0 it pushes up
    double damping = 0.0;                   // NuLocal(0), above 0
    double drive = 0.0;                     // force / (1 + damping): what the calibration regresses on
    double velocity = 0.0;                  // v(0), ticks/s
    std::array<double, kHorizons> delta{};  // ticks, before rounding
    std::array<PathStep, kHorizons> path{};

    bool operator==(const Forecast1s&) const = default;
};

}  // namespace spymaster::forecast
