// Spec 5.4 and 5.6 to 5.8 a second time, as slowly and plainly as possible: maps, one price after another, every sum
// and product rounded by its own store, so that neither contraction nor reassociation can hide here. Of src/forecast it
// shares the types of what goes in and comes out, and no formula.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "forecast/forecast.hpp"
#include "forecast/forecaster.hpp"
#include "forecast/parameters.hpp"
#include "market/product.hpp"
#include "market/side.hpp"

namespace spymaster::forecast::testing {

struct PlainSecond {
    int half_width = 0;
    // side letter, rel_ticks
    using Lattice = std::map<std::pair<char, int>, double>;
    Lattice u_near, u_p_slow, Omega, pressure_grad;
    std::map<int, double> option_obstacles;  // by rel_ticks of the strike
    std::int64_t spot_tick = 0;
    std::int64_t previous_spot_tick = 0;  // 0: none
    bool literal = false;
    Parameters parameters;
};

inline PlainSecond plain_second(const Second& second, const Fields& fields, const market::Grid& grid,
                                const Parameters& parameters) {
    PlainSecond plain;
    plain.half_width = grid.half_width_ticks;
    plain.spot_tick = second.spot_ref_price_int / grid.tick.nanos;
    plain.previous_spot_tick = second.previous_spot_ref_price_int / grid.tick.nanos;
    plain.parameters = parameters;
    std::size_t row = 0;
    for (const char side : {'A', 'B'}) {
        for (int x = -plain.half_width; x <= plain.half_width; ++x, ++row) {
            plain.u_near[{side, x}] = fields.u_near[row];
            plain.u_p_slow[{side, x}] = fields.u_p_slow[row];
            plain.Omega[{side, x}] = fields.Omega[row];
            plain.pressure_grad[{side, x}] = fields.pressure_grad[row];
        }
    }
    return plain;
}

inline std::map<int, double> plain_obstacles(std::span<const double> by_strike, const market::Grid& strikes) {
    std::map<int, double> obstacles;
    int strike = -strikes.half_width_ticks;
    for (const double obstacle : by_strike) {
        obstacles[strike] = obstacle;
        strike += strikes.step_ticks;
    }
    return obstacles;
}

class PlainForecast {
  public:
    explicit PlainForecast(PlainSecond second) : s_(std::move(second)) {
        for (const auto& [cell, omega] : s_.Omega)
            total_[cell] = r(omega + r(0.70 * option_spread_at(cell.second)));
        for (const auto& [cell, omega] : total_) {
            const double near = smoothed_at(cell, 6.0, 16);
            prominence_[cell] = r(near - smoothed_at(cell, 24.0, 64));
            const double wall = prominence_[cell] > 0.0 ? prominence_[cell] : 0.0;
            nu_[cell] = r(r(1.0 + near) + r(2.0 * wall));
        }
    }

    // All but the time.
    Forecast1s run() {
        Forecast1s out;
        out.given = true;
        out.up = way('A', 1);
        out.down = way('B', -1);
        if (s_.previous_spot_tick > 0) {
            const std::int64_t moved = s_.spot_tick - s_.previous_spot_tick;
            out.velocity = moved > 8 ? 8.0 : moved < -8 ? -8.0 : static_cast<double>(moved);
        }
        double delta = 0.0;
        double v = out.velocity;
        for (std::size_t h = 0; h < kHorizons; ++h) {
            const double force = force_at(delta);
            const double damping = damping_at(delta);
            if (h == 0) {
                out.force = force;
                out.damping = damping;
                out.drive = r(force / r(1.0 + damping));
            }
            const double a = r(r(s_.parameters.beta * force) / r(1.0 + damping));
            v = within(r(r(r(1.0 - s_.parameters.gamma) * v) + a), 8.0);
            delta = within(r(delta + v), 80.0);
            out.delta[h] = delta;
            out.path[h] = step(out, delta);
        }
        return out;
    }

  private:
    static double r(double value) {
        volatile double stored = value;
        return stored;
    }
    static double within(double value, double most) {
        return value > most ? most : value < -most ? -most : value;
    }
    static double bell(int d, double sigma) {
        const double offset = d;
        return std::exp(r(-r(offset * offset) / r(r(2.0 * sigma) * sigma)));
    }
    static double at(const PlainSecond::Lattice& field, char side, int x) {
        const auto found = field.find({side, x});
        return found == field.end() ? 0.0 : found->second;
    }

