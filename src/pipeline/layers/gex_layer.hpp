// silver.*_option_mbo.gex_surface_1s and gex_levels_1s of a day, from quotes, open interest and the underlying
// (radar spec 3.4, 3.5).
#pragma once

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/day/job.hpp"
#include "pipeline/progress.hpp"

namespace spymaster::pipeline {

// Of the underlyings that the job's symbol stands for. The session is that of the silver it is made from.
// Error: usage (a product that is no option), missing (silver, statistics_clean or definitions not in the lake; says which
// command makes them), conflict (options and underlying of different sessions; stale inputs; what is there was made
// otherwise), malformed, io.
Result<JobReport> run_gex(const lake::Lake& lake, const Job& job, Progress& progress);

}  // namespace spymaster::pipeline
