// What a job has to write for one contract or underlying: its layer's partitions that are not in the lake yet.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "pipeline/datasets.hpp"
#include "pipeline/day/day.hpp"
#include "pipeline/day/job.hpp"

namespace spymaster::pipeline {

// What decides the bytes of silver and gold besides their inputs; stands in their manifests.
std::map<std::string, std::string> measurement_properties(const std::string& session_name,
                                                          const market::SessionWindow& session,
                                                          const market::Grid& grid);

// The grid of a partition of silver or gold, from its manifest. Error (usage): none that can be measured on.
Result<market::Grid> grid_of(const lake::Manifest& manifest);

// Whether partitions have to be written: one is not there, or they are to be replaced. Error (conflict): one is there
// that was made with other `properties`, or from other `inputs` (if there are any): `remedy` says how to replace it; or that is
// stale.
struct Wanted {
    std::map<std::string, std::string> properties;
    std::vector<lake::PartitionKey> inputs;
    std::string_view remedy;
};
Result<bool> is_needed(const lake::Lake& lake, bool overwrite, const std::vector<lake::PartitionKey>& keys,
                       const Wanted& wanted);

// Error (conflict): one of these is stale; what is made from it would be when it is written.
Result<void> check_fresh(const lake::Lake& lake, const std::vector<lake::PartitionKey>& inputs);

// Error (conflict): one of them is stale, so that what is made from them would be when it is written.
Result<void> check_fresh(const lake::Lake& lake, const std::vector<lake::PartitionKey>& inputs);

// Error (conflict): two partitions were not made with the same value of each of these properties.
Result<void> check_same(const lake::Manifest& a, const lake::Manifest& b,
                        std::span<const std::string_view> properties);

// Error (conflict): a partition is there that does not follow from this job, measured on this grid, and the
// job may not replace it.
Result<Plan> make_plan(const lake::Lake& lake, const Job& job, const ContractDayKeys& keys,
                       const market::SessionWindow& session, const market::Grid& grid);

}  // namespace spymaster::pipeline
