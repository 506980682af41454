// A step of a run: one stage, or the fused stages of the engine, for one symbol on one date; and what it waits for.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/day/job.hpp"
#include "pipeline/progress.hpp"
#include "pipeline/schedule/graph.hpp"

namespace spymaster::pipeline {

struct Step {
    const Stage* stage = nullptr;
    Job job;                   // of the stage's product; layer all: bronze, silver and physics in one pass
    bool if_possible = false;  // left out, with a note, where an input or its raw files are not there
    std::vector<std::size_t> needs;  // steps without which it is skipped
    std::vector<std::size_t> after;  // steps that only have to have ended

    [[nodiscard]] bool is_fused() const { return job.layer == Layer::all; }
    [[nodiscard]] std::vector<const Stage*> stages() const;  // that it runs
};

// The step that runs a stage for a job of its family: where the job is of another product, measured as the stage's is.
Step step_of(const Stage& stage, const Job& job, bool if_possible = false);

// Fills in what each step waits for among the others, from the graph: what it reads of its own date, and of earlier ones;
// and bronze of one symbol and date, one after the other, since they share their definitions.
void link(std::vector<Step>& steps);

// The contracts of the job's symbol that have a dataset on its date; of definitions, the partitions that the symbol wants.
std::vector<std::string> contracts_with(const lake::Lake& lake, const Job& job, const std::string& dataset);

enum class StepEnd : std::uint8_t {
    done,      // what it writes is there, written or complete already
    left_out,  // could not be made, and need not be
    skipped,   // what it waits for failed
    failed
};

struct StepOutcome {
    StepEnd end = StepEnd::done;
    JobReport report;            // done
    std::optional<Error> error;  // failed
    std::string why;             // left_out, skipped
    double seconds = 0.0;
};

// Runs one step now, whatever it waits for.
StepOutcome run_step(const lake::Lake& lake, const Step& step, Progress& progress);

}  // namespace spymaster::pipeline
