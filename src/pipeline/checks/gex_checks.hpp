// Checks of open interest and gamma exposure: silver.*_option.statistics_clean, silver.*_option_mbo.gex_surface_1s,
// gex_levels_1s.
#pragma once

#include "base/result.hpp"
#include "pipeline/checks/book_day.hpp"
#include "pipeline/checks/check.hpp"

namespace spymaster::pipeline::checks {

// Rows by the time they became known. Error, of all three: the table cannot be read.
Result<void> check_open_interest(const lake::Lake& lake, const Subject& options, CheckResults& results);
// `underlying`: the day of what the options are on. Every second with a spot has rows, strikes ascending and none left out
// between them; gamma exposure is not negative, adds up, and is of the open interest known by then.
Result<void> check_gex_surface(const lake::Lake& lake, const Subject& options, const BookDay& underlying,
                               CheckResults& results);
// A row a second; totals add up.
Result<void> check_gex_levels(const lake::Lake& lake, const Subject& options, const BookDay& underlying,
                              CheckResults& results);

}  // namespace spymaster::pipeline::checks
