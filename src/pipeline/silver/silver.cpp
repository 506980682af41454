#include "pipeline/silver/silver.hpp"

#include "pipeline/silver/silver_columns.hpp"
#include "pipeline/tables/row_reader.hpp"

namespace spymaster::pipeline {

namespace {

using windows::BookSnapshot1s;
using windows::ChainWindow;
using windows::Window;

template <class Row>
Result<RowTable<Row>> open_table(const lake::Lake& lake, const lake::PartitionKey& key,
                                 Kept kept = Kept::in_lake) {
    const Row* const kind = nullptr;
    return RowTable<Row>::create(
        lake, key, [kind](const lake::Contract& contract) { return columns_of(contract, kind); }, kept);
}

template <class Row>
Result<RowReader<Row>> open_rows(const lake::Lake& lake, const lake::PartitionKey& key) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    const Row* const kind = nullptr;
    return RowReader<Row>::open(lake, key, columns_of(dataset->contract, kind));
}

// Collects the flow rows of `window` from `flows`, as they stand.
Result<void> collect_flow(RowReader<FlowRow>& flows, Window& window) {
    const std::int64_t end_ns = window.snapshot.window_end_ts_ns;
    window.flow.clear();
    for (;;) {
        SPY_ASSIGN(const FlowRow* row, flows.peek());
        if (row == nullptr || row->window_end_ts_ns > end_ns) return {};
        if (row->window_end_ts_ns < end_ns) {
            return make_error(ErrorCode::malformed,
                              "flow rows of window {} have no snapshot, or are out of order",
                              row->window_end_ts_ns);
        }
        window.flow.push_back(row->flow);
        flows.pop();
    }
}

Error out_of_order(const lake::PartitionKey& key, std::int64_t window_end_ts_ns) {
    return make_error(ErrorCode::malformed, "{} of {} on {}: window {} is out of order", key.dataset,
                      key.symbol, key.date.iso(), window_end_ts_ns);
}

}  // namespace

Result<SilverSink<Window>> SilverSink<Window>::create(const lake::Lake& lake, const ContractDayKeys& keys,
                                                      const market::Grid&, Kept kept) {
    SPY_ASSERT(keys.walls && keys.radar);
    SPY_ASSIGN(auto snapshots, open_table<BookSnapshot1s>(lake, keys.snapshots, kept));
    SPY_ASSIGN(auto flows, open_table<FlowRow>(lake, keys.flows, kept));
    SPY_ASSIGN(auto walls, open_table<WallRow>(lake, *keys.walls, kept));
    SPY_ASSIGN(RadarTable radar, RadarTable::create(lake, *keys.radar, kept));
    return SilverSink(std::move(snapshots), std::move(flows), std::move(walls), std::move(radar));
}

Result<void> SilverSink<Window>::append(const Window& window) {
    const BookSnapshot1s& snapshot = window.snapshot;
    flow_rows_.clear();
    for (const windows::DepthAndFlow1s& flow : window.flow) {
        flow_rows_.push_back({snapshot.window_start_ts_ns, snapshot.window_end_ts_ns,
                              snapshot.spot_ref_price_int, snapshot.window_valid, snapshot.epoch, flow});
    }
    wall_rows_.clear();
    for (const windows::WallRow1s& wall : window.wall) {
        wall_rows_.push_back({snapshot.window_start_ts_ns, snapshot.window_end_ts_ns,
                              window.wall_spot_ref_price_int, snapshot.window_valid, snapshot.epoch, wall});
    }
    SPY_TRY(snapshots_.append({&snapshot, 1}));
    SPY_TRY(flows_.append(flow_rows_));
    SPY_TRY(walls_.append(wall_rows_));
    return radar_.append(window);
}

Result<void> SilverSink<Window>::commit(const lake::Lineage& lineage) {
    SPY_TRY(snapshots_.commit(lineage));
    SPY_TRY(flows_.commit(lineage));
    SPY_TRY(walls_.commit(lineage));
    return radar_.commit(lineage);
}

Result<SilverSink<ChainWindow>> SilverSink<ChainWindow>::create(const lake::Lake& lake,
                                                                const ContractDayKeys& keys,
                                                                const market::Grid& grid) {
    SPY_ASSIGN(auto quotes, open_table<QuoteRow>(lake, keys.snapshots));
    SPY_ASSIGN(auto flows, open_table<StrikeRow>(lake, keys.flows));
    return SilverSink(std::move(quotes), std::move(flows), grid);
}

