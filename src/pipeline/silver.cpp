#include "pipeline/silver.hpp"

#include "pipeline/row_reader.hpp"
#include "pipeline/silver_columns.hpp"

namespace spymaster::pipeline {

namespace {

using windows::BookSnapshot1s;
using windows::ChainWindow;
using windows::Window;

// Replaces `rows` by those of a window.
void split(const Window& window, const market::Grid&, SilverRows<Window>& rows) {
    const BookSnapshot1s& snapshot = window.snapshot;
    rows.snapshots.assign(1, snapshot);
    rows.flows.clear();
    for (const windows::DepthAndFlow1s& flow : window.flow) {
        rows.flows.push_back({snapshot.window_start_ts_ns, snapshot.window_end_ts_ns,
                              snapshot.spot_ref_price_int, snapshot.window_valid, snapshot.epoch, flow});
    }
}

void split(const ChainWindow& window, const market::Grid& grid, SilverRows<ChainWindow>& rows) {
    const std::int64_t start = window.window_start_ts_ns;
    const std::int64_t end = window.window_end_ts_ns;
    const std::int64_t spot = window.spot_ref_price_int;
    rows.snapshots.clear();
    for (const windows::OptionQuote1s& quote : window.quotes)
        rows.snapshots.push_back({start, end, spot, quote});
    rows.flows.clear();
    for (const windows::StrikeFlow1s& flow : window.cells)
        rows.flows.push_back({start, end, spot, windows::strike_points(spot, flow.rel_ticks, grid), flow});
}

template <class Row>
Result<BoundColumns<Row>> resolve(const lake::Contract& contract) {
    const Row* const kind = nullptr;
    return BoundColumns<Row>::resolve(contract, columns_of(contract, kind));
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

template <class Window>
Result<SilverSink<Window>> SilverSink<Window>::create(const lake::Lake& lake,
                                                      const lake::PartitionKey& snapshots,
                                                      const lake::PartitionKey& flows,
                                                      const market::Grid& grid) {
    SPY_ASSIGN(const lake::DatasetSpec* snapshot_spec, lake.dataset(snapshots.dataset));
    SPY_ASSIGN(const lake::DatasetSpec* flow_spec, lake.dataset(flows.dataset));
    SPY_ASSIGN(auto snapshot_columns, resolve<SnapshotRow>(snapshot_spec->contract));
    SPY_ASSIGN(auto flow_columns, resolve<FlowRowType>(flow_spec->contract));
    SPY_ASSIGN(TableSink snapshot_table, TableSink::create(lake, snapshots));
    SPY_ASSIGN(TableSink flow_table, TableSink::create(lake, flows));
    return SilverSink(std::move(snapshot_table), std::move(snapshot_columns), std::move(flow_table),
                      std::move(flow_columns), grid);
}

template <class Window>
Result<void> SilverSink<Window>::append(const Window& window) {
    split(window, grid_, rows_);
    snapshot_columns_.append(snapshots_.batch(), rows_.snapshots);
    SPY_TRY(snapshots_.added());
    flow_columns_.append(flows_.batch(), rows_.flows);
    return flows_.added();
}

template <class Window>
Result<void> SilverSink<Window>::commit(const lake::Lineage& lineage) {
    SPY_TRY(snapshots_.commit(lineage));
    return flows_.commit(lineage);
}

template class SilverSink<Window>;
template class SilverSink<ChainWindow>;

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
