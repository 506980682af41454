// gold.future_mbo.physics_surface_1s as arrays: the fields of one second over the lattice side x rel_ticks
// (spec 5.2-5.3).
//
// Shape: rows() = 2 * rows_per_side cells; side A first, then B; within a side rel_ticks ascending. Every
// field has a finite value in every cell.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "market/product.hpp"

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
// clang-format on

class PhysicsSurface1s {
  public:
    explicit PhysicsSurface1s(const market::Grid& grid)
        : half_width_(grid.half_width_ticks), rel_ticks_side(rows()) {
        for (auto& field : fields_) field.assign(rows(), 0.0);
    }

    std::int64_t window_end_ts_ns = 0;
    std::int64_t spot_ref_price_int = 0;

    [[nodiscard]] int half_width() const { return half_width_; }
    [[nodiscard]] std::size_t rows_per_side() const { return 2 * static_cast<std::size_t>(half_width_) + 1; }
    [[nodiscard]] std::size_t rows() const { return 2 * rows_per_side(); }

    std::vector<double>& operator[](Field field) { return fields_[static_cast<std::size_t>(field)]; }
    const std::vector<double>& operator[](Field field) const {
        return fields_[static_cast<std::size_t>(field)];
    }

  private:
    int half_width_;
    std::array<std::vector<double>, kFieldNames.size()> fields_;

  public:
    std::vector<std::int32_t> rel_ticks_side;  // of each row
};

}  // namespace spymaster::physics
