#include "pipeline/gold/forecast_sink.hpp"

#include <optional>
#include <string_view>

#include "pipeline/tables/nullable_column.hpp"

namespace spymaster::pipeline {

namespace {

enum Column : std::size_t {
    window_end_ts_ns,
    horizon_s,
    predicted_spot_tick,
    predicted_tick_delta,
    confidence,
    RunScore_up,
    RunScore_down,
    D_up,
    D_down,
};
struct ColumnOf {
    std::string_view name;
    lake::ColumnType type;
};
constexpr std::array kColumnsOf{
    ColumnOf{"window_end_ts_ns", lake::ColumnType::long_},
    ColumnOf{"horizon_s", lake::ColumnType::int_},
    ColumnOf{"predicted_spot_tick", lake::ColumnType::long_},
    ColumnOf{"predicted_tick_delta", lake::ColumnType::long_},
    ColumnOf{"confidence", lake::ColumnType::double_},
    ColumnOf{"RunScore_up", lake::ColumnType::double_},
    ColumnOf{"RunScore_down", lake::ColumnType::double_},
    ColumnOf{"D_up", lake::ColumnType::int_},
    ColumnOf{"D_down", lake::ColumnType::int_},
};

// What `of` says of `whole`, if there is one.
template <class Whole, class Of>
auto part(const Whole* whole, Of of) -> std::optional<decltype(of(*whole))> {
    if (whole == nullptr) return std::nullopt;
    return of(*whole);
}

}  // namespace

Result<ForecastSink> ForecastSink::create(const lake::Lake& lake, const lake::PartitionKey& key) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    const lake::Contract& contract = dataset->contract;
    std::array<std::size_t, kColumns> at{};
    for (std::size_t column = 0; column < kColumns; ++column) {
        SPY_ASSIGN(at[column], contract.index_of(kColumnsOf[column].name));
        const lake::ContractField& field = contract.fields[at[column]];
        if (field.type == kColumnsOf[column].type && field.nullable == (column > horizon_s)) continue;
        return make_error(ErrorCode::conflict,
                          "contract {}: column {} has not the type that a forecast fills", contract.name,
                          field.name);
    }
    if (contract.fields.size() != kColumns) {
        return make_error(ErrorCode::conflict, "contract {} has {} columns, a forecast fills {}",
                          contract.name, contract.fields.size(), kColumns);
    }
    SPY_ASSIGN(TableSink table, TableSink::create(lake, key));
    return ForecastSink(std::move(table), at);
}

Result<void> ForecastSink::append(const forecast::Forecast1s& forecast) {
    add_row(forecast.window_end_ts_ns, 0, nullptr, forecast.given ? &forecast : nullptr);
    if (forecast.given) {
        std::int32_t horizon = 0;
        for (const forecast::PathStep& step : forecast.path)
            add_row(forecast.window_end_ts_ns, ++horizon, &step, nullptr);
    }
    return table_.added();
}

void ForecastSink::add_row(std::int64_t end, std::int32_t horizon, const forecast::PathStep* step,
                           const forecast::Forecast1s* scores) {
    lake::ColumnBatch& batch = table_.batch();
    batch.at<std::vector<std::int64_t>>(at_[window_end_ts_ns]).push_back(end);
    batch.at<std::vector<std::int32_t>>(at_[horizon_s]).push_back(horizon);
    append_or_null(batch, at_[predicted_spot_tick],
                   part(step, [](const auto& s) { return s.predicted_spot_tick; }));
    append_or_null(batch, at_[predicted_tick_delta],
                   part(step, [](const auto& s) { return s.predicted_tick_delta; }));
    append_or_null(batch, at_[confidence], part(step, [](const auto& s) { return s.confidence; }));
    append_or_null(batch, at_[RunScore_up], part(scores, [](const auto& f) { return f.up.run_score; }));
    append_or_null(batch, at_[RunScore_down], part(scores, [](const auto& f) { return f.down.run_score; }));
    append_or_null(batch, at_[D_up], part(scores, [](const auto& f) { return f.up.D; }));
    append_or_null(batch, at_[D_down], part(scores, [](const auto& f) { return f.down.D; }));
}

}  // namespace spymaster::pipeline
