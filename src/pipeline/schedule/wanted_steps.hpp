// What is wanted of a run, as the steps that make it, for link(). Each takes jobs of one symbol, one a date, which say how to
// measure; steps of other products of the family are measured by those products' own grids.
#pragma once

#include <span>
#include <vector>

#include "pipeline/schedule/step.hpp"

namespace spymaster::pipeline {

// A layer of the jobs' products, whole: with silver and with all go open interest and gamma exposure (options), or the
// calibration of norms, vacuum and bands (what they are on), where what these need is there.
std::vector<Step> layer_steps(std::span<const Job> jobs);

// The layer of the jobs' product, which is no option, and of the options on it where their raw files or their bronze are
// there; layer all and `forecasts`: the whole day, from raw files to forecasts.
std::vector<Step> family_steps(std::span<const Job> jobs, bool forecasts);

// These stages alone.
std::vector<Step> only_steps(std::span<const Job> jobs, std::span<const Stage* const> wanted);

// These stages, and those of the same date that write what they need and is not there.
std::vector<Step> target_steps(const lake::Lake& lake, std::span<const Job> jobs,
                               std::span<const Stage* const> wanted);

// These stages and everything that follows from them on the jobs' dates, all made again. Error (usage): bronze, which is
// never replaced.
Result<std::vector<Step>> steps_from(std::span<const Job> jobs, std::span<const Stage* const> wanted);

}  // namespace spymaster::pipeline
