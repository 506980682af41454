// Silver: closed windows as rows of silver.*.book_snapshot_1s and silver.*.depth_and_flow_1s
// (spec 4.2.4, 4.3), and back.
#pragma once

#include <span>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/columns.hpp"
#include "pipeline/table_sink.hpp"
#include "windows/rows.hpp"

namespace spymaster::pipeline {

// A row of depth_and_flow_1s with what all rows of its window share.
struct FlowRow {
    std::int64_t window_start_ts_ns = 0;
    std::int64_t window_end_ts_ns = 0;
    std::int64_t spot_ref_price_int = 0;
    bool window_valid = false;
    std::int64_t epoch = 0;
    windows::DepthAndFlow1s flow;
};

class SilverSink {
  public:
    static Result<SilverSink> create(const lake::Lake& lake, const lake::PartitionKey& snapshots,
                                     const lake::PartitionKey& flows);
    Result<void> append(const windows::Window& window);
    // The snapshot and the flow partition, in that order.
    Result<void> commit(const lake::Lineage& lineage);
    [[nodiscard]] std::int64_t snapshot_rows() const { return snapshots_.row_count(); }
    [[nodiscard]] std::int64_t flow_rows() const { return flows_.row_count(); }

  private:
    SilverSink(TableSink snapshots, BoundColumns<windows::BookSnapshot1s> snapshot_columns, TableSink flows,
               BoundColumns<FlowRow> flow_columns)
        : snapshots_(std::move(snapshots)),
          snapshot_columns_(std::move(snapshot_columns)),
          flows_(std::move(flows)),
          flow_columns_(std::move(flow_columns)) {}

    TableSink snapshots_;
    BoundColumns<windows::BookSnapshot1s> snapshot_columns_;
    TableSink flows_;
    BoundColumns<FlowRow> flow_columns_;
    std::vector<FlowRow> rows_;  // of one window, reused
};

// Hands every window of a silver pair of partitions to `sink`, in time order.
// Error (malformed): flow rows of a second that has no snapshot, or out of order.
Result<void> read_silver(const lake::Lake& lake, const lake::PartitionKey& snapshots,
                         const lake::PartitionKey& flows, windows::WindowSink& sink);

}  // namespace spymaster::pipeline
