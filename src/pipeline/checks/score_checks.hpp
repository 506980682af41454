// Checks of what is scored from walls: silver.*.vacuum_surface_1s and silver.*.physics_bands_1s.
#pragma once

#include "base/result.hpp"
#include "pipeline/checks/book_day.hpp"
#include "pipeline/checks/check.hpp"

namespace spymaster::pipeline::checks {

// The vacuum has the rows of the wall, with its keys, and scores of 0 to 1. Error: a table cannot be read.
Result<void> check_vacuum(const lake::Lake& lake, const Subject& subject, CheckResults& results);
// The bands have a row for every snapshot, with its spot, middle, validity and epoch, and norms and scores of 0 to 1.
// `day`: after check_wall(), or without anchors. Error: the table cannot be read.
Result<void> check_bands(const lake::Lake& lake, const BookDay& day, CheckResults& results);

}  // namespace spymaster::pipeline::checks
