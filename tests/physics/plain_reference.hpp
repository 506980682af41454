// The formulas of spec 5.1-5.3 a second time, as slowly and plainly as possible: one cell after another, a
// map for the lattice, every product and sum rounded by its own store, so that neither contraction nor
// reassociation can hide here. Shares nothing with src/physics but the names of the columns.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "windows/rows.hpp"

namespace spymaster::physics::testing {

// side letter, rel_ticks
using Cell = std::pair<char, int>;
using FieldsOfCell = std::map<std::string, double, std::less<>>;

struct ReferenceSurface {
    std::map<Cell, FieldsOfCell> cells;  // in the order of the contract: side, rel_ticks
    std::map<Cell, std::int32_t> rel_ticks_side;
};

class PlainReference {
  public:
    explicit PlainReference(int half_width) : half_width_(half_width) {}

    std::optional<ReferenceSurface> update(const windows::Window& window) {
        const bool has_spot = window.snapshot.spot_ref_price_int > 0;
        if (!has_spot && first_) return std::nullopt;
        ReferenceSurface surface;
        for (const char side : {'A', 'B'}) {
            for (int x = -half_width_; x <= half_width_; ++x) one_cell(window, has_spot, {side, x}, surface);
        }
        first_ = false;
        if (!has_spot) return std::nullopt;
        for (auto& [cell, f] : surface.cells) smooth_cell(surface, cell, f);
        for (auto& [cell, f] : surface.cells) slope_of_cell(surface, cell, f);
        return surface;
    }

  private:
    static double r(double value) {
        volatile double stored = value;
        return stored;
    }

    void one_cell(const windows::Window& window, bool has_spot, Cell cell, ReferenceSurface& surface) {
        double start = 0, end = 0, rest = 0, add = 0, pull = 0, fill = 0;
        std::optional<std::int32_t> own_rel_ticks_side;
        std::int32_t anchor = 0;
        bool anchor_known = false;
        if (has_spot) {
            for (const windows::DepthAndFlow1s& row : window.flow) {
                if (market::letter(row.side) != cell.first || std::abs(row.rel_ticks) > half_width_) continue;
                if (!anchor_known) anchor = row.rel_ticks - row.rel_ticks_side;
                anchor_known = true;
                if (row.rel_ticks != cell.second) continue;
                own_rel_ticks_side = row.rel_ticks_side;
                start += static_cast<double>(row.depth_qty_start);
                end += static_cast<double>(row.depth_qty_end);
                rest += static_cast<double>(row.depth_qty_rest);
                add += static_cast<double>(row.add_qty);
                pull += static_cast<double>(row.pull_qty_total);
                fill += static_cast<double>(row.fill_qty);
            }
        }
        surface.rel_ticks_side[cell] = own_rel_ticks_side.value_or(cell.second - anchor);

        FieldsOfCell& f = surface.cells[cell];
        const double den = r(start + 1.0);
        f["add_intensity"] = r(add / den);
        f["fill_intensity"] = r(fill / den);
        f["pull_intensity"] = r(pull / den);
        const double u = r(r(f["add_intensity"] - f["pull_intensity"]) - f["fill_intensity"]);
        f["liquidity_velocity"] = u;

        State& s = state_[cell];
        const double e2_before = s.e[0];
        const double du_dt_before = s.du_dt;
        constexpr std::array<double, 4> kTau{2, 8, 32, 128};
        for (std::size_t i = 0; i < 4; ++i) {
            const double alpha = r(1.0 - r(std::exp(r(-1.0 / kTau[i]))));
            s.e[i] = first_ ? u : r(s.e[i] + r(alpha * r(u - s.e[i])));
        }
        s.du_dt = first_ ? 0.0 : r(s.e[0] - e2_before);
        f["du_dt"] = s.du_dt;
        f["d2u_dt2"] = first_ ? 0.0 : r(s.du_dt - du_dt_before);
        f["u_ema_2"] = s.e[0];
        f["u_ema_8"] = s.e[1];
        f["u_ema_32"] = s.e[2];
        f["u_ema_128"] = s.e[3];
        const double fast = f["u_band_fast"] = r(s.e[0] - s.e[1]);
        const double mid = f["u_band_mid"] = r(s.e[1] - s.e[2]);
        const double slow = f["u_band_slow"] = r(s.e[2] - s.e[3]);
        f["u_wave_energy"] = r(std::sqrt(r(r(r(fast * fast) + r(mid * mid)) + r(slow * slow))));

        const double rho = f["rho"] = r(std::log(r(1.0 + end)));
        const double phi = f["phi_rest"] = r(rest / r(end + 1.0));
        f["u_p"] = r(phi * s.e[1]);
        f["u_p_slow"] = r(phi * s.e[2]);
        const double build = f["u_p_slow"] > 0.0 ? f["u_p_slow"] : 0.0;
        f["Omega"] = r(r(rho * r(0.5 + r(0.5 * phi))) * r(1.0 + build));
        f["pressure_grad"] = cell.first == 'B' ? f["u_p"] : -f["u_p"];
    }

    double smoothed(const ReferenceSurface& surface, Cell at, const std::string& field, double sigma,
                    int reach) const {
        double num = 0.0;
        double den = 0.0;
        for (int offset = -reach; offset <= reach; ++offset) {
            const double d = offset;
            const double g = r(std::exp(r(r(-r(d * d)) / r(r(2.0 * sigma) * sigma))));
            const auto neighbour = surface.cells.find({at.first, at.second + offset});
            const double value = neighbour == surface.cells.end() ? 0.0 : neighbour->second.at(field);
            num = r(num + r(value * g));
            den = r(den + g);
        }
        return r(num / den);
    }

    void smooth_cell(const ReferenceSurface& surface, Cell cell, FieldsOfCell& f) const {
        f["u_near"] = smoothed(surface, cell, "u_ema_8", 6.0, 16);
        f["u_far"] = smoothed(surface, cell, "u_ema_32", 24.0, 64);
        f["u_prom"] = r(f["u_near"] - f["u_far"]);
        f["Omega_near"] = smoothed(surface, cell, "Omega", 6.0, 16);
        f["Omega_far"] = smoothed(surface, cell, "Omega", 24.0, 64);
        f["Omega_prom"] = r(f["Omega_near"] - f["Omega_far"]);
        const double wall = f["Omega_prom"] > 0.0 ? f["Omega_prom"] : 0.0;
        f["nu"] = r(r(1.0 + f["Omega_near"]) + r(2.0 * wall));
        f["kappa"] = r(1.0 / f["nu"]);
    }

    void slope_of_cell(const ReferenceSurface& surface, Cell cell, FieldsOfCell& f) const {
        f["du_dx"] = f["d2u_dx2"] = 0.0;
        if (std::abs(cell.second) == half_width_) return;
        const double left = surface.cells.at({cell.first, cell.second - 1}).at("u_near");
        const double here = surface.cells.at(cell).at("u_near");
        const double right = surface.cells.at({cell.first, cell.second + 1}).at("u_near");
        f["du_dx"] = r(r(right - left) * 0.5);
        f["d2u_dx2"] = r(r(right - r(2.0 * here)) + left);
    }

    struct State {
        std::array<double, 4> e{};
        double du_dt = 0.0;
    };

    int half_width_;
    bool first_ = true;
    std::map<Cell, State> state_;
};

}  // namespace spymaster::physics::testing
