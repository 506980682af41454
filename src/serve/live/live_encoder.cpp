#include "serve/live/live_encoder.hpp"

#include <chrono>
#include <utility>

#include "pipeline/datasets.hpp"
#include "pipeline/tables/row_ranges.hpp"

namespace spymaster::serve {

namespace {

using pipeline::LiveTable;

const lake::ColumnBatch* rows_of(const pipeline::LiveSecond& second, LiveTable table) {
    return second.tables[static_cast<std::size_t>(table)];
}

}  // namespace

SessionKey key_of(const pipeline::LiveContract& contract) {
    return {contract.product->type, contract.symbol, contract.date};
}

std::optional<LiveTable> live_table_of(Surface surface) {
    switch (surface) {
        case Surface::snap:
        case Surface::book_snapshot:
            return LiveTable::book_snapshot;
        case Surface::velocity:
            return LiveTable::gold;
        case Surface::options:
            return LiveTable::option_gold;
        case Surface::forecast:
            return std::nullopt;
        case Surface::wall:
            return LiveTable::wall;
        case Surface::vacuum:
            return LiveTable::vacuum;
        case Surface::radar:
            return LiveTable::radar;
        case Surface::physics_bands:
            return LiveTable::physics_bands;
        case Surface::gex:
            return LiveTable::gex;
        case Surface::gex_levels:
            break;
    }
    return LiveTable::gex_levels;
}

Result<LiveEncoder> LiveEncoder::make(const lake::Lake& lake, const pipeline::LiveContract& contract) {
    const auto key = key_of(contract);
    const auto* options = pipeline::option_product_of(key.product);
    const auto option_gold =
        options == nullptr ? lake::PartitionKey() : pipeline::keys_of(*options, key.symbol, key.date).gold;
    const int step_ticks = contract.option_grid ? contract.option_grid->step_ticks : 1;
    LiveEncoder encoder(OptionSums(option_gold, step_ticks));
    SPY_TRY(encoder.add_table(lake, LiveTable::gold, partitions_of(key).gold, velocity_columns(), false));
    if (options != nullptr)
        SPY_TRY(encoder.add_table(lake, LiveTable::option_gold, option_gold, option_columns(), false));
    for (const auto surface : kSurfaces) {
        if (!is_table(surface)) continue;
        const auto table = *live_table_of(surface);
        const auto columns = table == LiveTable::book_snapshot ? snap_columns() : std::vector<std::string>();
        SPY_TRY(encoder.add_table(lake, table, table_of(key, surface), columns, true));
    }
    return encoder;
}

Result<void> LiveEncoder::add_table(const lake::Lake& lake, LiveTable table, const lake::PartitionKey& key,
                                    const std::vector<std::string>& columns, bool as_it_is) {
    SPY_ASSIGN(const auto* spec, lake.dataset(key.dataset));
    auto& added = tables_[static_cast<std::size_t>(table)];
    added.contract = &spec->contract;
    SPY_ASSIGN(added.at, pipeline::places_of(spec->contract, columns));
    if (as_it_is) {
        SPY_ASSIGN(added.encoder, TableEncoder::make(spec->contract));
    }
    return {};
}

std::string_view LiveEncoder::schema_message(Surface surface) const {
    return is_table(surface) ? table(*live_table_of(surface)).encoder->schema_message()
                             : encoder_->schema_message(surface);
}

Result<void> LiveEncoder::check(const pipeline::LiveSecond& second) const {
    for (std::size_t i = 0; i < pipeline::kLiveTables; ++i) {
        const auto* rows = second.tables[i];
        if (rows == nullptr) continue;
        if (tables_[i].contract == nullptr || !rows->is_of(*tables_[i].contract)) {
            return make_error(ErrorCode::conflict, "window {}: table {} is not of its contract",
                              second.window_end_ts_ns, i);
        }
        SPY_TRY(rows->check_rectangular());
    }
    const auto* snapshots = rows_of(second, LiveTable::book_snapshot);
    if (snapshots == nullptr || snapshots->row_count() != 1) {
        return make_error(ErrorCode::conflict, "window {} has not got one snapshot", second.window_end_ts_ns);
    }
    return {};
}

Result<WindowFrames> LiveEncoder::encode(const pipeline::LiveSecond& second, Metrics& metrics) {
    SPY_TRY(check(second));
    const auto began = std::chrono::steady_clock::now();
    WindowFrames window{second.window_end_ts_ns, {}};
    for (const auto surface : kSurfaces) {
        SPY_ASSIGN(window.frames[place_of(surface)], frame(surface, second));
        metrics.surface_encoded(surface, 1, window.of(surface)->message.size());
    }
    metrics.window_encoded(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    return window;
}

Result<FramePtr> LiveEncoder::frame(Surface surface, const pipeline::LiveSecond& second) {
    if (surface == Surface::forecast)
        return encoder_->forecast({second.forecast, second.calibration, second.problem});
    const auto from = *live_table_of(surface);
    const auto* rows = rows_of(second, from);
    const std::size_t count = rows == nullptr ? 0 : rows->row_count();
    if (surface == Surface::snap) return snap(*rows);
    if (is_table(surface)) {
        const auto& of = table(from);
        return count == 0 ? make_frame(of.encoder->schema_message(), {}) : of.encoder->frame(*rows);
    }
    if (surface == Surface::velocity) {
        velocity_rows_.clear();
        if (count > 0) SPY_TRY(append_velocity(*rows, table(from).at, 0, count, velocity_rows_));
        return encoder_->velocity(velocity_rows_);
    }
    option_sums_.begin(option_rows_);
    if (count > 0) SPY_TRY(option_sums_.add(*rows, table(from).at, 0, count, option_rows_));
    option_sums_.finish(option_rows_);
    return encoder_->options(option_rows_);
}

Result<FramePtr> LiveEncoder::snap(const lake::ColumnBatch& rows) {
    snaps_.clear();
    append_snaps(rows, table(LiveTable::book_snapshot).at, snaps_);
    return encoder_->snap(snaps_.front());
}

}  // namespace spymaster::serve
