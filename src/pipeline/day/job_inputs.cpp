#include "pipeline/day/job_inputs.hpp"

#include <algorithm>

#include "feed/raw_files.hpp"
#include "pipeline/day/job_report.hpp"
#include "pipeline/day/plan.hpp"
#include "pipeline/reference/definitions.hpp"
#include "pipeline/reference/statistics.hpp"
#include "pipeline/silver/silver.hpp"

namespace spymaster::pipeline {

namespace {

template <class Ingest>
Result<void> add_partitions(const lake::Lake& lake, const Ingest& ingest, JobReport& report) {
    for (const auto& key : ingest.written) SPY_TRY(add_partition(lake, key, true, report));
    for (const auto& key : ingest.complete) SPY_TRY(add_partition(lake, key, false, report));
    return {};
}

// Without raw files of definitions, those that the lake has serve.
Result<void> bring_definitions(const lake::Lake& lake, const Job& job, Progress& progress,
                               JobReport& report) {
    const auto ingested =
        ingest_definitions(lake, *job.product, job.symbol, job.date, job.definition_files, progress);
    if (ingested.ok()) {
        report.notes.insert(report.notes.end(), ingested->notes.begin(), ingested->notes.end());
        return add_partitions(lake, *ingested, report);
    }
    if (ingested.error().code != ErrorCode::missing || !job.definition_files.empty()) return ingested.error();
    if (!job.product->is_option() || load_definitions(lake, {job.date, job.symbol, {}}).ok()) return {};
    return ingested.error();
}

Result<void> bring_statistics(const lake::Lake& lake, const Job& job, const OptionUniverse& universe,
                              Progress& progress, JobReport& report) {
    const auto complete = [&](const std::string& underlying) {
        return lake.is_complete({std::string(job.product->statistics_dataset), underlying, job.date});
    };
    if (job.statistics_files.empty() && std::ranges::all_of(universe.underlyings(), complete)) return {};
    const auto ingested = ingest_statistics(lake, {job.product, job.symbol, job.date}, universe,
                                            job.statistics_files, progress);
    if (ingested.ok()) return add_partitions(lake, *ingested, report);
    if (ingested.error().code != ErrorCode::missing || !job.statistics_files.empty()) return ingested.error();
    report.notes.push_back("no open interest: " + ingested.error().message);
    return {};
}

std::string command_for_underlying(const lake::Lake& lake, const Job& job, const std::string& symbol) {
    return fmt::format(
        "spymaster run --product-type {} --symbol {} --dt {} --layer all --session '{}' --lake {}",
        market::product_of(*job.product->underlying).name, symbol, job.date.iso(), job.session.name,
        lake.root().string());
}

}  // namespace

Result<std::optional<OptionUniverse>> bring_reference_data(const lake::Lake& lake, const Job& job,
                                                           Progress& progress, JobReport& report) {
    // Of equities nothing is asked.
    if (job.product->type == market::ProductType::equity_mbo && job.definition_files.empty())
        return std::optional<OptionUniverse>{};
    SPY_TRY(bring_definitions(lake, job, progress, report));
    if (!job.product->is_option()) return std::optional<OptionUniverse>{};
    SPY_ASSIGN(OptionUniverse universe, OptionUniverse::from_lake(lake, {job.product, job.symbol, job.date}));
    note_universe(universe, job, report);
    SPY_TRY(bring_statistics(lake, job, universe, progress, report));
    return std::optional<OptionUniverse>{std::move(universe)};
}

Result<std::vector<std::string>> contracts_in_lake(const lake::Lake& lake, const Job& job,
                                                   const std::string& dataset, std::string_view layer) {
    if (!is_root(job)) return std::vector{job.symbol};
    const bool measured = job.layer != Layer::bronze && job.layer != Layer::all;
    if (measured && !job.selected_contract.empty()) return std::vector{job.selected_contract};
    std::vector<std::string> symbols;
    SPY_ASSIGN(const auto partitions, lake.partitions(dataset));
    for (const lake::PartitionKey& key : partitions) {
        if (key.date == job.date && feed::symbol_root(key.symbol) == job.symbol)
            symbols.push_back(key.symbol);
    }
    if (!symbols.empty()) return symbols;
    return make_error(ErrorCode::missing, "no {} of {} on {} in {}; run --layer {} first", layer, job.symbol,
                      job.date.iso(), lake.root().string(), layer);
}

market::Grid grid_by_definition(const Job& job, const std::string& symbol,
                                std::span<const Definition> definitions) {
    market::Grid grid = job.grid;
    if (job.tick_given || job.product->type != market::ProductType::future_mbo) return grid;
    const auto own = std::ranges::find_if(definitions, [&symbol](const Definition& definition) {
        return definition.raw_symbol == symbol && definition.min_price_increment > 0;
    });
    if (own == definitions.end()) return grid;
    grid.tick.nanos = own->min_price_increment;
    grid.price_increment = grid.tick;
    return grid;
}

Result<market::Grid> grid_of_contract(const lake::Lake& lake, const Job& job, const std::string& symbol) {
    if (job.tick_given || job.product->type != market::ProductType::future_mbo) return job.grid;
    const auto loaded = load_definitions(lake, {job.date, symbol, {}});
    if (!loaded.ok() && loaded.error().code == ErrorCode::missing) return job.grid;
    SPY_ASSIGN(const auto definitions, loaded);
    return grid_by_definition(job, symbol, definitions);
}

lake::PartitionKey underlying_snapshots(const Job& job, const std::string& symbol) {
    return keys_of(market::product_of(*job.product->underlying), symbol, job.date).snapshots;
}

Result<windows::SpotTrack> spots_of_underlying(const lake::Lake& lake, const Job& job,
                                               const std::string& symbol,
                                               const market::SessionWindow& session) {
    const lake::PartitionKey key = underlying_snapshots(job, symbol);
    if (!lake.is_complete(key)) {
        return make_error(ErrorCode::missing,
                          "{} of {} on {} is not in {}: options are measured from what they are on; run {}",
                          key.dataset, key.symbol, key.date.iso(), lake.root().string(),
                          command_for_underlying(lake, job, symbol));
    }
    SPY_ASSIGN(const lake::Manifest manifest, lake.manifest(key));
    const auto wanted = measurement_properties(job.session.name, session, job.grid);
    for (const char* name : {"session_start_ns", "session_end_ns", "window_ns"}) {
        const auto found = manifest.properties.find(name);
        if (found != manifest.properties.end() && found->second == wanted.at(name)) continue;
        return make_error(
            ErrorCode::conflict,
            "{} of {} on {} is of another session ({} {}, not {}); make both of one session: {}, "
            "with --layer silver --overwrite to replace it",
            key.dataset, key.symbol, key.date.iso(), name,
            found == manifest.properties.end() ? "unknown" : found->second, wanted.at(name),
            command_for_underlying(lake, job, symbol));
    }
    return read_spots(lake, key);
}

}  // namespace spymaster::pipeline
