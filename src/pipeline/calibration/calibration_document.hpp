// The JSON of a calibration (calibration_store.hpp has its layout).
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "pipeline/calibration/calibration_store.hpp"

namespace spymaster::pipeline {

// Keys sorted, two spaces of indent, a newline at the end: equal calibrations are equal bytes.
// Error (usage): text that is not UTF-8.
Result<std::string> to_document(const StoredCalibration& calibration);

// Error: malformed, saying which key.
Result<StoredCalibration> parse_document(std::string_view text);

}  // namespace spymaster::pipeline