Result<void> SilverSink<ChainWindow>::append(const ChainWindow& window) {
    const std::int64_t start = window.window_start_ts_ns;
    const std::int64_t end = window.window_end_ts_ns;
    const std::int64_t spot = window.spot_ref_price_int;
    quote_rows_.clear();
    for (const windows::OptionQuote1s& quote : window.quotes)
        quote_rows_.push_back({start, end, spot, quote});
    flow_rows_.clear();
    for (const windows::StrikeFlow1s& flow : window.cells) {
        flow_rows_.push_back({start, end, spot, windows::strike_points(spot, flow.rel_ticks, grid_), flow});
    }
    SPY_TRY(quotes_.append(quote_rows_));
    return flows_.append(flow_rows_);
}

Result<void> SilverSink<ChainWindow>::commit(const lake::Lineage& lineage) {
    SPY_TRY(quotes_.commit(lineage));
    return flows_.commit(lineage);
}

Result<void> read_silver(const lake::Lake& lake, const lake::PartitionKey& snapshots,
                         const lake::PartitionKey& flows, windows::WindowSink& sink) {
    SPY_ASSIGN(auto snapshot_rows, open_rows<BookSnapshot1s>(lake, snapshots));
    SPY_ASSIGN(auto flow_rows, open_rows<FlowRow>(lake, flows));
    Window window;
    for (;;) {
        SPY_ASSIGN(const BookSnapshot1s* snapshot, snapshot_rows.peek());
        if (snapshot == nullptr) break;
        window.snapshot = *snapshot;
        snapshot_rows.pop();
        SPY_TRY(collect_flow(flow_rows, window));
        sink.on_window(window);
    }
    SPY_ASSIGN(const FlowRow* left_over, flow_rows.peek());
    if (left_over != nullptr) {
        return make_error(ErrorCode::malformed, "flow rows of window {} have no snapshot",
                          left_over->window_end_ts_ns);
    }
    return {};
}

Result<void> read_silver(const lake::Lake& lake, const lake::PartitionKey& flows, windows::ChainSink& sink) {
    SPY_ASSIGN(auto rows, open_rows<StrikeRow>(lake, flows));
    ChainWindow window;
    for (;;) {
        SPY_ASSIGN(const StrikeRow* row, rows.peek());
        if (!window.cells.empty() && (row == nullptr || row->window_end_ts_ns != window.window_end_ts_ns)) {
            if (row != nullptr && row->window_end_ts_ns < window.window_end_ts_ns)
                return out_of_order(flows, row->window_end_ts_ns);
            sink.on_window(window);
            window.cells.clear();
        }
        if (row == nullptr) return {};
        window.window_start_ts_ns = row->window_start_ts_ns;
        window.window_end_ts_ns = row->window_end_ts_ns;
        window.spot_ref_price_int = row->spot_ref_price_int;
        window.cells.push_back(row->flow);
        rows.pop();
    }
}

Result<std::vector<BookSnapshot1s>> read_snapshots(const lake::Lake& lake, const lake::PartitionKey& key) {
    SPY_ASSIGN(auto rows, open_rows<BookSnapshot1s>(lake, key));
    std::vector<BookSnapshot1s> snapshots;
    for (;;) {
        SPY_ASSIGN(const BookSnapshot1s* snapshot, rows.peek());
        if (snapshot == nullptr) return snapshots;
        if (!snapshots.empty() && snapshot->window_end_ts_ns <= snapshots.back().window_end_ts_ns)
            return out_of_order(key, snapshot->window_end_ts_ns);
        snapshots.push_back(*snapshot);
        rows.pop();
    }
}

Result<windows::SpotTrack> read_spots(const lake::Lake& lake, const lake::PartitionKey& snapshots) {
    SPY_ASSIGN(const std::vector<BookSnapshot1s> rows, read_snapshots(lake, snapshots));
    windows::SpotTrack spots;
    for (const BookSnapshot1s& row : rows) spots.add(row.window_end_ts_ns, row.spot_ref_price_int);
    return spots;
}

}  // namespace spymaster::pipeline
