// Gold: physics surfaces as rows of gold.*.physics_surface_1s (spec 5.3), dense and in the contract's order.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "physics/surface.hpp"
#include "pipeline/table_sink.hpp"

namespace spymaster::pipeline {

class GoldSink {
  public:
    static Result<GoldSink> create(const lake::Lake& lake, const lake::PartitionKey& key);
    Result<void> append(const physics::PhysicsSurface1s& surface);
    Result<void> commit(const lake::Lineage& lineage) { return table_.commit(lineage); }
    [[nodiscard]] std::int64_t row_count() const { return table_.row_count(); }

  private:
    struct Places {
        std::size_t window_end = 0, event = 0, spot_ref = 0, rel_ticks = 0, rel_ticks_side = 0, side = 0;
        std::vector<std::size_t> fields;  // of each physics::Field
    };
    GoldSink(TableSink table, Places places) : table_(std::move(table)), places_(std::move(places)) {}

    TableSink table_;
    Places places_;
};

}  // namespace spymaster::pipeline
