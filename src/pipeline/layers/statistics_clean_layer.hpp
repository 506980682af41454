// silver.*_option.statistics_clean of a day, from bronze statistics and definitions (radar spec 3.3).
#pragma once

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/day/job.hpp"
#include "pipeline/progress.hpp"

namespace spymaster::pipeline {

// Of the underlyings that the job's symbol stands for. A publication is a row where it changes what is known; of several of
// one option at one ts_recv the last counts.
// Error: missing (bronze or definitions not in the lake), malformed (bronze out of order), conflict (a publication of an
// option that the definitions do not have; what is there was made otherwise), io.
Result<JobReport> run_statistics_clean(const lake::Lake& lake, const Job& job, Progress& progress);

}  // namespace spymaster::pipeline
