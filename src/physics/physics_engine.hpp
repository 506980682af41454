// Gold, one second at a time: a closed window in, the physical fields over the lattice out (spec 5.1-5.3, 5.5).
//
// The formulas are in the files below this folder, one each; physics_engine.cpp knows only their order.
// docs/physics.md lists them.
//
// Windows come in time order, one for every second of the session (windows::WindowSink). The surface of a
// second depends on that window and the ones before it, and on nothing else.
//
// The first window with a spot starts the EMAs: e = u, time derivatives 0. A new session needs a new engine.
//
// A window whose book is not valid is computed like any other. A window without a spot
// (spot_ref_price_int <= 0) after the first advances the EMAs with u = 0 and gives no surface.
//
// Options are the same engine over strikes: their EMAs are those of a distance from spot, right and side. Their
// rows are dense, so every second gives a surface, and the first window starts the EMAs; without a spot u = 0.
// Strikes are too far apart to smooth over: no near, far, gradients over price, viscosity or pressure.
//
// Every value is finite, whatever the quantities: a negative one, which no book can hold, counts as 0.
//
// Same windows, same bits: IEEE-754 binary64 in the order written, no contraction (spec 0.1). The lanes of a
// vector are cells, so vectorising changes no cell's order of operations.
//
// One thread at a time. A copy of an engine carries its state: both go on as the one would have.
#pragma once

#include <array>
#include <vector>

#include "market/product.hpp"
#include "physics/gradients/spatial_smoothing.hpp"
#include "physics/lattice.hpp"
#include "physics/surface.hpp"
#include "physics/waves/ema_ladder.hpp"
#include "windows/chain_rows.hpp"
#include "windows/rows.hpp"

namespace spymaster::physics {

class PhysicsEngine {
  public:
    // REQUIRES: market::check_grid(grid).ok()
    explicit PhysicsEngine(const market::Grid& grid, Axis axis = Axis::prices);

    // The surface of this window, or nullptr where it has no spot. Valid until the next call.
    // REQUIRES: the axis is prices.
    const PhysicsSurface1s* update(const windows::Window& window);
    // The surface of this window of options. Valid until the next call. REQUIRES: the axis is strikes.
    const PhysicsSurface1s& update(const windows::ChainWindow& window);

  private:
    void measure_velocity();
    void advance_waves();
    void separate_waves();
    void measure_obstacles();
    void smooth_over_price();
    void measure_change_in_price();
    void resist();
    void press();

    PhysicsSurface1s surface_;  // also the state: its EMAs and derivatives are those of the second before
    LatticeQuantities cells_;
    GaussianKernel near_;
    GaussianKernel far_;
    std::array<double, kEmaTaus.size()> ema_alpha_;
    std::vector<double> previous_;  // u_ema_2 of the second before
    std::vector<double> previous_du_dt_;
    std::vector<double> padded_;  // scratch of smooth()
    bool started_ = false;
};

}  // namespace spymaster::physics
