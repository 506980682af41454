// The evaluation as the document that the lake keeps and the page reads (docs/forecast.md has its keys).
#pragma once

#include <nlohmann/json.hpp>

#include "cli/evaluation/report.hpp"

namespace spymaster::cli {

// Equal reports are equal bytes. What was not measured is null.
nlohmann::ordered_json document_of(const EvaluationReport& report);

// As the lake has it: two spaces of indent, a newline at the end.
std::string json_text(const nlohmann::ordered_json& document);

}  // namespace spymaster::cli
