#include "forecast/path/trajectory.hpp"

#include "forecast/forces/damping.hpp"
#include "forecast/forces/force.hpp"
#include "forecast/forces/sampling.hpp"
#include "forecast/path/motion.hpp"

namespace spymaster::forecast {

Trajectory TrajectoryTracer::trace(const DirectionalFields& fields, double velocity,
                                   const Parameters& parameters) {
    sense(fields, 0.0);
    Trajectory trajectory{.force = force_, .damping = damping_};
    double delta = 0.0;
    for (std::size_t h = 0; h < kHorizons; ++h) {
        if (h > 0) sense(fields, delta);
        velocity = next_velocity(parameters, velocity, acceleration(parameters, force_, damping_));
        delta = next_delta(delta, velocity);
        trajectory.delta[h] = delta;
    }
    return trajectory;
}

void TrajectoryTracer::sense(const DirectionalFields& fields, double delta) {
    const double shift = sampling_ == Sampling::ahead ? delta : -delta;
    sample_around<kForceReach>(fields.kappa, shift, kappa_);
    sample_around<kForceReach>(fields.g, shift, g_);
    sample_around<kDampingReach>(fields.nu, shift, nu_);
    force_ = forecast::force(force_weights_, kappa_, g_);
    damping_ = forecast::damping(damping_weights_, nu_);
}

}  // namespace spymaster::forecast
