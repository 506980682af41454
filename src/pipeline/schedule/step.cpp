#include "pipeline/schedule/step.hpp"

#include <algorithm>
#include <chrono>

#include "feed/raw_files.hpp"
#include "pipeline/layers/forecast_layer.hpp"
#include "pipeline/layers/gex_layer.hpp"
#include "pipeline/layers/norm_calibration_layer.hpp"
#include "pipeline/layers/statistics_clean_layer.hpp"
#include "pipeline/layers/vacuum_layer.hpp"
#include "pipeline/reference/definitions.hpp"

namespace spymaster::pipeline {

namespace {

Result<JobReport> run_stage(const lake::Lake& lake, const Step& step, Progress& progress) {
    const Job& job = step.job;
    switch (step.stage->kind) {
        case StageKind::statistics_clean:
            return run_statistics_clean(lake, job, progress);
        case StageKind::gex:
            return run_gex(lake, job, progress);
        case StageKind::norm_calibration:
            return run_norm_calibration(lake, job, progress);
        case StageKind::vacuum:
            return run_vacuum(lake, job, progress);
        case StageKind::forecast:
            return run_stream(lake, job, progress);
        case StageKind::definitions:
        case StageKind::bronze:
        case StageKind::silver:
        case StageKind::physics:
            break;
    }
    if (job.overwrite && job.layer == Layer::bronze) {
        return make_error(ErrorCode::conflict,
                          "{} of {} on {} no longer follows from its contract, and bronze is never replaced: "
                          "delete its folder in {}, then run --layer bronze",
                          fmt::join(step.stage->writes, ", "), job.symbol, job.date.iso(),
                          lake.root().string());
    }
    return run_job(lake, job, progress);
}

// The bronze of a step can be had: it is there, or its raw files are.
Result<void> find_feed(const lake::Lake& lake, const Step& step) {
    const Job& job = step.job;
    if (!job.raw_files.empty() || !contracts_with(lake, job, step.stage->writes.front()).empty()) return {};
    SPY_TRY(feed::find_raw_files(lake.root(), *job.product, feed::RawKind::records, job.symbol, job.date));
    return {};
}

// Error (missing): an input that the stage cannot be without; says what makes it.
Result<void> find_inputs(const lake::Lake& lake, const Step& step) {
    const Job& job = step.job;
    if (job.layer == Layer::bronze || step.is_fused()) return find_feed(lake, step);
    for (const Read& read : step.stage->inputs) {
        if (read.reach != Reach::needed || !contracts_with(lake, job, read.dataset).empty()) continue;
        const Stage* const writer = writer_of(read.dataset, *job.product);
        return make_error(ErrorCode::missing,
                          "{} needs {} of {} on {}, which is not in {}; make it with: spymaster run "
                          "--product-type {} --symbol {} --dt {} --dataset {} --session '{}' --lake {}",
                          name_of(step.stage->kind), read.dataset, job.symbol, job.date.iso(),
                          lake.root().string(), writer->product->name, job.symbol, job.date.iso(),
                          read.dataset, job.session.name, lake.root().string());
    }
    return {};
}

// The engine's stages and the forecast say themselves what they lack, unless that is no failure.
bool is_asked_for_inputs(const Step& step) {
    return step.if_possible || !(step.stage->is_of_engine() || step.stage->kind == StageKind::definitions ||
                                 step.stage->kind == StageKind::forecast);
}

Result<JobReport> run_with_inputs(const lake::Lake& lake, const Step& step, Progress& progress) {
    if (is_asked_for_inputs(step)) SPY_TRY(find_inputs(lake, step));
    return run_stage(lake, step, progress);
}

enum class Wait : std::uint8_t { none, after, needs };

Wait wait_of(const Stage& stage, const Stage& other, bool same_date) {
    if (!same_date) return stage.reads(other, Reach::earlier) ? Wait::after : Wait::none;
    return stage.reads(other, Reach::needed) || stage.reads(other, Reach::if_there) ? Wait::needs
                                                                                    : Wait::none;
}

Wait wait_of(const Step& step, const Step& other) {
    const bool same_date = step.job.date == other.job.date;
    if (step.job.symbol != other.job.symbol || (!same_date && !(other.job.date < step.job.date)))
        return Wait::none;
    Wait wait = Wait::none;
    for (const Stage* stage : step.stages())
        for (const Stage* made : other.stages()) wait = std::max(wait, wait_of(*stage, *made, same_date));
    return wait;
}

bool is_bronze(const Step& step) {
    return step.job.layer == Layer::bronze || step.is_fused();
}

}  // namespace

std::vector<const Stage*> Step::stages() const {
    if (!is_fused()) return {stage};
    return {find_stage(StageKind::bronze, *job.product), find_stage(StageKind::silver, *job.product),
            find_stage(StageKind::physics, *job.product)};
}

Step step_of(const Stage& stage, const Job& job, bool if_possible) {
    Step step{&stage, job, if_possible, {}, {}};
    step.job.layer = layer_of(stage.kind);
    if (job.product == stage.product) return step;
    step.job.product = stage.product;
    step.job.grid = stage.product->grid;
    step.job.tick_given = false;
    step.job.raw_files.clear();
    step.job.definition_files.clear();
    step.job.statistics_files.clear();
    return step;
}

void link(std::vector<Step>& steps) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
        Step& step = steps[i];
        for (std::size_t j = 0; j < steps.size(); ++j) {
            if (i == j) continue;
            const Step& other = steps[j];
            const Wait wait = wait_of(step, other);
            const bool beside = j < i && is_bronze(step) && is_bronze(other) &&
                                step.job.date == other.job.date && step.job.symbol == other.job.symbol;
            if (wait == Wait::needs)
                step.needs.push_back(j);
            else if (wait == Wait::after || beside)
                step.after.push_back(j);
        }
    }
}

std::vector<std::string> contracts_with(const lake::Lake& lake, const Job& job, const std::string& dataset) {
    std::vector<std::string> contracts;
    const bool definitions = dataset == kDefinitionsDataset;
    const std::string& only = job.selected_contract.empty() ? job.symbol : job.selected_contract;
    if (!definitions && (!is_root(job) || !job.selected_contract.empty())) {
        if (lake.is_complete({dataset, only, job.date})) contracts.push_back(only);
        return contracts;
    }
    const auto partitions = lake.partitions(dataset);
    if (!partitions.ok()) return contracts;
    for (const lake::PartitionKey& key : *partitions) {
        const bool own = definitions ? is_wanted_partition(key.symbol, job.symbol)
                                     : feed::symbol_root(key.symbol) == job.symbol;
        if (own && key.date == job.date) contracts.push_back(key.symbol);
    }
    return contracts;
}

StepOutcome run_step(const lake::Lake& lake, const Step& step, Progress& progress) {
    const auto start = std::chrono::steady_clock::now();
    StepOutcome outcome;
    Result<JobReport> report = run_with_inputs(lake, step, progress);
    if (report.ok()) {
        outcome.report = std::move(report).value();
    } else if (step.if_possible && report.error().code == ErrorCode::missing) {
        outcome.end = StepEnd::left_out;
        outcome.why = report.error().message;
    } else {
        outcome.end = StepEnd::failed;
        outcome.error = report.error();
    }
    outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return outcome;
}

}  // namespace spymaster::pipeline
