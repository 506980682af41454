// The evaluation as a table for a terminal of 100 columns.
#pragma once

#include <string>

#include "cli/evaluation/report.hpp"

namespace spymaster::cli {

std::string table_of(const EvaluationReport& report);

}  // namespace spymaster::cli
