// Checks of a running server against the lake that it serves (docs/protocol.md, "The HUD"): its ring, the range of every
// surface, and the first windows of its stream.
#pragma once

#include <string>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/checks/check.hpp"
#include "pipeline/checks/subject.hpp"

namespace spymaster::serve {

// `url`: "http://127.0.0.1:8001". The sessions asked for are the futures and shares of the request that the lake has; surfaces
// that the lake has not are noted. Error: usage (the URL), io (nobody answers), missing (nothing of the date is in the lake).
Result<pipeline::checks::CheckResults> check_service(const lake::Lake& lake, const std::string& url,
                                                     const pipeline::checks::Request& request);

}  // namespace spymaster::serve
