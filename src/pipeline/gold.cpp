#include "pipeline/gold.hpp"

namespace spymaster::pipeline {

namespace {

constexpr std::size_t kKeyColumns = 6;

template <class T>
void append_repeated(std::vector<T>& column, std::size_t count, T value) {
    column.resize(column.size() + count, value);
}

template <class T>
void append_all(std::vector<T>& column, const std::vector<T>& values) {
    column.insert(column.end(), values.begin(), values.end());
}

}  // namespace

Result<GoldSink> GoldSink::create(const lake::Lake& lake, const lake::PartitionKey& key) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    const lake::Contract& contract = dataset->contract;
    Places places;
    SPY_ASSIGN(places.window_end, contract.index_of("window_end_ts_ns"));
    SPY_ASSIGN(places.event, contract.index_of("event_ts_ns"));
    SPY_ASSIGN(places.spot_ref, contract.index_of("spot_ref_price_int"));
    SPY_ASSIGN(places.rel_ticks, contract.index_of("rel_ticks"));
    SPY_ASSIGN(places.rel_ticks_side, contract.index_of("rel_ticks_side"));
    SPY_ASSIGN(places.side, contract.index_of("side"));
    for (const std::string_view name : physics::kFieldNames) {
        SPY_ASSIGN(const std::size_t place, contract.index_of(name));
        places.fields.push_back(place);
    }
    if (contract.fields.size() != kKeyColumns + places.fields.size()) {
        return make_error(ErrorCode::conflict, "contract {} has {} columns, the engine fills {}",
                          contract.name, contract.fields.size(), kKeyColumns + places.fields.size());
    }
    SPY_ASSIGN(TableSink table, TableSink::create(lake, key));
    table.batch().at<lake::TextColumn>(places.side).dictionary = {"A", "B"};
    return GoldSink(std::move(table), std::move(places));
}

Result<void> GoldSink::append(const physics::PhysicsSurface1s& surface) {
    lake::ColumnBatch& batch = table_.batch();
    const std::size_t rows = surface.rows();
    append_repeated(batch.at<std::vector<std::int64_t>>(places_.window_end), rows, surface.window_end_ts_ns);
    append_repeated(batch.at<std::vector<std::int64_t>>(places_.event), rows, surface.window_end_ts_ns);
    append_repeated(batch.at<std::vector<std::int64_t>>(places_.spot_ref), rows, surface.spot_ref_price_int);
    auto& rel_ticks = batch.at<std::vector<std::int32_t>>(places_.rel_ticks);
    auto& side_codes = batch.at<lake::TextColumn>(places_.side).codes;
    for (std::int32_t side = 0; side < 2; ++side) {
        for (int x = -surface.half_width(); x <= surface.half_width(); ++x) rel_ticks.push_back(x);
        append_repeated(side_codes, surface.rows_per_lane(), side);
    }
    append_all(batch.at<std::vector<std::int32_t>>(places_.rel_ticks_side), surface.rel_ticks_side);
    for (std::size_t i = 0; i < places_.fields.size(); ++i) {
        append_all(batch.at<std::vector<double>>(places_.fields[i]), surface[static_cast<physics::Field>(i)]);
    }
    return table_.added();
}

}  // namespace spymaster::pipeline
