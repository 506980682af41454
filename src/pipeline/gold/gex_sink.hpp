// Gamma exposure as rows of gex_surface_1s and gex_levels_1s.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "physics/gamma/gex_rows.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/tables/columns.hpp"
#include "pipeline/tables/table_sink.hpp"

namespace spymaster::pipeline {

// A row of the surface, with what all rows of its second share.
struct GexSurfaceRow {
    const physics::GexLevels1s* second = nullptr;
    physics::GexStrike1s strike;
};

class GexSink {
  public:
    // Error: as lake::Lake::write; conflict (contracts with other columns).
    static Result<GexSink> create(const lake::Lake& lake, const GammaKeys& keys, Kept kept = Kept::in_lake);
    Result<void> append(const physics::GexWindow& window);
    // The surface and the levels, in that order.
    Result<void> commit(const lake::Lineage& lineage);
    [[nodiscard]] lake::ColumnBatch& surface_batch() { return surface_.batch(); }
    [[nodiscard]] lake::ColumnBatch& levels_batch() { return levels_.batch(); }

  private:
    // Of the columns that are filled apart: the name of the underlying, and where there may be no value.
    struct SurfacePlaces {
        std::size_t underlying, call_implied_volatility, put_implied_volatility;
    };
    struct LevelPlaces {
        std::size_t underlying, flip, call_wall, put_wall;
    };

    GexSink(TableSink surface, BoundColumns<GexSurfaceRow> surface_columns, SurfacePlaces surface_at,
            TableSink levels, BoundColumns<physics::GexLevels1s> level_columns, LevelPlaces levels_at,
            const std::string& underlying);

    TableSink surface_;
    BoundColumns<GexSurfaceRow> surface_columns_;
    SurfacePlaces surface_at_;
    TableSink levels_;
    BoundColumns<physics::GexLevels1s> level_columns_;
    LevelPlaces levels_at_;
    std::vector<GexSurfaceRow> rows_;  // of one second, reused
};

}  // namespace spymaster::pipeline
