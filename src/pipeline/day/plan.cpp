#include "pipeline/day/plan.hpp"

#include <algorithm>

namespace spymaster::pipeline {

namespace {

// Why a partition was not made from these inputs; empty if it was.
std::string other_inputs(const lake::Manifest& manifest, const std::vector<lake::PartitionKey>& inputs) {
    std::vector<lake::PartitionKey> made_from;
    for (const lake::Manifest::Input& input : manifest.inputs)
        made_from.push_back({input.dataset, input.symbol, input.date});
    const auto first_beyond = [](const auto& keys, const auto& others) -> const lake::PartitionKey* {
        const auto found = std::ranges::find_if(
            keys, [&others](const auto& key) { return std::ranges::find(others, key) == others.end(); });
        return found == keys.end() ? nullptr : &*found;
    };
    if (const auto* const missing = first_beyond(inputs, made_from))
        return fmt::format("was made without {} {}", missing->dataset, missing->symbol);
    if (const auto* const left = first_beyond(made_from, inputs))
        return fmt::format("was made with {} {}, which no longer belongs to it", left->dataset, left->symbol);
    return {};
}

constexpr std::string_view kMeasureAgain =
    "run --layer silver --overwrite to replace it, then --stale for what follows from it";
constexpr std::string_view kMakeStaleAgain =
    "run --stale to make it again, and whatever else no longer follows from its inputs";

// Why the partition does not serve, and what to do; empty if it does.
struct Misfit {
    std::string reason;
    std::string_view remedy;
};

Result<Misfit> misfit(const lake::Lake& lake, const lake::PartitionKey& key, const Wanted& wanted) {
    SPY_ASSIGN(const lake::Manifest manifest, lake.manifest(key));
    for (const auto& [name, value] : wanted.properties) {
        const auto found = manifest.properties.find(name);
        if (found == manifest.properties.end() || found->second != value) {
            return Misfit{fmt::format("was made with {} {}, not {}", name,
                                      found == manifest.properties.end() ? "unknown" : found->second, value),
                          wanted.remedy};
        }
    }
    if (!wanted.inputs.empty()) {
        std::string why = other_inputs(manifest, wanted.inputs);
        if (!why.empty()) return Misfit{std::move(why), wanted.remedy};
    }
    SPY_ASSIGN(const lake::Freshness freshness, lake.freshness(key));
    if (freshness.fresh) return Misfit{};
    return Misfit{freshness.reasons.front(), kMakeStaleAgain};
}

}  // namespace

Result<bool> is_needed(const lake::Lake& lake, bool overwrite, const std::vector<lake::PartitionKey>& keys,
                       const Wanted& wanted) {
    if (overwrite) return true;
    for (const lake::PartitionKey& key : keys) {
        if (!lake.is_complete(key)) return true;
        SPY_ASSIGN(const Misfit why, misfit(lake, key, wanted));
        if (!why.reason.empty()) {
            return make_error(ErrorCode::conflict, "{} {} {} {}; {}", key.dataset, key.symbol, key.date.iso(),
                              why.reason, why.remedy);
        }
    }
    return false;
}

Result<void> check_fresh(const lake::Lake& lake, const std::vector<lake::PartitionKey>& inputs) {
    for (const lake::PartitionKey& key : inputs) {
        SPY_ASSIGN(const lake::Freshness freshness, lake.freshness(key));
        if (freshness.fresh) continue;
        return make_error(ErrorCode::conflict, "{} {} {} is stale: {}; run --stale to make it again first",
                          key.dataset, key.symbol, key.date.iso(), freshness.reasons.front());
    }
    return {};
}

Result<void> check_same(const lake::Manifest& a, const lake::Manifest& b,
                        std::span<const std::string_view> properties) {
    const auto value_in = [](const lake::Manifest& manifest, std::string_view name) {
        const auto found = manifest.properties.find(std::string(name));
        return found == manifest.properties.end() ? std::string("unknown") : found->second;
    };
    for (const std::string_view name : properties) {
        if (value_in(a, name) == value_in(b, name) && value_in(a, name) != "unknown") continue;
        return make_error(ErrorCode::conflict,
                          "{} (session {}) and {} (session {}) of {} on {} do not belong together: {} {} "
                          "and {}; make both again, in one session and on one grid",
                          a.dataset, value_in(a, "session"), b.dataset, value_in(b, "session"), a.symbol,
                          a.date.iso(), name, value_in(a, name), value_in(b, name));
    }
    return {};
}

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
        const Wanted wanted{measurement_properties(job.session.name, session, grid), {}, kMeasureAgain};
        SPY_ASSIGN(plan.silver, is_needed(lake, job.overwrite, keys.silver(), wanted));
    }
    // Gold takes its session and grid from the silver it is computed from.
    if (job.layer == Layer::gold || (all && !plan.silver)) {
        SPY_ASSIGN(plan.gold, is_needed(lake, job.overwrite, {keys.gold}, {{}, {}, kMeasureAgain}));
    } else if (all) {
        plan.gold = true;
    }
    return plan;
}

}  // namespace spymaster::pipeline
