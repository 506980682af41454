// The dates of a run, and the contract that each is measured on.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "pipeline/day/job.hpp"

namespace spymaster::pipeline {

// Jobs of silver, gold or all on a root of futures are measured on the contract that the selection map gives
// for their date (spec 8.6): dates that it does not have are dropped, with a note. Without a map, or without
// one of that root: on every contract, with a note. Error: as load_selection(); missing (no date is left).
struct SelectedJobs {
    std::vector<Job> jobs;
    std::vector<std::string> notes;
};
Result<SelectedJobs> select_contracts(const lake::Lake& lake, std::vector<Job> jobs);

// The dates of a run: one, a list "d1,d2,...", or every calendar day of an inclusive range. Sorted, each
// once. Error (usage): none given, an end before its start, more than one ":".
struct DateArguments {
    std::string dt;          // wins
    std::string start_date;  // with end_date: second
    std::string end_date;
    std::string dates;  // "d1,d2,..." or "first:last"
};
Result<std::vector<market::Date>> resolve_dates(const DateArguments& arguments);

}  // namespace spymaster::pipeline
