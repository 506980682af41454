#include "pipeline/silver/radar_table.hpp"

#include <string>
#include <vector>

#include "market/price.hpp"
#include "pipeline/tables/text_binding.hpp"

namespace spymaster::pipeline {

namespace {

using windows::Window;

// Written only: nothing is computed from the radar.
template <class Stored, class Get>
constexpr Binding<Window> bind_written(std::string_view column, Get get) {
    return bind<Window, Stored>(column, get, [](Window&, Stored) {});
}

constexpr std::array kColumns{
    bind_written<std::int64_t>("window_start_ts_ns",
                               [](const Window& w) { return w.snapshot.window_start_ts_ns; }),
    bind_written<std::int64_t>("window_end_ts_ns",
                               [](const Window& w) { return w.snapshot.window_end_ts_ns; }),
    bind_written<double>("spot_ref_price",
                         [](const Window& w) { return market::Price{w.radar->spot_ref_price_int}.points(); }),
    bind_written<std::int64_t>("spot_ref_price_int",
                               [](const Window& w) { return w.radar->spot_ref_price_int; }),
    bind_text<Window>(
        "approach_dir",
        [](const Window& w) {
            return windows::kApproachNames[static_cast<std::size_t>(w.radar->approach_dir)];
        },
        [](Window&, std::string_view) {}),
    bind_written<std::uint8_t>("window_valid", [](const Window& w) { return w.snapshot.window_valid; }),
    bind_written<std::int64_t>("epoch", [](const Window& w) { return w.snapshot.epoch; }),
};
constexpr std::array kPrefixes{"", "d1_", "d2_", "d3_"};

}  // namespace

Result<RadarTable> RadarTable::create(const lake::Lake& lake, const lake::PartitionKey& key, Kept kept) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    const lake::Contract& contract = dataset->contract;
    SPY_ASSIGN(auto columns,
               BoundColumns<Window>::resolve(contract, kColumns, kParts * windows::kRadarFeatures));
    Places places{};
    for (std::size_t part = 0; part < kParts; ++part) {
        for (std::size_t feature = 0; feature < windows::kRadarFeatures; ++feature) {
            const std::string name = kPrefixes[part] + std::string(windows::kRadarFeatureNames[feature]);
            SPY_ASSIGN(places[part][feature], contract.index_of(name));
        }
    }
    SPY_ASSIGN(TableSink table, TableSink::create(lake, key, kept));
    return RadarTable(std::move(table), std::move(columns), places);
}

Result<void> RadarTable::append(const Window& window) {
    if (!window.radar) return {};
    lake::ColumnBatch& batch = table_.batch();
    columns_.append(batch, {&window, 1});
    const windows::RadarVacuum1s& row = *window.radar;
    const std::array parts{&row.value, &row.d1, &row.d2, &row.d3};
    for (std::size_t part = 0; part < kParts; ++part) {
        for (std::size_t feature = 0; feature < windows::kRadarFeatures; ++feature)
            batch.at<std::vector<double>>(places_[part][feature]).push_back((*parts[part])[feature]);
    }
    return table_.added();
}

}  // namespace spymaster::pipeline
