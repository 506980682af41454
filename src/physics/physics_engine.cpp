#include "physics/physics_engine.hpp"

#include <algorithm>
#include <span>

#include "base/assert.hpp"
#include "physics/cells.hpp"
#include "physics/gradients/prominence.hpp"
#include "physics/gradients/space_derivative.hpp"
#include "physics/gradients/time_derivative.hpp"
#include "physics/obstacle/obstacle_strength.hpp"
#include "physics/obstacle/permeability.hpp"
#include "physics/obstacle/resting_fraction.hpp"
#include "physics/obstacle/resting_mass.hpp"
#include "physics/obstacle/viscosity.hpp"
#include "physics/pressure/pressure_gradient.hpp"
#include "physics/velocity/intensity.hpp"
#include "physics/velocity/liquidity_velocity.hpp"
#include "physics/velocity/persistent_velocity.hpp"
#include "physics/waves/ema_ladder.hpp"
#include "physics/waves/wave_bands.hpp"
#include "physics/waves/wave_energy.hpp"

namespace spymaster::physics {

using enum Field;

namespace {

// The cells of one side of a field over prices.
template <class Values>
auto side_of(Values& values, market::Side side) {
    const std::size_t cells = values.size() / 2;
    return std::span(values).subspan(static_cast<std::size_t>(side) * cells, cells);
}

constexpr std::array kEmaFields{u_ema_2, u_ema_8, u_ema_32, u_ema_128};

}  // namespace

PhysicsEngine::PhysicsEngine(const market::Grid& grid, Axis axis)
    : surface_(grid, axis),
      cells_(surface_.shape()),
      near_(gaussian_kernel(6.0, 16)),
      far_(gaussian_kernel(24.0, 64)),
      previous_(surface_.rows()),
      previous_du_dt_(surface_.rows()),
      padded_(std::max(padded_size(surface_.rows_per_lane(), near_),
                       padded_size(surface_.rows_per_lane(), far_))) {
    std::ranges::transform(kEmaTaus, ema_alpha_.begin(), ema_alpha);
}

const PhysicsSurface1s* PhysicsEngine::update(const windows::Window& window) {
    SPY_ASSERT(surface_.shape().axis() == Axis::prices);
    const bool has_spot = window.snapshot.spot_ref_price_int > 0;
    if (!has_spot && !started_) return nullptr;

    if (has_spot) {
        cells_.place(window.flow, surface_.rel_ticks_side);
    } else {
        cells_.clear();
    }
    // From here the lattice is dense: both sides, every rel_ticks, quantities that are finite and not
    // negative.

    measure_velocity();  // add, fill and pull intensity, u
    advance_waves();     // u_ema_2 .. u_ema_128, du_dt, d2u_dt2
    // From here the state is that of this second; the rest depends on this second alone.
    if (!has_spot) return nullptr;

    separate_waves();           // u_band_fast, _mid, _slow, u_wave_energy
    measure_obstacles();        // rho, phi_rest, u_p, u_p_slow, Omega
    smooth_over_price();        // near, far and prominence of u and Omega
    measure_change_in_price();  // du_dx, d2u_dx2
    resist();                   // nu, kappa
    press();                    // pressure_grad

    surface_.window_end_ts_ns = window.snapshot.window_end_ts_ns;
    surface_.spot_ref_price_int = window.snapshot.spot_ref_price_int;
    return &surface_;
}

const PhysicsSurface1s& PhysicsEngine::update(const windows::ChainWindow& window) {
    SPY_ASSERT(surface_.shape().axis() == Axis::strikes);
    cells_.place(window.cells);
    measure_velocity();
    advance_waves();
    separate_waves();
    measure_obstacles();
    surface_.window_end_ts_ns = window.window_end_ts_ns;
    surface_.spot_ref_price_int = window.spot_ref_price_int;
    return surface_;
}

void PhysicsEngine::measure_velocity() {
    each_cell<intensity>(surface_[add_intensity], cells_.add_qty, cells_.depth_qty_start);
    each_cell<intensity>(surface_[fill_intensity], cells_.fill_qty, cells_.depth_qty_start);
    each_cell<intensity>(surface_[pull_intensity], cells_.pull_qty_total, cells_.depth_qty_start);
    each_cell<net_intensity>(surface_[liquidity_velocity], surface_[add_intensity], surface_[pull_intensity],
                             surface_[fill_intensity]);
}

void PhysicsEngine::advance_waves() {
    const std::vector<double>& u = surface_[liquidity_velocity];
    if (!started_) {  // e = u; the derivatives are 0 as constructed
        for (const Field field : kEmaFields) surface_[field] = u;
        started_ = true;
        return;
    }
    previous_ = surface_[u_ema_2];
    for (std::size_t i = 0; i < kEmaFields.size(); ++i)
        ema_advance(surface_[kEmaFields[i]], u, ema_alpha_[i]);
    previous_du_dt_ = surface_[du_dt];
    each_cell<time_derivative>(surface_[du_dt], surface_[u_ema_2], previous_);
    each_cell<time_derivative>(surface_[d2u_dt2], surface_[du_dt], previous_du_dt_);
}

void PhysicsEngine::separate_waves() {
    each_cell<wave_band>(surface_[u_band_fast], surface_[u_ema_2], surface_[u_ema_8]);
    each_cell<wave_band>(surface_[u_band_mid], surface_[u_ema_8], surface_[u_ema_32]);
    each_cell<wave_band>(surface_[u_band_slow], surface_[u_ema_32], surface_[u_ema_128]);
    each_cell<wave_energy>(surface_[u_wave_energy], surface_[u_band_fast], surface_[u_band_mid],
                           surface_[u_band_slow]);
}

void PhysicsEngine::measure_obstacles() {
    each_cell<resting_mass>(surface_[rho], cells_.depth_qty_end);
    each_cell<resting_fraction>(surface_[phi_rest], cells_.depth_qty_rest, cells_.depth_qty_end);
    each_cell<persistent_velocity>(surface_[u_p], surface_[phi_rest], surface_[u_ema_8]);
    each_cell<persistent_velocity>(surface_[u_p_slow], surface_[phi_rest], surface_[u_ema_32]);
    each_cell<obstacle_strength>(surface_[Omega], surface_[rho], surface_[phi_rest], surface_[u_p_slow]);
}

void PhysicsEngine::smooth_over_price() {
    for (const market::Side side : market::kSides) {
        const auto smooth_field = [&](Field field, const GaussianKernel& kernel, Field smoothed) {
            smooth(side_of(surface_[field], side), kernel, padded_, side_of(surface_[smoothed], side));
        };
        smooth_field(u_ema_8, near_, u_near);
        smooth_field(u_ema_32, far_, u_far);
        smooth_field(Omega, near_, Omega_near);
        smooth_field(Omega, far_, Omega_far);
    }
    each_cell<prominence>(surface_[u_prom], surface_[u_near], surface_[u_far]);
    each_cell<prominence>(surface_[Omega_prom], surface_[Omega_near], surface_[Omega_far]);
}

void PhysicsEngine::measure_change_in_price() {
    for (const market::Side side : market::kSides) {
        space_derivatives(side_of(surface_[u_near], side), side_of(surface_[du_dx], side),
                          side_of(surface_[d2u_dx2], side));
    }
}

void PhysicsEngine::resist() {
    each_cell<viscosity>(surface_[nu], surface_[Omega_near], surface_[Omega_prom]);
    each_cell<permeability>(surface_[kappa], surface_[nu]);
}

void PhysicsEngine::press() {
    using enum market::Side;
    each_cell<pressure_gradient_ask>(side_of(surface_[pressure_grad], ask), side_of(surface_[u_p], ask));
    each_cell<pressure_gradient_bid>(side_of(surface_[pressure_grad], bid), side_of(surface_[u_p], bid));
}

}  // namespace spymaster::physics
