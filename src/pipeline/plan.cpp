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

std::map<std::string, std::string> measurement_properties(const std::string& session_name,
                                                          const market::SessionWindow& session,
                                                          const market::Grid& grid) {
    return {{"session", session_name},
            {"session_start_ns", std::to_string(session.start_ns)},
            {"session_end_ns", std::to_string(session.end_ns)},
            {"tick_int", std::to_string(grid.tick.nanos)},
            {"half_width_ticks", std::to_string(grid.half_width_ticks)},
            {"step_ticks", std::to_string(grid.step_ticks)},
            {"price_increment_int", std::to_string(grid.price_increment.nanos)},
            {"window_ns", std::to_string(grid.window_ns)},
            {"rest_ns", std::to_string(grid.rest_ns)}};
}

Result<market::Grid> grid_of(const lake::Manifest& manifest) {
    const auto number = [&manifest](const char* name) {
        const auto found = manifest.properties.find(name);
        return found == manifest.properties.end() ? 0LL : std::strtoll(found->second.c_str(), nullptr, 10);
    };
    market::Grid grid;
    grid.tick.nanos = number("tick_int");
    grid.half_width_ticks = static_cast<int>(number("half_width_ticks"));
    grid.step_ticks = static_cast<int>(number("step_ticks"));
    grid.price_increment.nanos = number("price_increment_int");
    grid.window_ns = number("window_ns");
    grid.rest_ns = number("rest_ns");
    if (auto good = market::check_grid(grid); !good.ok())
        return good.error().within(
            fmt::format("manifest of {} {} {}", manifest.dataset, manifest.symbol, manifest.date.iso()));
    return grid;
}

Result<Plan> make_plan(const lake::Lake& lake, const Job& job, const ContractDayKeys& keys,
                       const market::SessionWindow& session, const market::Grid& grid) {
    const bool all = job.layer == Layer::all;
    Plan plan;
    plan.bronze = (all || job.layer == Layer::bronze) && !lake.is_complete(keys.bronze);
    if (!is_measured(job, keys.bronze.symbol)) return plan;
    if (all || job.layer == Layer::silver) {
        SPY_ASSIGN(plan.silver, needed(lake, job, {&keys.snapshots, &keys.flows},
                                       measurement_properties(job.session.name, session, grid)));
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
