#include "forecast/forecaster.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "forecast/corridor/corridor.hpp"
#include "forecast/forces/directional.hpp"
#include "forecast/forces/drive.hpp"
#include "forecast/path/confidence.hpp"
#include "forecast/path/predicted_tick.hpp"
#include "forecast/path/spot_tick.hpp"
#include "forecast/path/trajectory.hpp"
#include "forecast/run_score/reinforcement.hpp"
#include "forecast/run_score/run_score.hpp"
#include "forecast/run_score/vacuum.hpp"
#include "forecast/run_score/wall_distance.hpp"
#include "forecast/totals/option_spread.hpp"
#include "forecast/totals/total_obstacle.hpp"
#include "physics/cells.hpp"
#include "physics/gradients/prominence.hpp"
#include "physics/gradients/spatial_smoothing.hpp"
#include "physics/lattice_shape.hpp"
#include "physics/obstacle/viscosity.hpp"

namespace spymaster::forecast {

namespace {

// The rows of a side in a field over a lattice of prices: A, then B.
template <class Rows>
auto side_of(Rows&& rows, market::Side side) {
    const std::size_t cells = rows.size() / 2;
    return std::span(rows).subspan(side == market::Side::ask ? 0 : cells, cells);
}

}  // namespace

void sum_option_obstacles(const physics::PhysicsSurface1s& surface, std::span<double> by_strike) {
    const physics::LatticeShape& shape = surface.shape();
    SPY_ASSERT(shape.axis() == physics::Axis::strikes && by_strike.size() == shape.rows_per_lane());
    const std::vector<double>& obstacles = surface[physics::Field::Omega];
    std::ranges::fill(by_strike, 0.0);
    for (std::size_t row = 0; row < shape.rows(); ++row) by_strike[row % by_strike.size()] += obstacles[row];
}

class Forecaster::Stages {
  public:
    Stages(const market::Grid& grid, const std::optional<market::Grid>& options, Sampling sampling)
        : tick_(grid.tick),
          shape_(grid, physics::Axis::prices),
          near_kernel_(physics::gaussian_kernel(6.0, 16)),
          far_kernel_(physics::gaussian_kernel(24.0, 64)),
          tracer_(sampling),
          spread_(shape_.rows_per_lane()),
          total_(shape_.rows()),
          near_(shape_.rows()),
          far_(shape_.rows()),
          prominence_(shape_.rows()),
          nu_(shape_.rows()),
          padded_(std::max(physics::padded_size(shape_.rows_per_lane(), near_kernel_),
                           physics::padded_size(shape_.rows_per_lane(), far_kernel_))) {
        SPY_ASSERT(grid.step_ticks == 1 && (!options || options->tick == grid.tick));
        if (options) strikes_.emplace(*options, physics::Axis::strikes);
    }

    const Forecast1s& forecast(const Second& second, const Fields& fields,
                               std::span<const double> option_obstacles, const Parameters& parameters) {
        out_ = {};
        out_.window_end_ts_ns = second.window_end_ts_ns;
        out_.given = second.valid && second.spot_ref_price_int > 0;
        if (!out_.given) return out_;

        add_up_obstacles(fields.Omega, option_obstacles);  // Omega_total, its prominence and viscosity
        out_.up = look(market::Side::ask, +1, fields);     // walls, vacuum, reinforcement, run score
        out_.down = look(market::Side::bid, -1, fields);
        assemble_directional(fields.pressure_grad, nu_, shape_.half_width(), directional_);
        start(second);     // S(t), v(0)
        move(parameters);  // F, NuLocal, and the path they make
        call();            // whole ticks and confidence
        return out_;
    }

  private:
    void add_up_obstacles(std::span<const double> omega, std::span<const double> option_obstacles);
    Way look(market::Side side, int direction, const Fields& fields) const;
    void start(const Second& second);
    void move(const Parameters& parameters);
    void call();

    market::PriceDelta tick_;
    physics::LatticeShape shape_;
    std::optional<physics::LatticeShape> strikes_;

    physics::GaussianKernel near_kernel_;
    physics::GaussianKernel far_kernel_;
    std::vector<double> spread_weights_ = option_spread_weights();
    CorridorWeights corridor_weights_;
    TrajectoryTracer tracer_;

