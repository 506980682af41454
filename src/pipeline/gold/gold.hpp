// Gold: physics surfaces as rows of gold.*.physics_surface_1s (spec 5.3, 5.5), dense and in the contract's
// order.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "physics/surface.hpp"
#include "pipeline/tables/table_sink.hpp"

namespace spymaster::pipeline {

class GoldSink {
  public:
    // Error (conflict): a column of the contract that nothing of this axis fills.
    static Result<GoldSink> create(const lake::Lake& lake, const lake::PartitionKey& key,
                                   const physics::LatticeShape& shape, Kept kept = Kept::in_lake);
    // REQUIRES: a surface of the shape.
    Result<void> append(const physics::PhysicsSurface1s& surface);
    Result<void> commit(const lake::Lineage& lineage) { return table_.commit(lineage); }
    [[nodiscard]] lake::ColumnBatch& batch() { return table_.batch(); }

    // What a column says of a row: what keys it, or one of its fields.
    enum class Source : std::uint8_t {
        window_end,
        spot_ref,
        strike_price_int,
        strike_points,
        rel_ticks,
        rel_ticks_side,
        right,
        side,
        field
    };
    struct Column {
        Source source = Source::field;
        physics::Field field{};
    };

  private:
    GoldSink(TableSink table, std::vector<Column> columns, const physics::LatticeShape& shape);

    void fill(const Column& column, const physics::PhysicsSurface1s& surface, lake::Column& values) const;

    TableSink table_;
    std::vector<Column> columns_;  // in the contract's order
    // Of every row of a surface, the same in each.
    std::vector<std::int32_t> rel_ticks_;
    std::vector<std::int32_t> rights_;
    std::vector<std::int32_t> sides_;
};

}  // namespace spymaster::pipeline
