#include "pipeline/gold/gold.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace spymaster::pipeline {

namespace {

using physics::Axis;
using physics::PhysicsSurface1s;
using Source = GoldSink::Source;

struct KeyColumn {
    std::string_view name;
    Source source;
};
constexpr std::array kPriceKeys{
    KeyColumn{"window_end_ts_ns", Source::window_end},   KeyColumn{"event_ts_ns", Source::window_end},
    KeyColumn{"spot_ref_price_int", Source::spot_ref},   KeyColumn{"rel_ticks", Source::rel_ticks},
    KeyColumn{"rel_ticks_side", Source::rel_ticks_side}, KeyColumn{"side", Source::side}};
constexpr std::array kStrikeKeys{KeyColumn{"window_end_ts_ns", Source::window_end},
                                 KeyColumn{"event_ts_ns", Source::window_end},
                                 KeyColumn{"spot_ref_price_int", Source::spot_ref},
                                 KeyColumn{"strike_price_int", Source::strike_price_int},
                                 KeyColumn{"strike_points", Source::strike_points},
                                 KeyColumn{"rel_ticks", Source::rel_ticks},
                                 KeyColumn{"right", Source::right},
                                 KeyColumn{"side", Source::side}};

std::span<const KeyColumn> keys_of(Axis axis) {
    return axis == Axis::prices ? std::span<const KeyColumn>(kPriceKeys)
                                : std::span<const KeyColumn>(kStrikeKeys);
}

// Which keys and fields a contract has is the contract's business, but all the keys must be there.
Result<std::vector<GoldSink::Column>> resolve(const lake::Contract& contract, Axis axis) {
    for (const KeyColumn& key : keys_of(axis)) SPY_TRY(contract.index_of(key.name));
    std::vector<GoldSink::Column> columns;
    for (const lake::ContractField& column : contract.fields) {
        const auto key = std::ranges::find(keys_of(axis), column.name, &KeyColumn::name);
        const auto field = physics::find_field(column.name, axis);
        if (key != keys_of(axis).end()) {
            columns.push_back({key->source, {}});
        } else if (field) {
            columns.push_back({Source::field, *field});
        } else {
            return make_error(ErrorCode::conflict,
                              "contract {} has a column {}, which the engine does not fill", contract.name,
                              column.name);
        }
    }
    return columns;
}

template <class T>
void append_repeated(lake::Column& column, std::size_t count, T value) {
    auto& values = std::get<std::vector<T>>(column);
    values.resize(values.size() + count, value);
}

template <class T>
void append_all(std::vector<T>& values, const std::vector<T>& more) {
    values.insert(values.end(), more.begin(), more.end());
}

template <class T, class Of>
void append_each(lake::Column& column, std::size_t count, Of of) {
    auto& values = std::get<std::vector<T>>(column);
    for (std::size_t row = 0; row < count; ++row) values.push_back(of(row));
}

}  // namespace

Result<GoldSink> GoldSink::create(const lake::Lake& lake, const lake::PartitionKey& key,
                                  const physics::LatticeShape& shape, Kept kept) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    SPY_ASSIGN(std::vector<Column> columns, resolve(dataset->contract, shape.axis()));
    SPY_ASSIGN(TableSink table, TableSink::create(lake, key, kept));
    return GoldSink(std::move(table), std::move(columns), shape);
}

GoldSink::GoldSink(TableSink table, std::vector<Column> columns, const physics::LatticeShape& shape)
    : table_(std::move(table)), columns_(std::move(columns)) {
    for (std::size_t place = 0; place < columns_.size(); ++place) {
        if (columns_[place].source == Source::side)
            table_.batch().at<lake::TextColumn>(place).dictionary = {"A", "B"};
        if (columns_[place].source == Source::right)
            table_.batch().at<lake::TextColumn>(place).dictionary = {"C", "P"};
    }
    for (std::size_t row = 0; row < shape.rows(); ++row) {
        rel_ticks_.push_back(shape.rel_ticks(row));
        rights_.push_back(static_cast<std::int32_t>(shape.right(row)));
        sides_.push_back(static_cast<std::int32_t>(shape.side(row)));
    }
}

Result<void> GoldSink::append(const PhysicsSurface1s& surface) {
    lake::ColumnBatch& batch = table_.batch();
    for (std::size_t place = 0; place < columns_.size(); ++place)
        fill(columns_[place], surface, batch.column(place));
    return table_.added();
}

void GoldSink::fill(const Column& column, const PhysicsSurface1s& surface, lake::Column& values) const {
    const std::size_t rows = surface.rows();
    switch (column.source) {
        case Source::window_end:
            return append_repeated(values, rows, surface.window_end_ts_ns);
        case Source::spot_ref:
            return append_repeated(values, rows, surface.spot_ref_price_int);
        case Source::strike_price_int:
            return append_each<std::int64_t>(values, rows,
                                             [&](std::size_t row) { return surface.strike_price_int(row); });
        case Source::strike_points:
            return append_each<double>(values, rows,
                                       [&](std::size_t row) { return surface.strike_points(row); });
        case Source::rel_ticks:
            return append_all(std::get<std::vector<std::int32_t>>(values), rel_ticks_);
        case Source::rel_ticks_side:
            return append_all(std::get<std::vector<std::int32_t>>(values), surface.rel_ticks_side);
        case Source::right:
            return append_all(std::get<lake::TextColumn>(values).codes, rights_);
        case Source::side:
            return append_all(std::get<lake::TextColumn>(values).codes, sides_);
        case Source::field:
            return append_all(std::get<std::vector<double>>(values), surface[column.field]);
    }
}

}  // namespace spymaster::pipeline
