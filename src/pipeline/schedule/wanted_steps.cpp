#include "pipeline/schedule/wanted_steps.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "pipeline/datasets.hpp"

namespace spymaster::pipeline {

namespace {

using enum StageKind;

// What of silver and its calibration is made after the engine's pass.
constexpr std::array kDerived{statistics_clean, gex, norm_calibration, vacuum};

StageKind kind_of(Layer layer) {
    switch (layer) {
        case Layer::silver:
            return silver;
        case Layer::gold:
            return physics;
        case Layer::stream:
            return forecast;
        case Layer::bronze:
        case Layer::all:
            break;
    }
    return bronze;
}

void add_layer(const Job& job, bool if_possible, std::vector<Step>& steps) {
    Step step = step_of(*find_stage(kind_of(job.layer), *job.product), job, if_possible);
    step.job.layer = job.layer;  // all: fused
    steps.push_back(std::move(step));
    if (job.layer != Layer::silver && job.layer != Layer::all) return;
    for (const StageKind kind : kDerived) {
        const Stage* const stage = find_stage(kind, *job.product);
        if (stage != nullptr) steps.push_back(step_of(*stage, job, true));
    }
}

// Whether the stage's part of a date is there: each of its datasets, of every contract that there is bronze of.
bool is_there(const lake::Lake& lake, const Job& job, const Stage& stage) {
    const Stage* const source = find_stage(bronze, *stage.product);
    const std::size_t contracts = contracts_with(lake, job, source->writes.front()).size();
    return std::ranges::all_of(stage.writes, [&](const std::string& dataset) {
        const std::size_t there = contracts_with(lake, job, dataset).size();
        return there > 0 && there >= contracts;
    });
}

// The stages to run, before those that need them: what is wanted, and who writes what is missing of its inputs.
void add_missing(const lake::Lake& lake, const Job& job, const Stage& stage, std::set<const Stage*>& chosen) {
    if (!chosen.insert(&stage).second) return;
    for (const Read& read : stage.inputs) {
        const Stage* const writer = writer_of(read.dataset, *stage.product);
        if (read.reach == Reach::needed && !is_there(lake, job, *writer))
            add_missing(lake, job, *writer, chosen);
    }
}

// One pass where bronze, silver and physics of a product are all to be made.
void fuse(const Job& job, std::set<const Stage*>& chosen, std::vector<Step>& steps) {
    if (job.overwrite) return;
    for (const market::Product& product : market::products()) {
        const std::array engine{find_stage(bronze, product), find_stage(silver, product),
                                find_stage(physics, product)};
        if (!std::ranges::all_of(engine, [&](const Stage* stage) { return chosen.contains(stage); }))
            continue;
        steps.push_back(step_of(*engine.front(), job));
        steps.back().job.layer = Layer::all;
        for (const Stage* stage : engine) chosen.erase(stage);
    }
}

}  // namespace

std::vector<Step> layer_steps(std::span<const Job> jobs) {
    std::vector<Step> steps;
    for (const Job& job : jobs) add_layer(job, false, steps);
    return steps;
}

std::vector<Step> family_steps(std::span<const Job> jobs, bool forecasts) {
    std::vector<Step> steps;
    for (const Job& job : jobs) {
        add_layer(job, false, steps);
        const market::Product* const options = option_product_of(job.product->type);
        if (options != nullptr && job.layer != Layer::stream) {
            Job other = step_of(*find_stage(bronze, *options), job).job;
            other.layer = job.layer;
            add_layer(other, true, steps);
        }
        if (forecasts) steps.push_back(step_of(*find_stage(forecast, *job.product), job));
    }
    return steps;
}

std::vector<Step> only_steps(std::span<const Job> jobs, std::span<const Stage* const> wanted) {
    std::vector<Step> steps;
    for (const Job& job : jobs)
        for (const Stage* stage : wanted) steps.push_back(step_of(*stage, job));
    return steps;
}

std::vector<Step> target_steps(const lake::Lake& lake, std::span<const Job> jobs,
                               std::span<const Stage* const> wanted) {
    std::vector<Step> steps;
    for (const Job& job : jobs) {
        std::set<const Stage*> chosen;
        for (const Stage* stage : wanted) add_missing(lake, job, *stage, chosen);
        fuse(job, chosen, steps);
        for (const Stage& stage : stages()) {
            if (!chosen.contains(&stage)) continue;
            steps.push_back(step_of(stage, job));
            // Only what is asked for is replaced.
            if (std::ranges::find(wanted, &stage) == wanted.end()) steps.back().job.overwrite = false;
        }
    }
    return steps;
}

Result<std::vector<Step>> steps_from(std::span<const Job> jobs, std::span<const Stage* const> wanted) {
    std::vector<Step> steps;
    std::set<const Stage*> made_before;  // on earlier dates
    for (const Job& job : jobs) {
        std::set<const Stage*> made;
        for (const Stage& stage : stages()) {
            const bool first = std::ranges::find(wanted, &stage) != wanted.end();
            if (first && layer_of(stage.kind) == Layer::bronze) {
                return make_error(
                    ErrorCode::usage,
                    "{} of {} is of bronze, which is never replaced; begin from what is made of it",
                    name_of(stage.kind), stage.product->name);
            }
            const bool follows = std::ranges::any_of(made,
                                                     [&](const Stage* other) {
                                                         return stage.reads(*other, Reach::needed) ||
                                                                stage.reads(*other, Reach::if_there);
                                                     }) ||
                                 std::ranges::any_of(made_before, [&](const Stage* other) {
                                     return stage.reads(*other, Reach::earlier);
                                 });
            if (!first && !follows) continue;
            made.insert(&stage);
            steps.push_back(step_of(stage, job, !first));
            steps.back().job.overwrite = true;
        }
        made_before.insert(made.begin(), made.end());
    }
    return steps;
}

}  // namespace spymaster::pipeline
