// The four pictures of an evaluation, as inline SVG. Series: 0 the forecast, 1 to 5 the baselines in their order.
#pragma once

#include <string>

#include "forecast/evaluation/evaluation.hpp"

namespace spymaster::cli {

// Hit rate by tenth of confidence, or, where there are none, by its value; with intervals and counts. Empty: it never
// foresaw a move.
std::string confidence_chart(const forecast::Evaluation& evaluation);

// Mean error by horizon, of the forecast and the baselines.
std::string error_chart(const forecast::Evaluation& evaluation);

// Skill against each baseline by horizon, with 95 % intervals.
std::string skill_chart(const forecast::Evaluation& evaluation);

// Skill by half hour against the best of the baselines there. Empty: no samples.
std::string time_of_day_chart(const forecast::Evaluation& evaluation);

}  // namespace spymaster::cli
