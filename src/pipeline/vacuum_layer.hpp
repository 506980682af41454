// silver.*.vacuum_surface_1s and silver.*.physics_bands_1s of a day, from its wall surface, its snapshots and the
// calibration that is in force (radar spec 2.1, 2.2).
#pragma once

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/job.hpp"
#include "pipeline/progress.hpp"

namespace spymaster::pipeline {

Result<JobReport> run_vacuum(const lake::Lake& lake, const Job& job, Progress& progress);

}  // namespace spymaster::pipeline