    [[nodiscard]] double option_spread_at(int x) const {
        double all = 0.0;
        for (int d = -24; d <= 24; ++d) all = r(all + bell(d, 8.0));
        double spread = 0.0;
        for (const auto& [strike, obstacle] : s_.option_obstacles)
            if (std::abs(x - strike) <= 24) spread = r(spread + r(obstacle * r(bell(x - strike, 8.0) / all)));
        return spread;
    }

    [[nodiscard]] double smoothed_at(std::pair<char, int> cell, double sigma, int reach) const {
        double num = 0.0;
        double den = 0.0;
        for (int d = -reach; d <= reach; ++d) {
            num = r(num + r(at(total_, cell.first, cell.second + d) * bell(d, sigma)));
            den = r(den + bell(d, sigma));
        }
        return r(num / den);
    }

    [[nodiscard]] double eroding(char side, int direction, int last) const {
        double num = 0.0;
        double den = 0.0;
        for (int k = 1; k <= last; ++k) {
            const double w = std::exp(r(-k / 16.0));
            const double u = at(s_.u_near, side, direction * k);
            num = r(num + r(w * (u < 0.0 ? -u : 0.0)));
            den = r(den + w);
        }
        return last == 0 ? 0.0 : r(num / den);
    }

    [[nodiscard]] Way way(char side, int direction) const {
        Way way;
        way.wall = at(prominence_, side, direction);
        for (int k = 2; k <= 64; ++k) {
            const double here = at(prominence_, side, direction * k);
            if (here > way.wall) way.wall = here;
        }
        way.D = 64;
        for (int k = 64; k >= 1; --k)
            if (at(prominence_, side, direction * k) >= r(0.60 * way.wall)) way.D = k;
        way.vacuum = eroding(side, direction, way.D - 1);
        const double built = at(s_.u_p_slow, side, direction * way.D);
        way.reinforce = built > 0.0 ? built : 0.0;
        way.run_score = r(way.vacuum - way.reinforce);
        way.corridor = eroding(side, direction, 64);
        return way;
    }

    [[nodiscard]] double nu_dir(int x) const {
        if (std::abs(x) > s_.half_width) return 1.0;
        if (x == 0) return r(0.5 * r(nu_.at({'A', 0}) + nu_.at({'B', 0})));
        return nu_.at({x > 0 ? 'A' : 'B', x});
    }
    [[nodiscard]] double g_dir(int x) const {
        return x == 0 ? 0.0 : at(s_.pressure_grad, x > 0 ? 'A' : 'B', x);
    }

    // Field of whole ticks at y.
    static double between(double y, const std::function<double(int)>& field) {
        const double floor = std::floor(y);
        const int i = static_cast<int>(floor);
        const double f = r(y - floor);
        return f == 0.0 ? field(i) : r(field(i) + r(r(field(i + 1) - field(i)) * f));
    }

    template <class Term>
    [[nodiscard]] double weighted_around(double delta, double sigma, int reach, const Term& term) const {
        double all = 0.0;
        for (int k = 1; k <= reach; ++k) all = r(all + bell(k, sigma));
        double sum = 0.0;
        for (int x = -reach; x <= reach; ++x) {
            if (x == 0) continue;
            const double y = s_.literal ? r(x - delta) : r(x + delta);
            sum = r(sum + term(r(bell(x, sigma) / all), y));
        }
        return sum;
    }

    [[nodiscard]] double force_at(double delta) const {
        return weighted_around(delta, 12.0, 64, [&](double w, double y) {
            const double kappa = between(y, [&](int i) { return r(1.0 / nu_dir(i)); });
            return r(r(w * kappa) * between(y, [&](int i) { return g_dir(i); }));
        });
    }
    [[nodiscard]] double damping_at(double delta) const {
        return weighted_around(delta, 6.0, 16, [&](double w, double y) {
            return r(w * between(y, [&](int i) { return nu_dir(i); }));
        });
    }

    [[nodiscard]] PathStep step(const Forecast1s& out, double delta) const {
        const double below = std::floor(delta);
        const double over = delta - below;
        auto whole = static_cast<std::int64_t>(below);
        if (over > 0.5 || (over == 0.5 && whole % 2 != 0)) ++whole;
        const double c0 = std::tanh(r(std::abs(out.force) / r(1.0 + out.damping)));
        const double score = whole > 0 ? out.up.run_score : whole < 0 ? out.down.run_score : 0.0;
        return {s_.spot_tick + whole, whole, r(c0 * std::tanh(score > 0.0 ? score : 0.0))};
    }

    PlainSecond s_;
    PlainSecond::Lattice total_, prominence_, nu_;
};

}  // namespace spymaster::forecast::testing
