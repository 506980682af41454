// Checks of partitions as such: whether their bytes are what was written, and whether they still follow from their inputs.
#pragma once

#include <vector>

#include "pipeline/checks/check.hpp"
#include "pipeline/checks/subject.hpp"

namespace spymaster::pipeline::checks {

// Of all partitions of the date and symbol. Error: missing (there is none), io.
Result<void> check_hashes(const lake::Lake& lake, const Request& request, CheckResults& results);
Result<void> check_lineage(const lake::Lake& lake, const Request& request, CheckResults& results);

}  // namespace spymaster::pipeline::checks
