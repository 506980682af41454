#include "pipeline/schedule/lake_state.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "feed/raw_files.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/day/plan.hpp"

namespace spymaster::pipeline {

namespace {

DatasetState state_of(const lake::Lake& lake, const lake::PartitionKey& key, bool verified) {
    DatasetState state{key.dataset, PartitionState::missing, 0, {}};
    if (!lake.is_complete(key)) return state;
    const auto corrupt = [&state](const Error& error) {
        state.state = PartitionState::corrupt;
        state.reasons = {error.message};
        return state;
    };
    const Result<lake::Manifest> manifest = lake.manifest(key);
    if (!manifest.ok()) return corrupt(manifest.error());
    state.rows = manifest->row_count;
    if (verified) {
        const Result<void> whole = lake.verify(key);
        if (!whole.ok()) return corrupt(whole.error());
    }
    const Result<lake::Freshness> freshness = lake.freshness(key);
    // An input whose own manifest is damaged is that input's fault.
    state.state = freshness.ok() && freshness->fresh ? PartitionState::fresh : PartitionState::stale;
    state.reasons = freshness.ok() ? freshness->reasons : std::vector{freshness.error().message};
    return state;
}

// A symbol on a date, by date first.
using SymbolDay = std::tuple<market::Date, std::string>;

// The days of a family: those of the datasets that no other family writes.
Result<std::set<SymbolDay>> days_of(const lake::Lake& lake, const market::Product& product,
                                    const Scope& scope) {
    std::set<SymbolDay> days;
    for (const Stage& stage : stages()) {
        if (!is_family(*stage.product, product)) continue;
        for (const std::string& dataset : stage.writes) {
            const auto is_shared = [&](const Stage& other) {
                return &other != &stage && other.writes_to(dataset);
            };
            if (std::ranges::any_of(stages(), is_shared)) continue;
            SPY_ASSIGN(const std::vector<lake::PartitionKey> keys, lake.partitions(dataset));
            for (const lake::PartitionKey& key : keys)
                if (scope.has(key)) days.insert({key.date, key.symbol});
        }
    }
    return days;
}

FamilyState family_state(const lake::Lake& lake, const market::Product& product, const SymbolDay& day,
                         bool verified) {
    FamilyState family{&product, std::get<1>(day), std::get<0>(day), {}};
    for (const Stage& stage : stages()) {
        if (!is_family(*stage.product, product)) continue;
        StageState state{&stage, {}};
        for (const std::string& dataset : stage.writes)
            state.datasets.push_back(state_of(lake, {dataset, family.symbol, family.date}, verified));
        family.stages.push_back(std::move(state));
    }
    return family;
}

struct Measure {
    market::Session session;
    market::Grid grid;
};

std::string property(const lake::Manifest& manifest, const char* name) {
    const auto found = manifest.properties.find(name);
    return found == manifest.properties.end() ? std::string{} : found->second;
}

// How a stage's part of a day was measured: as its own manifest says, but in the session of what its family stands on,
// where that has another now.
Result<Measure> measure_of(const lake::Lake& lake, const StageState& state, const FamilyState& family) {
    Measure measure{{}, state.stage->product->grid};
    std::string session;
    std::string window;
    const auto take = [&](const lake::Manifest& manifest) {
        const std::string its_window =
            property(manifest, "session_start_ns") + property(manifest, "session_end_ns");
        if (its_window.empty() || its_window == window) return;
        session = property(manifest, "session");
        window = its_window;
    };
    for (const DatasetState& each : state.datasets) {
        if (each.state == PartitionState::missing) continue;
        SPY_ASSIGN(const lake::Manifest own, lake.manifest({each.dataset, family.symbol, family.date}));
        take(own);
        if (state.stage->is_of_engine() && own.properties.contains("tick_int")) {
            SPY_ASSIGN(measure.grid, grid_of(own));
        }
    }
    const lake::PartitionKey base = keys_of(*family.product, family.symbol, family.date).snapshots;
    if (lake.is_complete(base)) {
        SPY_ASSIGN(const lake::Manifest manifest, lake.manifest(base));
        take(manifest);
    }
    if (!session.empty()) {
        SPY_ASSIGN(measure.session, market::parse_session(session));
    }
    return measure;
}

Result<Step> step_again(const lake::Lake& lake, const StageState& state, const FamilyState& family) {
    SPY_ASSIGN(Measure measure, measure_of(lake, state, family));
    Job job;
    job.product = state.stage->product;
    job.symbol = family.symbol;
    job.date = family.date;
    job.session = std::move(measure.session);
    job.grid = measure.grid;
    job.tick_given = true;
    job.overwrite = true;
    return step_of(*state.stage, job);
}

}  // namespace

bool Scope::has(const lake::PartitionKey& key) const {
    const bool own = symbol.empty() || key.symbol == symbol || feed::symbol_root(key.symbol) == symbol;
    return own && (dates.empty() || std::ranges::binary_search(dates, key.date));
}

std::string_view name_of(PartitionState state) {
    constexpr std::string_view kNames[] = {"missing", "fresh", "stale", "corrupt"};
    return kNames[static_cast<std::size_t>(state)];
}

Result<std::vector<FamilyState>> lake_state(const lake::Lake& lake, const Scope& scope, bool verified) {
    std::vector<FamilyState> families;
    for (const market::Product& product : market::products()) {
        if (product.is_option()) continue;
        SPY_ASSIGN(const std::set<SymbolDay> days, days_of(lake, product, scope));
        for (const SymbolDay& day : days) families.push_back(family_state(lake, product, day, verified));
    }
    std::ranges::stable_sort(families, {},
                             [](const FamilyState& family) { return SymbolDay{family.date, family.symbol}; });
    return families;
}

Result<std::vector<Step>> stale_steps(const lake::Lake& lake, const Scope& scope) {
    SPY_ASSIGN(const std::vector<FamilyState> families, lake_state(lake, scope, false));
    std::vector<Step> steps;
    for (const FamilyState& family : families) {
        for (const StageState& state : family.stages) {
            const auto is_stale = [](const DatasetState& each) {
                return each.state == PartitionState::stale;
            };
            if (!std::ranges::any_of(state.datasets, is_stale)) continue;
            SPY_ASSIGN(Step step, step_again(lake, state, family));
            steps.push_back(std::move(step));
        }
    }
    return steps;
}

}  // namespace spymaster::pipeline
