// Many jobs on several threads. Jobs do not depend on each other, so the order in which they end does not
// matter.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "pipeline/job.hpp"

namespace spymaster::pipeline {

struct JobOutcome {
    Result<JobReport> report;
    double seconds = 0.0;
};

// Runs every job, whatever becomes of the others, and returns the outcomes in the order of `jobs`. `on_done`
// is called as jobs end, one call at a time, from the threads that ran them.
std::vector<JobOutcome> run_jobs(const lake::Lake& lake, std::span<const Job> jobs, int workers,
                                 Progress& progress,
                                 const std::function<void(const Job&, const JobOutcome&)>& on_done);

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
