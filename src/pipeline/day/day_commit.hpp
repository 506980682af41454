// What a day has written, into the lake: its partitions with their lineage, inputs before outputs.
#pragma once

#include <map>
#include <string>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "market/session.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/day/day.hpp"
#include "pipeline/day/job.hpp"

namespace spymaster::pipeline {

// The day of one contract, or of the options on one underlying.
struct DayToCommit {
    ContractDayKeys keys;
    market::Grid grid;
    Plan plan;
    std::map<std::string, std::string> bronze_properties;  // of its raw files (raw_properties)
};

// Commits what the plan has, and says so in `report`. The job gives product, date and the session's name; `session` is that
// session on the date. REQUIRES: the day has been finished. Error: as lake::PartitionWriter::commit, missing (an input).
Result<void> commit_day(const lake::Lake& lake, const Job& job, const market::SessionWindow& session,
                        const DayToCommit& what, Day& day, JobReport& report);

}  // namespace spymaster::pipeline
