#include "pipeline/layers/study_day.hpp"

#include "base/sha256.hpp"
#include "forecast/forecaster.hpp"
#include "forecast/path/spot_tick.hpp"
#include "lake/manifest.hpp"
#include "pipeline/layers/forecast_inputs.hpp"

namespace spymaster::pipeline {

namespace {

// What the hashes of the lake say of the partitions read. REQUIRES: they are in the lake.
Result<void> add_provenance(const lake::Lake& lake, const std::vector<lake::PartitionKey>& partitions,
                            ReadStudyDay& read) {
    for (const lake::PartitionKey& key : partitions) {
        SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
        SPY_ASSIGN(const auto folder, lake.partition_path(key));
        SPY_ASSIGN(const FileHash manifest, sha256_of_file(folder / lake::kManifestName));
        read.manifests[key.dataset] = manifest.sha256;
        read.contracts[key.dataset] = dataset->contract.sha256;
    }
    return {};
}

void add_best_prices(const windows::BookSnapshot1s& snapshot, double tick,
                     forecast::Observation& observation) {
    if (snapshot.best_bid_qty <= 0 || snapshot.best_ask_qty <= 0) return;
    observation.bid_tick = static_cast<double>(snapshot.best_bid_price_int) / tick;
    observation.ask_tick = static_cast<double>(snapshot.best_ask_price_int) / tick;
    observation.bid_qty = snapshot.best_bid_qty;
    observation.ask_qty = snapshot.best_ask_qty;
}

}  // namespace

forecast::Observation observe(const windows::BookSnapshot1s& snapshot, const forecast::Forecast1s& said,
                              const market::Grid& grid) {
    forecast::Observation observation;
    observation.window_end_ts_ns = said.window_end_ts_ns;
    observation.valid = said.given;
    observation.order_flow_imbalance_qty = snapshot.order_flow_imbalance_qty;
    add_best_prices(snapshot, static_cast<double>(grid.tick.nanos), observation);
    if (!said.given) return observation;
    observation.spot_tick = forecast::spot_tick(snapshot.spot_ref_price_int, grid.tick);
    observation.drive = said.drive;
    for (std::size_t i = 0; i < forecast::kStudyHorizons.size(); ++i) {
        const forecast::PathStep& step = said.path[static_cast<std::size_t>(forecast::kStudyHorizons[i]) - 1];
        observation.predicted_tick_delta[i] = step.predicted_tick_delta;
        observation.confidence[i] = step.confidence;
    }
    return observation;
}

Result<ReadStudyDay> read_study_day(const lake::Lake& lake, const market::Product& product,
                                    const std::string& symbol, const market::Date& date,
                                    const market::SessionWindow& session,
                                    const forecast::Parameters& parameters) {
    SPY_ASSIGN(ForecastInputs inputs, ForecastInputs::open(lake, product, symbol, date));
    ReadStudyDay read;
    SPY_TRY(add_provenance(lake, inputs.partitions(), read));
    read.day.date = date;
    read.day.window_ns = inputs.grid().window_ns;
    forecast::Forecaster forecaster(inputs.grid(), inputs.option_grid());
    const auto& snapshots = inputs.snapshots();
    for (std::size_t window = 0; window < snapshots.size(); ++window) {
        const windows::BookSnapshot1s& snapshot = snapshots[window];
        if (snapshot.window_start_ts_ns < session.start_ns || snapshot.window_end_ts_ns > session.end_ns)
            continue;
        inputs.seek(window);
        SPY_ASSIGN(const ForecastSecond* second, inputs.next());
        const forecast::Forecast1s& said =
            forecaster.forecast(second->second, second->fields, second->option_obstacles, parameters);
        read.day.seconds.push_back(observe(second->snapshot, said, inputs.grid()));
    }
    return read;
}

}  // namespace spymaster::pipeline
