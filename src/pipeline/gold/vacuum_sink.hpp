// Vacuum and bands of one window after the other, as rows of silver.*.vacuum_surface_1s and physics_bands_1s.
#pragma once

#include <utility>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "physics/vacuum/vacuum_engine.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/gold/vacuum_columns.hpp"
#include "pipeline/tables/row_table.hpp"
#include "windows/rows.hpp"

namespace spymaster::pipeline {

class VacuumSink {
  public:
    // Error: as lake::Lake::write; conflict (contracts with other columns).
    static Result<VacuumSink> create(const lake::Lake& lake, const VacuumKeys& keys,
                                     const physics::NormBounds& bounds, const market::Grid& grid,
                                     Kept kept = Kept::in_lake);

    // A band row, and a vacuum row for every row of the wall. Of the window its snapshot, wall and wall_spot_ref_price_int
    // are read; the spot of a second without a wall is known only where it is not rounded to a bucket.
    // REQUIRES: windows in time order
    Result<void> append(const windows::Window& window);
    // The surface, then the bands.
    Result<void> commit(const lake::Lineage& lineage);
    [[nodiscard]] lake::ColumnBatch& vacuum_batch() { return vacuum_.batch(); }
    [[nodiscard]] lake::ColumnBatch& bands_batch() { return bands_.batch(); }

  private:
    VacuumSink(const physics::NormBounds& bounds, const market::Grid& grid, RowTable<VacuumRow> vacuum,
               RowTable<physics::PhysicsBands1s> bands)
        : bounds_(bounds),
          grid_(grid),
          engine_(bounds, grid.price_increment),
          vacuum_(std::move(vacuum)),
          bands_(std::move(bands)) {}

    physics::NormBounds bounds_;
    market::Grid grid_;
    physics::VacuumEngine engine_;
    RowTable<VacuumRow> vacuum_;
    RowTable<physics::PhysicsBands1s> bands_;
    windows::Window window_;  // reused, as are the rows
    std::vector<VacuumRow> rows_;
};

}  // namespace spymaster::pipeline
