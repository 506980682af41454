// The columns of vacuum and bands and the rows they are filled from; the .cpp files that write or read them include this.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "physics/bands/physics_bands.hpp"
#include "pipeline/tables/columns.hpp"

namespace spymaster::pipeline {

// Rows with what all rows of their window share.
struct VacuumRow {
    std::int64_t window_start_ts_ns = 0;
    std::int64_t window_end_ts_ns = 0;
    std::int64_t spot_ref_price_int = 0;  // Window::wall_spot_ref_price_int
    bool window_valid = false;
    std::int64_t epoch = 0;
    physics::VacuumRow1s vacuum;
};

#define BIND(Row, Stored, member)                       \
    bind<Row, Stored>(                                  \
        #member, [](const Row& r) { return r.member; }, \
        [](Row& r, Stored v) { r.member = static_cast<decltype(r.member)>(v); })
#define BIND_LEVEL(Stored, member)                                   \
    bind<VacuumRow, Stored>(                                         \
        #member, [](const VacuumRow& r) { return r.vacuum.member; }, \
        [](VacuumRow& r, Stored v) { r.vacuum.member = v; })

inline constexpr std::array kVacuumColumns{
    BIND(VacuumRow, std::int64_t, window_start_ts_ns),
    BIND(VacuumRow, std::int64_t, window_end_ts_ns),
    BIND_LEVEL(std::int64_t, price_int),
    bind_letter<VacuumRow>(
        "side", [](const VacuumRow& r) { return market::letter(r.vacuum.side); },
        [](VacuumRow& r, char v) { r.vacuum.side = v == 'B' ? market::Side::bid : market::Side::ask; }),
    BIND(VacuumRow, std::int64_t, spot_ref_price_int),
    BIND_LEVEL(std::int32_t, rel_ticks),
    BIND_LEVEL(double, pull_intensity_rest),
    BIND_LEVEL(double, pull_add_log),
    BIND_LEVEL(double, d1_pull_add_log),
    BIND_LEVEL(double, d2_pull_add_log),
    BIND_LEVEL(double, d3_pull_add_log),
    BIND_LEVEL(double, wall_strength_log),
    BIND_LEVEL(double, wall_erosion),
    BIND_LEVEL(double, vacuum_score),
    BIND(VacuumRow, std::uint8_t, window_valid),
    BIND(VacuumRow, std::int64_t, epoch),
};

// Of column `I` of kBandColumns.
template <std::size_t I>
constexpr Binding<physics::PhysicsBands1s> bind_band() {
    constexpr double physics::BandNorms::* kNorms[] = {&physics::BandNorms::wall_strength_norm,
                                                       &physics::BandNorms::wall_erosion_norm,
                                                       &physics::BandNorms::vacuum_norm};
    constexpr auto kNorm = kNorms[I % 3];
    return bind<physics::PhysicsBands1s, double>(
        physics::kBandColumns[I], [](const physics::PhysicsBands1s& r) { return r.bands[I / 3].*kNorm; },
        [](physics::PhysicsBands1s& r, double v) { r.bands[I / 3].*kNorm = v; });
}

template <std::size_t... I>
constexpr auto bands_columns(std::index_sequence<I...>) {
    return std::array{BIND(physics::PhysicsBands1s, std::int64_t, window_start_ts_ns),
                      BIND(physics::PhysicsBands1s, std::int64_t, window_end_ts_ns),
                      BIND(physics::PhysicsBands1s, std::int64_t, spot_ref_price_int),
                      BIND(physics::PhysicsBands1s, double, mid_price),
                      BIND(physics::PhysicsBands1s, std::int64_t, mid_price_int),
                      bind_band<I>()...,
                      BIND(physics::PhysicsBands1s, double, above_score),
                      BIND(physics::PhysicsBands1s, double, below_score),
                      BIND(physics::PhysicsBands1s, double, vacuum_total_score),
                      BIND(physics::PhysicsBands1s, std::uint8_t, window_valid),
                      BIND(physics::PhysicsBands1s, std::int64_t, epoch)};
}
inline constexpr auto kBandsColumns = bands_columns(std::make_index_sequence<physics::kBandColumns.size()>{});
#undef BIND_LEVEL
#undef BIND

}  // namespace spymaster::pipeline
