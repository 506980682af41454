#include "pipeline/silver.hpp"

#include <array>

namespace spymaster::pipeline {

namespace {

using windows::BookSnapshot1s;
using windows::Window;

// Bindings of struct members to the column of the same name.
#define BIND(Row, Stored, member)                       \
    bind<Row, Stored>(                                  \
        #member, [](const Row& r) { return r.member; }, \
        [](Row& r, Stored v) { r.member = static_cast<decltype(r.member)>(v); })
#define BIND_FLOW(Stored, member)                                \
    bind<FlowRow, Stored>(                                       \
        #member, [](const FlowRow& r) { return r.flow.member; }, \
        [](FlowRow& r, Stored v) { r.flow.member = static_cast<decltype(r.flow.member)>(v); })

constexpr std::array kSnapshotColumns{
    BIND(BookSnapshot1s, std::int64_t, window_start_ts_ns),
    BIND(BookSnapshot1s, std::int64_t, window_end_ts_ns),
    BIND(BookSnapshot1s, std::int64_t, best_bid_price_int),
    BIND(BookSnapshot1s, std::int64_t, best_bid_qty),
    BIND(BookSnapshot1s, std::int64_t, best_ask_price_int),
    BIND(BookSnapshot1s, std::int64_t, best_ask_qty),
    BIND(BookSnapshot1s, double, mid_price),
    BIND(BookSnapshot1s, std::int64_t, mid_price_int),
    BIND(BookSnapshot1s, std::int64_t, last_trade_price_int),
    BIND(BookSnapshot1s, std::int64_t, spot_ref_price_int),
    BIND(BookSnapshot1s, std::uint8_t, book_valid),
    BIND(BookSnapshot1s, std::int64_t, epoch),
    BIND(BookSnapshot1s, std::int64_t, record_count),
    BIND(BookSnapshot1s, std::int64_t, trade_count),
    BIND(BookSnapshot1s, std::int64_t, anomaly_count),
    BIND(BookSnapshot1s, std::int64_t, late_count),
    BIND(BookSnapshot1s, std::uint8_t, crossed),
};

constexpr std::array kFlowColumns{
    BIND(FlowRow, std::int64_t, window_start_ts_ns),
    BIND(FlowRow, std::int64_t, window_end_ts_ns),
    BIND_FLOW(std::int64_t, price_int),
    bind_letter<FlowRow>(
        "side", [](const FlowRow& r) { return market::letter(r.flow.side); },
        [](FlowRow& r, char v) { r.flow.side = v == 'B' ? market::Side::bid : market::Side::ask; }),
    BIND(FlowRow, std::int64_t, spot_ref_price_int),
    BIND_FLOW(std::int32_t, rel_ticks),
    BIND_FLOW(std::int32_t, rel_ticks_side),
    BIND_FLOW(double, depth_qty_start),
    BIND_FLOW(double, depth_qty_end),
    BIND_FLOW(double, add_qty),
    BIND_FLOW(double, pull_qty_total),
    BIND_FLOW(double, depth_qty_rest),
    BIND_FLOW(double, pull_qty_rest),
    BIND_FLOW(double, fill_qty),
    BIND(FlowRow, std::uint8_t, window_valid),
    BIND(FlowRow, std::int64_t, epoch),
};
#undef BIND_FLOW
#undef BIND

// Reads rows of one dataset one after the other.
template <class Row>
class RowReader {
  public:
    RowReader(std::unique_ptr<lake::PartitionReader> reader, BoundColumns<Row> columns,
              const lake::Contract& contract)
        : reader_(std::move(reader)), columns_(std::move(columns)), batch_(contract) {}

    // The next row, or nullptr at the end; valid until the call after.
    Result<const Row*> peek() {
        if (next_ == rows_.size()) {
            SPY_ASSIGN(const bool more, reader_->next(batch_));
            rows_.assign(more ? batch_.row_count() : 0, Row{});
            next_ = 0;
            if (!more) return nullptr;
            columns_.read(batch_, rows_);
        }
        return &rows_[next_];
    }
    void pop() { ++next_; }

