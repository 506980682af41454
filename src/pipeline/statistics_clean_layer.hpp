// silver.*_option.statistics_clean of a day, from bronze statistics and definitions (radar spec 3.3).
#pragma once

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/job.hpp"
#include "pipeline/progress.hpp"

namespace spymaster::pipeline {

Result<JobReport> run_statistics_clean(const lake::Lake& lake, const Job& job, Progress& progress);

}  // namespace spymaster::pipeline
