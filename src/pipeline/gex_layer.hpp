// silver.*_option_mbo.gex_surface_1s and gex_levels_1s of a day, from quotes, open interest and the underlying
// (radar spec 3.4, 3.5).
#pragma once

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/job.hpp"
#include "pipeline/progress.hpp"

namespace spymaster::pipeline {

Result<JobReport> run_gex(const lake::Lake& lake, const Job& job, Progress& progress);

}  // namespace spymaster::pipeline
