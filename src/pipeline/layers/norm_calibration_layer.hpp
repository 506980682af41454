// gold.hud.physics_norm_calibration of a day, from the latest session strictly before it, or else the documented bounds
// (radar spec 2.3, D-12, D-29).
//
// The session: of the same symbol and product, its wall surface complete, with a level within reach of a band in a window
// that is valid. Its gamma exposure counts where the lake has it, else that metric alone is the bootstrap's.
// The manifest property `calibration` is the session's date, or "bootstrap".
#pragma once

#include <string>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/day/job.hpp"
#include "pipeline/progress.hpp"

namespace spymaster::pipeline {

// Replaces a calibration only to overwrite. Error: usage (options), missing, malformed, conflict (what is there was made
// from another session than there is now, or its inputs have changed; an input is stale), io.
Result<JobReport> run_norm_calibration(const lake::Lake& lake, const Job& job, Progress& progress);

// The same of one contract or share, whose own wall need not be there yet: before its session begins.
Result<void> calibrate_norms(const lake::Lake& lake, const Job& job, const std::string& symbol,
                             Progress& progress, JobReport& report);

}  // namespace spymaster::pipeline
