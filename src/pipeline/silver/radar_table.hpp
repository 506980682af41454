// silver.*.radar_vacuum_1s being written: what a row shares with its window by name, and 196 doubles by the names of the features
// (windows/radar/radar_row.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/tables/columns.hpp"
#include "pipeline/tables/table_sink.hpp"
#include "windows/rows.hpp"

namespace spymaster::pipeline {

class RadarTable {
  public:
    // Error: as BoundColumns::resolve and lake::Lake::write.
    static Result<RadarTable> create(const lake::Lake& lake, const lake::PartitionKey& key,
                                     Kept kept = Kept::in_lake);

    // A row for a window that has a radar.
    Result<void> append(const windows::Window& window);
    Result<void> commit(const lake::Lineage& lineage) { return table_.commit(lineage); }
    [[nodiscard]] lake::ColumnBatch& batch() { return table_.batch(); }

  private:
    // A feature and its three derivatives: their places in the contract.
    static constexpr std::size_t kParts = 4;
    using Places = std::array<std::array<std::size_t, windows::kRadarFeatures>, kParts>;

    RadarTable(TableSink table, BoundColumns<windows::Window> columns, const Places& places)
        : table_(std::move(table)), columns_(std::move(columns)), places_(places) {}

    TableSink table_;
    BoundColumns<windows::Window> columns_;
    Places places_;
};

}  // namespace spymaster::pipeline
