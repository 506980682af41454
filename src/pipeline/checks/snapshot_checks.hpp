// Checks of silver.*.book_snapshot_1s by itself: every second of the session is there once, enough of them can be trusted, and
// no trusted book is crossed once trading has begun.
#pragma once

#include "pipeline/checks/book_day.hpp"
#include "pipeline/checks/check.hpp"

namespace spymaster::pipeline::checks {

// Appends a result a check.
void check_snapshots(const BookDay& day, double min_valid_share, CheckResults& results);

}  // namespace spymaster::pipeline::checks
