// silver.*.vacuum_surface_1s and silver.*.physics_bands_1s of a day, from its wall surface, its snapshots and the
// calibration that is in force (radar spec 2.1, 2.2).
//
// A band row for every second of the session, a vacuum row for every row of the wall. Both manifests have the properties of
// the silver that they are made from, and `calibration` as that of the calibration.
#pragma once

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/day/job.hpp"
#include "pipeline/progress.hpp"

namespace spymaster::pipeline {

// Error: usage (options), missing (says which command makes it), malformed (walls that are out of order, or of no second of
// the session), conflict (what is there was made otherwise; inputs that are stale or of different sessions), io.
Result<JobReport> run_vacuum(const lake::Lake& lake, const Job& job, Progress& progress);

}  // namespace spymaster::pipeline
