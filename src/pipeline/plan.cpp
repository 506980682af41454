#include "pipeline/plan.hpp"

namespace spymaster::pipeline {

namespace {

// Why the partition does not serve this job; empty if it does.
Result<std::string> misfit(const lake::Lake& lake, const lake::PartitionKey& key,
                           const std::map<std::string, std::string>& properties) {
    SPY_ASSIGN(const lake::Manifest manifest, lake.manifest(key));
    for (const auto& [name, value] : properties) {
        const auto found = manifest.properties.find(name);
        if (found == manifest.properties.end() || found->second != value) {
            return fmt::format("was made with {} {}, not {}", name,
                               found == manifest.properties.end() ? "unknown" : found->second, value);
        }
    }
    SPY_ASSIGN(const lake::Freshness freshness, lake.freshness(key));
    return freshness.fresh ? std::string{} : freshness.reasons.front();
}

// Whether the partitions of a layer have to be written.
Result<bool> needed(const lake::Lake& lake, const Job& job,
                    std::initializer_list<const lake::PartitionKey*> keys,
                    const std::map<std::string, std::string>& properties) {
    if (job.overwrite) return true;
    for (const lake::PartitionKey* key : keys) {
        if (!lake.is_complete(*key)) return true;
        SPY_ASSIGN(const std::string reason, misfit(lake, *key, properties));
        if (!reason.empty()) {
            return make_error(
                ErrorCode::conflict,
                "{} {} {} {}; run --layer silver --overwrite, then --layer gold --overwrite, to replace it",
                key->dataset, key->symbol, key->date.iso(), reason);
        }
    }
    return false;
}

}  // namespace

std::map<std::string, std::string> measurement_properties(const Job& job,
                                                          const market::SessionWindow& window) {
    return {{"session", job.session.name},
            {"session_start_ns", std::to_string(window.start_ns)},
            {"session_end_ns", std::to_string(window.end_ns)},
            {"tick_int", std::to_string(job.grid.tick.nanos)},
            {"half_width_ticks", std::to_string(job.grid.half_width_ticks)},
            {"window_ns", std::to_string(job.grid.window_ns)},
            {"rest_ns", std::to_string(job.grid.rest_ns)}};
}

Result<Plan> make_plan(const lake::Lake& lake, const Job& job, const ContractDayKeys& keys) {
    const bool all = job.layer == Layer::all;
    Plan plan;
    plan.bronze = (all || job.layer == Layer::bronze) && !lake.is_complete(keys.bronze);
    if (all || job.layer == Layer::silver) {
        SPY_ASSIGN(const market::SessionWindow window, market::on_date(job.session, job.date));
        SPY_ASSIGN(plan.silver,
                   needed(lake, job, {&keys.snapshots, &keys.flows}, measurement_properties(job, window)));
    }
    // Gold takes its session and grid from the silver it is computed from.
    if (job.layer == Layer::gold || (all && !plan.silver)) {
        SPY_ASSIGN(plan.gold, needed(lake, job, {&keys.gold}, {}));
    } else if (all) {
        plan.gold = true;
    }
    return plan;
}

}  // namespace spymaster::pipeline
