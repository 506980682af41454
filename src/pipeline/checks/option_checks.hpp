// Checks of the silver of options: quotes that are quotes, cells of every second of the session that balance, spot as what they
// are on has it.
#pragma once

#include "base/result.hpp"
#include "pipeline/checks/book_day.hpp"
#include "pipeline/checks/check.hpp"

namespace spymaster::pipeline::checks {

// `underlying`: the day of what the options are on; nullptr: its snapshots are not there, and spot is not looked at.
// Error: the table cannot be read.
Result<void> check_quotes(const lake::Lake& lake, const Subject& options, const BookDay* underlying,
                          CheckResults& results);
Result<void> check_cells(const lake::Lake& lake, const Subject& options, const BookDay* underlying,
                         CheckResults& results);

}  // namespace spymaster::pipeline::checks
