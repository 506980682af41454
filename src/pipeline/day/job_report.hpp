// What a job says of itself while it goes on.
#pragma once

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/day/job.hpp"
#include "pipeline/reference/option_universe.hpp"

namespace spymaster::pipeline {

// A partition that is complete now, by its manifest; once.
Result<void> add_partition(const lake::Lake& lake, const lake::PartitionKey& key, bool written,
                           JobReport& report);

// Notes of what was left out, and why: of the definitions of options, and of raw records.
void note_universe(const OptionUniverse& universe, const Job& job, JobReport& report);
void note_records_left_out(const Job& job, JobReport& report);

}  // namespace spymaster::pipeline
