// Where the bounds of vacuum and bands come from: gold.hud.physics_norm_calibration.
#pragma once

#include "base/result.hpp"
#include "pipeline/checks/check.hpp"
#include "pipeline/checks/subject.hpp"

namespace spymaster::pipeline::checks {

// The six metrics once each, with bounds in order; of this date; from a strictly earlier session that is among the inputs of
// the manifest, or marked as the bootstrap's. No input is of the date or later. Error: the table or manifest cannot be read.
Result<void> check_calibration(const lake::Lake& lake, const Subject& subject, CheckResults& results);

}  // namespace spymaster::pipeline::checks
