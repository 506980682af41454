#include "pipeline/gold/vacuum_sink.hpp"

#include <span>

#include "windows/flow_rows.hpp"

namespace spymaster::pipeline {

using physics::PhysicsBands1s;

Result<VacuumSink> VacuumSink::create(const lake::Lake& lake, const VacuumKeys& keys,
                                      const physics::NormBounds& bounds, const market::Grid& grid,
                                      Kept kept) {
    SPY_ASSIGN(auto vacuum,
               RowTable<VacuumRow>::create(
                   lake, keys.vacuum, [](const lake::Contract&) { return std::span(kVacuumColumns); }, kept));
    SPY_ASSIGN(auto bands,
               RowTable<PhysicsBands1s>::create(
                   lake, keys.bands, [](const lake::Contract&) { return std::span(kBandsColumns); }, kept));
    return VacuumSink(bounds, grid, std::move(vacuum), std::move(bands));
}

Result<void> VacuumSink::append(const windows::Window& window) {
    const windows::BookSnapshot1s& snapshot = window.snapshot;
    window_.snapshot = snapshot;
    window_.wall = window.wall;
    window_.wall_spot_ref_price_int = !window.wall.empty()          ? window.wall_spot_ref_price_int
                                      : windows::has_buckets(grid_) ? 0
                                                                    : snapshot.spot_ref_price_int;
    const std::vector<physics::VacuumRow1s>& levels = engine_.update(window_);
    rows_.clear();
    for (const physics::VacuumRow1s& level : levels) {
        rows_.push_back({snapshot.window_start_ts_ns, snapshot.window_end_ts_ns,
                         window_.wall_spot_ref_price_int, snapshot.window_valid, snapshot.epoch, level});
    }
    SPY_TRY(vacuum_.append(rows_));
    const PhysicsBands1s bands = physics::physics_bands(window_, levels, bounds_);
    return bands_.append({&bands, 1});
}

Result<void> VacuumSink::commit(const lake::Lineage& lineage) {
    SPY_TRY(vacuum_.commit(lineage));
    return bands_.commit(lineage);
}

}  // namespace spymaster::pipeline
