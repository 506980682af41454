// Steps on several threads, each as soon as what it waits for has ended. What a step writes follows from its inputs
// alone, so neither the order in which steps end nor the number of threads changes a byte.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "pipeline/schedule/step.hpp"

namespace spymaster::pipeline {

// Runs all of them and returns their outcomes in the order of `steps`. A step that failed, or was skipped, has those that
// need it skipped, and no others. `run` is called from several threads; `on_done` is called as steps end, one call at a
// time. REQUIRES: linked steps without a cycle.
std::vector<StepOutcome> run_steps(std::span<const Step> steps, int workers,
                                   const std::function<StepOutcome(const Step&)>& run,
                                   const std::function<void(const Step&, const StepOutcome&)>& on_done);

}  // namespace spymaster::pipeline
