// From the fields of a second to its forecast (spec 5.4, 5.6-5.8). The formulas are in the files below this
// folder, one each; forecaster.cpp knows only their order. docs/forecast.md lists them.
//
// A forecast depends on its second and the spot of the second before, and on nothing else: no state is carried
// over, so that replaying from the middle of a day gives the same bits as the day from its beginning.
//
// Every value is finite, whatever fields come in: they are held within bounds that gold cannot reach (held.hpp). Same
// input, same bits (spec 0.1). One thread at a time; nothing is allocated after construction.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "forecast/forecast.hpp"
#include "forecast/parameters.hpp"
#include "market/product.hpp"
#include "physics/surface.hpp"

namespace spymaster::forecast {

struct Second {
    std::int64_t window_end_ts_ns = 0;
    std::int64_t spot_ref_price_int = 0;           // 0 or below: none
    std::int64_t previous_spot_ref_price_int = 0;  // of the second before, valid or not; likewise
    bool valid = false;                            // book_valid and window_valid
};

// Fields of gold of the second, over the rows of a surface of prices: side A, then B, rel_ticks ascending.
struct Fields {
    std::span<const double> u_near;
    std::span<const double> u_p_slow;
    std::span<const double> Omega;
    std::span<const double> pressure_grad;

    static Fields of(const physics::PhysicsSurface1s& surface) {
        using enum physics::Field;
        return {surface[u_near], surface[u_p_slow], surface[Omega], surface[pressure_grad]};
    }
};

// Omega_opt of a second by strike: Omega_opt of its rows summed over right and side, in the order of the rows (C A,
// C B, P A, P B), rel_ticks ascending (spec 5.6, decision D-5).
// REQUIRES: the axis is strikes; `by_strike` of rows_per_lane() entries.
void sum_option_obstacles(const physics::PhysicsSurface1s& surface, std::span<double> by_strike);

class Forecaster {
  public:
    // `options`: the grid of the options on what is forecast, if their obstacles are to be given.
    // REQUIRES: check_grid(grid).ok(), of both; the same tick in both; rows of prices a tick apart.
    explicit Forecaster(const market::Grid& grid, const std::optional<market::Grid>& options = {},
                        Sampling sampling = Sampling::ahead);
    ~Forecaster();
    Forecaster(Forecaster&&) noexcept;
    Forecaster& operator=(Forecaster&&) noexcept;

    // Valid until the next call. `option_obstacles`: an entry a strike, or none: no options in this second.
    // REQUIRES: fields of the grid's rows where the second is valid and has a spot, elsewhere they may be empty; finite
    // parameters.
    const Forecast1s& forecast(const Second& second, const Fields& fields,
                               std::span<const double> option_obstacles, const Parameters& parameters);

  private:
    class Stages;
    std::unique_ptr<Stages> stages_;
};

}  // namespace spymaster::forecast
