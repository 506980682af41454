// Layer stream: the forecast of every second of a day, from its silver and gold in the lake (stream.forecast_1s).
// Made once there is gold, and that of the options where they are to count: with the calibrations in force then
// (calibration_store.hpp). Others in force, or options that came or went, are a conflict.
#pragma once

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/day/job.hpp"
#include "pipeline/progress.hpp"

namespace spymaster::pipeline {

// Error: usage (options, of which no forecast is made), missing, malformed, conflict (what is there was made otherwise;
// gold or option gold that no longer follow from what they were made from), io.
Result<JobReport> run_stream(const lake::Lake& lake, const Job& job, Progress& progress);

}  // namespace spymaster::pipeline