    // What a second goes through, over the rows of one side or of both.
    std::vector<double> spread_;
    std::vector<double> total_;
    std::vector<double> near_;
    std::vector<double> far_;
    std::vector<double> prominence_;
    std::vector<double> nu_;
    std::vector<double> padded_;  // scratch of smooth()
    DirectionalFields directional_;
    std::int64_t spot_tick_ = 0;

    Forecast1s out_;
};

void Forecaster::Stages::add_up_obstacles(std::span<const double> omega,
                                          std::span<const double> option_obstacles) {
    SPY_ASSERT(omega.size() == shape_.rows());
    if (option_obstacles.empty()) {
        std::ranges::fill(spread_, 0.0);
    } else {
        SPY_ASSERT(strikes_.has_value());
        spread_options(option_obstacles, *strikes_, spread_weights_, shape_.half_width(), spread_);
    }
    for (const market::Side side : market::kSides) {
        physics::each_cell<total_obstacle>(side_of(total_, side), side_of(omega, side), spread_);
        physics::smooth(side_of(total_, side), near_kernel_, padded_, side_of(near_, side));
        physics::smooth(side_of(total_, side), far_kernel_, padded_, side_of(far_, side));
    }
    physics::each_cell<physics::prominence>(prominence_, near_, far_);
    physics::each_cell<physics::viscosity>(nu_, near_, prominence_);
}

Way Forecaster::Stages::look(market::Side side, int direction, const Fields& fields) const {
    SPY_ASSERT(fields.u_near.size() == shape_.rows() && fields.u_p_slow.size() == shape_.rows());
    const auto ahead = [&](std::span<const double> field) {
        return way_ahead(side_of(field, side), shape_.half_width(), direction);
    };
    const ByDistance prominence = ahead(prominence_);
    const ByDistance u_near = ahead(fields.u_near);
    Way way;
    way.wall = strongest_wall(prominence);
    way.D = wall_distance(prominence, way.wall);
    way.vacuum = vacuum(corridor_weights_, u_near, way.D);
    way.reinforce = reinforcement(ahead(fields.u_p_slow), way.D);
    way.run_score = run_score(way.vacuum, way.reinforce);
    way.corridor = corridor(corridor_weights_, u_near, kReachTicks);
    return way;
}

void Forecaster::Stages::start(const Second& second) {
    spot_tick_ = spot_tick(second.spot_ref_price_int, tick_);
    if (second.previous_spot_ref_price_int > 0) {
        out_.velocity = initial_velocity(spot_tick_, spot_tick(second.previous_spot_ref_price_int, tick_));
    }
}

void Forecaster::Stages::move(const Parameters& parameters) {
    const Trajectory trajectory = tracer_.trace(directional_, out_.velocity, parameters);
    out_.force = trajectory.force;
    out_.damping = trajectory.damping;
    out_.drive = drive(trajectory.force, trajectory.damping);
    out_.delta = trajectory.delta;
}

void Forecaster::Stages::call() {
    const double conviction_now = conviction(out_.drive);
    const double open_up = openness(out_.up.run_score);
    const double open_down = openness(out_.down.run_score);
    for (std::size_t h = 0; h < kHorizons; ++h) {
        PathStep& step = out_.path[h];
        step.predicted_tick_delta = predicted_tick_delta(out_.delta[h]);
        step.predicted_spot_tick = predicted_spot_tick(spot_tick_, step.predicted_tick_delta);
        step.confidence = confidence(conviction_now, gate(step.predicted_tick_delta, open_up, open_down));
    }
}

Forecaster::Forecaster(const market::Grid& grid, const std::optional<market::Grid>& options,
                       Sampling sampling)
    : stages_(std::make_unique<Stages>(grid, options, sampling)) {}
Forecaster::~Forecaster() = default;
Forecaster::Forecaster(Forecaster&&) noexcept = default;
Forecaster& Forecaster::operator=(Forecaster&&) noexcept = default;

const Forecast1s& Forecaster::forecast(const Second& second, const Fields& fields,
                                       std::span<const double> option_obstacles,
                                       const Parameters& parameters) {
    return stages_->forecast(second, fields, option_obstacles, parameters);
}

}  // namespace spymaster::forecast
