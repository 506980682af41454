// Chooses the contract of each date: the one that was most traded in on the trading date before (spec 8.6).
//
//   contracts       those of the root with bronze orders on or before the date
//   trading dates   dates with a trade before the opening, in [05:00, 08:30) New York
//   volume          lots of action T over the whole of the trading date before
//   candidates      date < expiration
//   choice          the greatest volume; of equals the earliest expiration, then the name
//   roll            another contract was chosen on the trading date before
//
// Causal: of its own date only the trades before 08:30 count, and only for whether it is a trading date.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "market/time.hpp"
#include "pipeline/progress.hpp"
#include "pipeline/reference/selection.hpp"

namespace spymaster::pipeline {

struct BuiltSelection {
    SelectionMap rows;
    std::vector<std::string> notes;  // dates that are no trading dates; expirations that no definition gives
};

// `dates` sorted, each once; those that are no trading dates get no row. Expirations come from the definitions
// of the root in the lake, else from raw definition files of the date, else they are third Fridays.
// Memory: a row group. Error: usage (a root that is none), missing (no bronze of the root; no trading date
// among the dates; every contract of a date has expired), and whatever the lake or the decoder says.
Result<BuiltSelection> build_selection(const lake::Lake& lake, const std::string& root,
                                       const std::vector<market::Date>& dates, Progress& progress);

}  // namespace spymaster::pipeline
