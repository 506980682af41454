// Silver: closed windows as rows, and back. Of one book silver.*.book_snapshot_1s, depth_and_flow_1s (spec 4.2.4, 4.3),
// wall_surface_1s and radar_vacuum_1s (radar spec 1.7, 1.9), all from one pass; of a chain of options the first two (spec
// 4.7, 4.8). Walls are read back by wall_reader.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "market/product.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/silver/radar_table.hpp"
#include "pipeline/tables/row_table.hpp"
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
    std::int64_t spot_ref_price_int = 0;
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

// Writes the tables of one kind of window: windows::Window or windows::ChainWindow.
template <class Window>
class SilverSink;

template <>
class SilverSink<windows::Window> {
  public:
    static Result<SilverSink> create(const lake::Lake& lake, const ContractDayKeys& keys,
                                     const market::Grid& grid, Kept kept = Kept::in_lake);
    Result<void> append(const windows::Window& window);
    // In the order of ContractDayKeys::silver().
    Result<void> commit(const lake::Lineage& lineage);
    [[nodiscard]] std::array<lake::ColumnBatch*, 4> batches() {
        return {&snapshots_.batch(), &flows_.batch(), &walls_.batch(), &radar_.batch()};
    }

  private:
    SilverSink(RowTable<windows::BookSnapshot1s> snapshots, RowTable<FlowRow> flows, RowTable<WallRow> walls,
               RadarTable radar)
        : snapshots_(std::move(snapshots)),
          flows_(std::move(flows)),
          walls_(std::move(walls)),
          radar_(std::move(radar)) {}

    RowTable<windows::BookSnapshot1s> snapshots_;
    RowTable<FlowRow> flows_;
    RowTable<WallRow> walls_;
    RadarTable radar_;
    std::vector<FlowRow> flow_rows_;  // of one window, reused
    std::vector<WallRow> wall_rows_;
};

template <>
class SilverSink<windows::ChainWindow> {
  public:
    static Result<SilverSink> create(const lake::Lake& lake, const ContractDayKeys& keys,
                                     const market::Grid& grid);
    Result<void> append(const windows::ChainWindow& window);
    Result<void> commit(const lake::Lineage& lineage);

  private:
    SilverSink(RowTable<QuoteRow> quotes, RowTable<StrikeRow> flows, const market::Grid& grid)
        : quotes_(std::move(quotes)), flows_(std::move(flows)), grid_(grid) {}

    RowTable<QuoteRow> quotes_;
    RowTable<StrikeRow> flows_;
    market::Grid grid_;
    std::vector<QuoteRow> quote_rows_;  // of one window, reused
    std::vector<StrikeRow> flow_rows_;
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
