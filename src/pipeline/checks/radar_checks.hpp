// Checks of silver.*.radar_vacuum_1s: a row for every window with a spot, spot as the snapshot and the wall have it, shares
// that are shares.
#pragma once

#include "base/result.hpp"
#include "pipeline/checks/book_day.hpp"
#include "pipeline/checks/check.hpp"

namespace spymaster::pipeline::checks {

// check_radar: of the group data; after check_wall(), or without anchors. check_radar_shares: of the group physics.
// Error: the table cannot be read.
Result<void> check_radar(const lake::Lake& lake, const BookDay& day, CheckResults& results);
Result<void> check_radar_shares(const lake::Lake& lake, const Subject& subject, CheckResults& results);

}  // namespace spymaster::pipeline::checks