  private:
    std::unique_ptr<lake::PartitionReader> reader_;
    BoundColumns<Row> columns_;
    lake::ColumnBatch batch_;
    std::vector<Row> rows_;
    std::size_t next_ = 0;
};

template <class Row>
Result<RowReader<Row>> open_rows(const lake::Lake& lake, const lake::PartitionKey& key,
                                 std::span<const Binding<Row>> bindings) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    SPY_ASSIGN(auto columns, BoundColumns<Row>::resolve(dataset->contract, bindings));
    SPY_ASSIGN(auto reader, lake.read(key));
    return RowReader<Row>(std::move(reader), std::move(columns), dataset->contract);
}

// Collects the flow rows of `window` from `flows`. What the rows carry is taken as it stands: depth, flow and
// validity.
Result<void> collect_flow(RowReader<FlowRow>& flows, Window& window) {
    const std::int64_t end_ns = window.snapshot.window_end_ts_ns;
    window.flow.clear();
    window.window_valid = false;
    for (;;) {
        SPY_ASSIGN(const FlowRow* row, flows.peek());
        if (row == nullptr || row->window_end_ts_ns > end_ns) return {};
        if (row->window_end_ts_ns < end_ns) {
            return make_error(ErrorCode::malformed,
                              "flow rows of window {} have no snapshot, or are out of order",
                              row->window_end_ts_ns);
        }
        window.window_valid = row->window_valid;
        window.flow.push_back(row->flow);
        flows.pop();
    }
}

}  // namespace

Result<SilverSink> SilverSink::create(const lake::Lake& lake, const lake::PartitionKey& snapshots,
                                      const lake::PartitionKey& flows) {
    SPY_ASSIGN(const lake::DatasetSpec* snapshot_spec, lake.dataset(snapshots.dataset));
    SPY_ASSIGN(const lake::DatasetSpec* flow_spec, lake.dataset(flows.dataset));
    SPY_ASSIGN(auto snapshot_columns,
               BoundColumns<BookSnapshot1s>::resolve(snapshot_spec->contract, kSnapshotColumns));
    SPY_ASSIGN(auto flow_columns, BoundColumns<FlowRow>::resolve(flow_spec->contract, kFlowColumns));
    SPY_ASSIGN(TableSink snapshot_table, TableSink::create(lake, snapshots));
    SPY_ASSIGN(TableSink flow_table, TableSink::create(lake, flows));
    return SilverSink(std::move(snapshot_table), std::move(snapshot_columns), std::move(flow_table),
                      std::move(flow_columns));
}

Result<void> SilverSink::append(const Window& window) {
    const BookSnapshot1s& snapshot = window.snapshot;
    snapshot_columns_.append(snapshots_.batch(), {&snapshot, 1});
    SPY_TRY(snapshots_.added());
    rows_.clear();
    for (const windows::DepthAndFlow1s& flow : window.flow) {
        rows_.push_back({snapshot.window_start_ts_ns, snapshot.window_end_ts_ns, snapshot.spot_ref_price_int,
                         window.window_valid, snapshot.epoch, flow});
    }
    flow_columns_.append(flows_.batch(), rows_);
    return flows_.added();
}

Result<void> SilverSink::commit(const lake::Lineage& lineage) {
    SPY_TRY(snapshots_.commit(lineage));
    return flows_.commit(lineage);
}

Result<void> read_silver(const lake::Lake& lake, const lake::PartitionKey& snapshots,
                         const lake::PartitionKey& flows, windows::WindowSink& sink) {
    SPY_ASSIGN(auto snapshot_rows, open_rows<BookSnapshot1s>(lake, snapshots, kSnapshotColumns));
    SPY_ASSIGN(auto flow_rows, open_rows<FlowRow>(lake, flows, kFlowColumns));
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

}  // namespace spymaster::pipeline
