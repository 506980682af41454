// The evaluation as one HTML file that a trader can read in a minute: nothing is loaded from elsewhere, no scripts;
// light and dark as the reader has it, and on paper.
#pragma once

#include <string>

#include "cli/evaluation/report.hpp"

namespace spymaster::cli {

// Well-formed XML too. Equal reports are equal bytes.
std::string page_of(const EvaluationReport& report);

}  // namespace spymaster::cli
