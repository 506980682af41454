// An evaluation in words, the same in the table, the document and the page. Never kinder than the numbers.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "cli/evaluation/report.hpp"

namespace spymaster::cli {

// In the order of forecast::Baseline.
inline constexpr std::array<std::string_view, forecast::kBaselineNames.size()> kBaselineWords{
    "standing still", "last velocity", "micro-price", "order flow", "spot now"};

// One sentence: "No skill: at no horizon is it better, beyond chance, than the micro-price; ...".
std::string verdict_of(const forecast::Evaluation& evaluation);

// A sentence each: whether more confidence meant more hits, by its value, as the specification judges it, and by its tenth,
// which tells forecasts apart where values hardly differ.
std::string monotonicity_of(const forecast::Evaluation& evaluation);
std::string rank_monotonicity_of(const forecast::Evaluation& evaluation);

// "0.00012 to 0.00031", of a rank.
std::string range_of(const forecast::ConfidenceBucket& rank);

// "beta 0.41, gamma 0.97, fitted on ..." or that these are the defaults; and what the baselines were fitted on.
std::string provenance_of(const EvaluationReport& report);

// "2026-01-05", or "2026-01-05 to 2026-01-09, 5 days".
std::string dates_of(const std::vector<pipeline::TrainingDay>& days);

std::string percent(double share);         // "52.3 %"
std::string grouped(std::int64_t number);  // "12,345"
std::string clock(int minute_of_day);      // "09:30"

// "52.3 %" and " [50.1, 54.5]"; "-" where nothing was decided, no interval where there are too few blocks for one.
struct RateWords {
    std::string rate;
    std::string interval;
};
RateWords rate_words(const forecast::HitRate& hits);

// Likewise: "+1.2" and " [+0.1, +2.3]", in percent; without decimals where a number is at least `whole_from`, a share, on
// either side of 0; "-" where the baseline was never off.
RateWords skill_words(const forecast::AgainstBaseline& against, double whole_from);

// The interval is wholly above, or wholly below 0.
inline bool is_above_zero(const std::optional<forecast::Interval>& interval) {
    return interval && interval->low > 0.0;
}
inline bool is_below_zero(const std::optional<forecast::Interval>& interval) {
    return interval && interval->high < 0.0;
}

}  // namespace spymaster::cli
