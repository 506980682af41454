// gold.*.physics_surface_1s as arrays: the fields of one second over a lattice (spec 5.2, 5.3, 5.5).
//
// Shape: rows() cells in the order of lattice_shape.hpp: side A first, then B (options: CA, CB, PA, PB); within a
// lane rel_ticks ascending. A field that is computed on this lattice has a finite value in every cell; another
// has no values at all.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "market/product.hpp"
#include "physics/lattice_shape.hpp"
#include "windows/chain_rows.hpp"

namespace spymaster::physics {

// The double columns, in contract order, one line a group. Each is computed in the file of its formula
// (docs/physics.md).
// clang-format off
enum class Field : std::uint8_t {
    add_intensity, fill_intensity, pull_intensity, liquidity_velocity,
    u_ema_2, u_ema_8, u_ema_32, u_ema_128,
    u_band_fast, u_band_mid, u_band_slow, u_wave_energy,
    du_dt, d2u_dt2,
    u_near, u_far, u_prom,
    du_dx, d2u_dx2,
    rho, phi_rest, u_p, u_p_slow,
    Omega, Omega_near, Omega_far, Omega_prom,
    nu, kappa, pressure_grad,
};

inline constexpr std::array<std::string_view, 30> kFieldNames{
    "add_intensity", "fill_intensity", "pull_intensity", "liquidity_velocity",
    "u_ema_2", "u_ema_8", "u_ema_32", "u_ema_128",
    "u_band_fast", "u_band_mid", "u_band_slow", "u_wave_energy",
    "du_dt", "d2u_dt2",
    "u_near", "u_far", "u_prom",
    "du_dx", "d2u_dx2",
    "rho", "phi_rest", "u_p", "u_p_slow",
    "Omega", "Omega_near", "Omega_far", "Omega_prom",
    "nu", "kappa", "pressure_grad",
};

// What the columns of options call the same fields; empty where a field is not computed over strikes.
inline constexpr std::array<std::string_view, kFieldNames.size()> kOptionFieldNames{
    "add_intensity", "fill_intensity", "pull_intensity", "liquidity_velocity",
    "u_opt_ema_2", "u_opt_ema_8", "u_opt_ema_32", "u_opt_ema_128",
    "u_opt_band_fast", "u_opt_band_mid", "u_opt_band_slow", "u_opt_wave_energy",
    "du_opt_dt", "d2u_opt_dt2",
    "", "", "",
    "", "",
    "rho_opt", "phi_rest_opt", "u_opt_p", "u_opt_p_slow",
    "Omega_opt", "", "", "",
    "", "", "",
};
// clang-format on

constexpr const std::array<std::string_view, kFieldNames.size()>& field_names(Axis axis) {
    return axis == Axis::prices ? kFieldNames : kOptionFieldNames;
}

// The field behind a column of a gold contract over this axis; none if no field of it has that name.
constexpr std::optional<Field> find_field(std::string_view column, Axis axis) {
    if (column.empty()) return std::nullopt;
    for (std::size_t i = 0; i < kFieldNames.size(); ++i) {
        if (field_names(axis)[i] == column) return static_cast<Field>(i);
    }
    return std::nullopt;
}

class PhysicsSurface1s {
  public:
    // REQUIRES: market::check_grid(grid).ok()
    explicit PhysicsSurface1s(const market::Grid& grid, Axis axis = Axis::prices)
        : grid_(grid), shape_(grid, axis), rel_ticks_side(axis == Axis::prices ? rows() : 0) {
        for (std::size_t field = 0; field < fields_.size(); ++field) {
            if (!field_names(axis)[field].empty()) fields_[field].assign(rows(), 0.0);
        }
    }

    std::int64_t window_end_ts_ns = 0;
    std::int64_t spot_ref_price_int = 0;  // options: 0 where the underlying had none

    [[nodiscard]] const LatticeShape& shape() const { return shape_; }
    [[nodiscard]] int half_width() const { return shape_.half_width(); }
    [[nodiscard]] std::size_t rows_per_lane() const { return shape_.rows_per_lane(); }
    [[nodiscard]] std::size_t rows() const { return shape_.rows(); }

    // What a row is keyed by. right() and the strike are those of options; strikes are of the grid, not listed ones.
    [[nodiscard]] std::int32_t rel_ticks(std::size_t row) const { return shape_.rel_ticks(row); }
    [[nodiscard]] market::Side side(std::size_t row) const { return shape_.side(row); }
    [[nodiscard]] market::Right right(std::size_t row) const { return shape_.right(row); }
    [[nodiscard]] std::int64_t strike_price_int(std::size_t row) const {
        return windows::grid_price(spot_ref_price_int, rel_ticks(row), grid_);
    }
    [[nodiscard]] double strike_points(std::size_t row) const {
        return windows::strike_points(spot_ref_price_int, rel_ticks(row), grid_);
    }

    std::vector<double>& operator[](Field field) { return fields_[static_cast<std::size_t>(field)]; }
    const std::vector<double>& operator[](Field field) const {
        return fields_[static_cast<std::size_t>(field)];
    }

  private:
    market::Grid grid_;
    LatticeShape shape_;
    std::array<std::vector<double>, kFieldNames.size()> fields_;

  public:
    std::vector<std::int32_t> rel_ticks_side;  // of each row; options have none
};

}  // namespace spymaster::physics
