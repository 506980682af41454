// Trajectory: 30 steps of the particle through the fields of one second, which stand still meanwhile.
//
//   h = 0 .. 29:   F(h), NuLocal(h) around delta(h)  ->  a(h), v(h+1), delta(h+1)          (motion.hpp)
//
//   symbol  F(0), NuLocal(0), delta(1) .. delta(30)
//   unit    1/s, none, ticks
//   range   delta -80 to 80
//   edge    no pressure anywhere: the velocity it starts with fades out
//   spec    5.8
#pragma once

#include <array>

#include "forecast/forces/directional.hpp"
#include "forecast/forces/distance_weight.hpp"
#include "forecast/forecast.hpp"
#include "forecast/parameters.hpp"

namespace spymaster::forecast {

struct Trajectory {
    double force = 0.0;    // F(0)
    double damping = 0.0;  // NuLocal(0)
    std::array<double, kHorizons> delta{};
};

// One thread at a time.
class TrajectoryTracer {
  public:
    explicit TrajectoryTracer(Sampling sampling) : sampling_(sampling) {}

    Trajectory trace(const DirectionalFields& fields, double velocity, const Parameters& parameters);

  private:
    // F and NuLocal around delta, into force_ and damping_.
    void sense(const DirectionalFields& fields, double delta);

    Sampling sampling_;
    Around<kForceReach> force_weights_ = force_weights();
    Around<kDampingReach> damping_weights_ = damping_weights();
    Around<kForceReach> kappa_{};
    Around<kForceReach> g_{};
    Around<kDampingReach> nu_{};
    double force_ = 0.0;
    double damping_ = 0.0;
};

}  // namespace spymaster::forecast
