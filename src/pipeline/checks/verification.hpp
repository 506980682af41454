// Everything that `spymaster verify --dt` looks at in the lake. Nothing is written; tables are read a row group at a time.
#pragma once

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/checks/check.hpp"
#include "pipeline/checks/subject.hpp"

namespace spymaster::pipeline::checks {

// The tables of silver that come from records: seconds, validity, crossed books, the identity, spot, finite numbers.
// Error, of all three: missing (nothing of the date and symbol is in the lake), io.
Result<CheckResults> check_data(const lake::Lake& lake, const Request& request);
// What is computed from them: scores, shares, gamma exposure, finite numbers; where calibrations come from; lineage.
Result<CheckResults> check_physics(const lake::Lake& lake, const Request& request);
// Every byte against the manifests.
Result<CheckResults> check_files(const lake::Lake& lake, const Request& request);

}  // namespace spymaster::pipeline::checks
