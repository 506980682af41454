// Silver: closed windows as rows of silver.*.book_snapshot_1s and silver.*.depth_and_flow_1s, and back: of one
// book (spec 4.2.4, 4.3) and of a chain of options (spec 4.7, 4.8).
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "market/product.hpp"
#include "pipeline/columns.hpp"
#include "pipeline/table_sink.hpp"
#include "windows/chain_rows.hpp"
#include "windows/rows.hpp"
#include "windows/spot_track.hpp"

namespace spymaster::pipeline {

// Rows with what all rows of their window share.
struct FlowRow {
    std::int64_t window_start_ts_ns = 0;
    std::int64_t window_end_ts_ns = 0;
    std::int64_t spot_ref_price_int = 0;
    bool window_valid = false;
    std::int64_t epoch = 0;
    windows::DepthAndFlow1s flow;
};
struct WallRow {
    std::int64_t window_start_ts_ns = 0;
    std::int64_t window_end_ts_ns = 0;
    std::int64_t spot_ref_price_int = 0;  // Window::wall_spot_ref_price_int
    bool window_valid = false;
    std::int64_t epoch = 0;
    windows::WallRow1s wall;
};
struct QuoteRow {
    std::int64_t window_start_ts_ns = 0;
    std::int64_t window_end_ts_ns = 0;
    std::int64_t spot_ref_price_int = 0;
    windows::OptionQuote1s quote;
};
struct StrikeRow {
    std::int64_t window_start_ts_ns = 0;
    std::int64_t window_end_ts_ns = 0;
    std::int64_t spot_ref_price_int = 0;
    double strike_points = 0.0;
    windows::StrikeFlow1s flow;
};

// The two kinds of rows of a kind of window.
template <class Window>
struct SilverRows;
template <>
struct SilverRows<windows::Window> {
    std::vector<windows::BookSnapshot1s> snapshots;
    std::vector<FlowRow> flows;
};
template <>
struct SilverRows<windows::ChainWindow> {
    std::vector<QuoteRow> snapshots;
    std::vector<StrikeRow> flows;
};

// Window: windows::Window or windows::ChainWindow.
template <class Window>
class SilverSink {
  public:
    static Result<SilverSink> create(const lake::Lake& lake, const lake::PartitionKey& snapshots,
                                     const lake::PartitionKey& flows, const market::Grid& grid);
    Result<void> append(const Window& window);
    // The snapshot and the flow partition, in that order.
    Result<void> commit(const lake::Lineage& lineage);

  private:
    using SnapshotRow = typename decltype(SilverRows<Window>::snapshots)::value_type;
    using FlowRowType = typename decltype(SilverRows<Window>::flows)::value_type;

    SilverSink(TableSink snapshots, BoundColumns<SnapshotRow> snapshot_columns, TableSink flows,
               BoundColumns<FlowRowType> flow_columns, const market::Grid& grid)
        : snapshots_(std::move(snapshots)),
          snapshot_columns_(std::move(snapshot_columns)),
          flows_(std::move(flows)),
          flow_columns_(std::move(flow_columns)),
          grid_(grid) {}

    TableSink snapshots_;
    BoundColumns<SnapshotRow> snapshot_columns_;
    TableSink flows_;
    BoundColumns<FlowRowType> flow_columns_;
    market::Grid grid_;
    SilverRows<Window> rows_;  // of one window, reused
};

// Hands every window of a silver pair of partitions to `sink`, in time order.
// Error (malformed): flow rows of a second that has no snapshot, or out of order.
Result<void> read_silver(const lake::Lake& lake, const lake::PartitionKey& snapshots,
                         const lake::PartitionKey& flows, windows::WindowSink& sink);

// The same of options, whose flow rows are there in every window: without the quotes, which nothing is computed
// from. Error (malformed): rows that are not in time order.
Result<void> read_silver(const lake::Lake& lake, const lake::PartitionKey& flows, windows::ChainSink& sink);

// The snapshots of a day. Error (malformed): they are not in time order.
Result<std::vector<windows::BookSnapshot1s>> read_snapshots(const lake::Lake& lake,
                                                            const lake::PartitionKey& key);

// Where the underlying of options stood in each window of its own silver.
// Error (malformed): snapshots that are not in time order.
Result<windows::SpotTrack> read_spots(const lake::Lake& lake, const lake::PartitionKey& snapshots);

}  // namespace spymaster::pipeline
