#include "pipeline/silver/wall_reader.hpp"

#include "pipeline/silver/silver_columns.hpp"
#include "pipeline/tables/row_reader.hpp"

namespace spymaster::pipeline {

namespace {

// Bids before asks, prices ascending: what engines of levels rely on.
bool follows(const windows::WallRow1s& row, const windows::WallRow1s& before) {
    if (row.side != before.side) return row.side == market::Side::ask;
    return row.price_int > before.price_int;
}

Error out_of_order(const lake::PartitionKey& key, const WallRow& row) {
    return make_error(ErrorCode::malformed,
                      "{} of {} on {}: rows of window {} are out of order at price {}; make the layer again",
                      key.dataset, key.symbol, key.date.iso(), row.window_end_ts_ns, row.wall.price_int);
}

}  // namespace

Result<void> read_walls(const lake::Lake& lake, const lake::PartitionKey& walls, WallSink& sink) {
    SPY_ASSIGN(auto rows, RowReader<WallRow>::open(lake, walls, kWallColumns));
    WallWindow window;
    for (;;) {
        SPY_ASSIGN(const WallRow* row, rows.peek());
        if (row != nullptr && row->window_end_ts_ns < window.window_end_ts_ns)
            return out_of_order(walls, *row);
        if (!window.rows.empty() && (row == nullptr || row->window_end_ts_ns != window.window_end_ts_ns)) {
            SPY_TRY(sink.on_wall(window));
            window.rows.clear();
        }
        if (row == nullptr) return {};
        if (window.rows.empty()) {
            window.window_start_ts_ns = row->window_start_ts_ns;
            window.window_end_ts_ns = row->window_end_ts_ns;
            window.spot_ref_price_int = row->spot_ref_price_int;
            window.window_valid = row->window_valid;
            window.epoch = row->epoch;
        } else if (!follows(row->wall, window.rows.back())) {
            return out_of_order(walls, *row);
        }
        window.rows.push_back(row->wall);
        rows.pop();
    }
}

}  // namespace spymaster::pipeline
