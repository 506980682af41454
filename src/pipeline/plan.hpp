// What a job has to write for one contract: its layer's partitions that are not in the lake yet.
#pragma once

#include <map>
#include <string>

#include "base/result.hpp"
#include "pipeline/contract_day.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/job.hpp"

namespace spymaster::pipeline {

// What decides the bytes of silver and gold besides their inputs; stands in their manifests.
std::map<std::string, std::string> measurement_properties(const Job& job,
                                                          const market::SessionWindow& window);

// Error (conflict): a partition is there that does not follow from this job, and the job may not replace it.
Result<Plan> make_plan(const lake::Lake& lake, const Job& job, const ContractDayKeys& keys);

}  // namespace spymaster::pipeline
