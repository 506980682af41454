// No number of a table is a NaN or an infinity, whatever the table is.
#pragma once

#include "pipeline/checks/check.hpp"

namespace spymaster::pipeline::checks {

// Reads the whole partition; one that cannot be read fails.
CheckResult check_finite(const lake::Lake& lake, std::string_view group, const lake::PartitionKey& key);

}  // namespace spymaster::pipeline::checks
