// gold.hud.physics_norm_calibration of a day, from sessions strictly before it (radar spec 2.3).
#pragma once

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/job.hpp"
#include "pipeline/progress.hpp"

namespace spymaster::pipeline {

Result<JobReport> run_norm_calibration(const lake::Lake& lake, const Job& job, Progress& progress);

}  // namespace spymaster::pipeline
