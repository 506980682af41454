// Checks of the tables that have a row a price and side: silver.*.depth_and_flow_1s and silver.*.wall_surface_1s.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "pipeline/checks/book_day.hpp"
#include "pipeline/checks/check.hpp"

namespace spymaster::pipeline::checks {

// How far from spot a wall has rows, in price increments.
inline constexpr int kWallReachTicks = 600;

// Looks at every row of the flow or the wall of the day, one row group in memory at a time: the identity, quantities that
// cannot be, rows out of reach, spot, validity and epoch as in the snapshot, keys that rise, depth at the best prices. Of a
// wall, the derivatives too, and its anchors are kept in `day`. Error: the table cannot be read.
Result<void> check_flow(const lake::Lake& lake, BookDay& day, CheckResults& results);
Result<void> check_wall(const lake::Lake& lake, BookDay& day, CheckResults& results);

}  // namespace spymaster::pipeline::checks
