#include "cli/evaluation/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace spymaster::cli {

namespace {

using forecast::Evaluation;
using forecast::HorizonResult;

// "1, 2 and 5"
std::string listed(const std::vector<std::string>& words, std::string_view last_joint) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i != 0) text += i + 1 == words.size() ? std::string(last_joint) : ", ";
        text += words[i];
    }
    return text;
}

// "1, 2 and 5 s" of the horizons that are so; empty if none is.
template <class Is>
std::string horizons_that(const Evaluation& evaluation, Is is) {
    std::vector<std::string> found;
    for (const HorizonResult& horizon : evaluation.horizons)
        if (is(horizon)) found.push_back(std::to_string(horizon.horizon_s));
    if (found.size() == evaluation.horizons.size()) return "every horizon";
    return found.empty() ? "" : listed(found, " and ") + " s";
}

// Those that it beats, beyond chance, at no horizon.
std::vector<std::string> never_beaten(const Evaluation& evaluation) {
    std::vector<std::string> names;
    for (std::size_t b = 0; b < kBaselineWords.size(); ++b) {
        const auto beaten = [b](const HorizonResult& h) { return is_above_zero(h.against[b].cautious); };
        if (std::ranges::none_of(evaluation.horizons, beaten)) names.emplace_back(kBaselineWords[b]);
    }
    return names;
}

std::string no_skill(const Evaluation& evaluation) {
    const auto has_samples = [](const HorizonResult& h) { return h.samples > 0; };
    const auto foresaw = [](const HorizonResult& h) { return h.hits.predicted > 0; };
    if (std::ranges::none_of(evaluation.horizons, has_samples))
        return "No skill: there is nothing to judge, not one second has a valid second ahead of it.";
    if (std::ranges::none_of(evaluation.horizons, foresaw))
        return "No skill: it never foresaw a move of a whole tick, which anybody standing still does too.";
    if (evaluation.blocks < forecast::kFewestBlocks)
        return fmt::format("No skill can be shown: there are {} blocks of time to judge by, and it takes {}.",
                           evaluation.blocks, forecast::kFewestBlocks);
    const std::vector<std::string> names = never_beaten(evaluation);
    const std::string whom = names.empty() ? "all the simple forecasts at once" : listed(names, " or ");
    std::string text = fmt::format("No skill: at no horizon is it better, beyond chance, than {}", whom);
    for (const auto baseline : {forecast::Baseline::zero, forecast::Baseline::spot_now}) {
        const auto b = static_cast<std::size_t>(baseline);
        const std::string worse = horizons_that(
            evaluation, [b](const HorizonResult& h) { return is_below_zero(h.against[b].cautious); });
        if (!worse.empty()) text += fmt::format("; at {} it is worse than {}", worse, kBaselineWords[b]);
    }
    return text + ".";
}

}  // namespace

std::string verdict_of(const Evaluation& evaluation) {
    if (!evaluation.skilled) return no_skill(evaluation);
    const auto is_skilled = [](const HorizonResult& h) { return h.skilled; };
    const auto is_not = [](const HorizonResult& h) { return !h.skilled; };
    const std::string not_at = horizons_that(evaluation, is_not);
    return fmt::format(
        "Skill at {}: there it is off by less than all five simple forecasts, beyond chance{}{}.",
        horizons_that(evaluation, is_skilled), not_at.empty() ? "" : fmt::format("; not at {}", not_at),
        evaluation.monotonicity == forecast::Monotonicity::falling
            ? "; but more confidence does not mean more hits"
            : "");
}

std::string monotonicity_of(const Evaluation& evaluation) {
    const std::string judged = "By value, as the criterion is specified: ";
    switch (evaluation.monotonicity) {
        case forecast::Monotonicity::rising:
            return judged +
                   "rising, the hit rate never falls from one bucket of at least 100 forecasts to the next.";
        case forecast::Monotonicity::falling:
            return judged + "falling, somewhere more confidence meant fewer hits; do not go by it.";
        case forecast::Monotonicity::undecided:
            break;
    }
    const auto is_used = [](const forecast::ConfidenceBucket& bucket) { return bucket.hits.predicted > 0; };
    const auto used = std::ranges::find_if(evaluation.buckets, is_used);
    if (std::ranges::count_if(evaluation.buckets, is_used) == 1) {
        return judged +
               fmt::format(
                   "undecided, every forecast has a confidence of {:.1f} to {:.1f}, which tells none "
                   "from another.",
                   used->low, used->high);
    }
    return judged + "undecided, fewer than two buckets have 100 forecasts.";
}

std::string rank_monotonicity_of(const Evaluation& evaluation) {
    if (evaluation.ranks.empty())
        return "By tenth: not ranked; tenths are those of the forecasts that a calibration was fitted on.";
    const std::string judged = "By tenth, which tells forecasts apart: ";
    switch (evaluation.rank_monotonicity) {
        case forecast::Monotonicity::rising:
            return judged +
                   "rising, the hit rate never falls from one tenth of at least 100 forecasts to the next.";
        case forecast::Monotonicity::falling:
            return judged + "falling, somewhere a surer tenth was less often right, be it by chance.";
        case forecast::Monotonicity::undecided:
            break;
    }
    return judged + "undecided, fewer than two tenths have 100 forecasts.";
}

std::string range_of(const forecast::ConfidenceBucket& rank) {
    return fmt::format("{:.2g} to {:.2g}", rank.low, rank.high);
}

std::string provenance_of(const EvaluationReport& report) {
    std::string text =
        fmt::format("beta {:.6g}, gamma {:.6g}", report.parameters.beta, report.parameters.gamma);
    const std::string trained =
        report.fitted ? fmt::format("{}{}, {} samples, until {}", dates_of(report.fitted->days),
                                    report.fitted->session.empty() ? "" : ", " + report.fitted->session,
                                    grouped(report.fitted->calibration.path.samples),
                                    market::format_utc(report.fitted->trained_until_ns()))
                      : "";
    if (report.calibrated)
        return fmt::format("{}: calibration {}, fitted on {}", text, report.name(), trained);
    text += ": the defaults, uncalibrated; ";
    if (!report.fitted)
        return text +
               "micro-price and order flow were not fitted either: the one is the mid, the other says 0";
    return text + fmt::format("micro-price and order flow of calibration {}, fitted on {}",
                              report.fitted->name(), trained);
}

std::string dates_of(const std::vector<pipeline::TrainingDay>& days) {
    if (days.empty()) return "no day";
    if (days.size() == 1) return days.front().date.iso();
    return fmt::format("{} to {}, {} days", days.front().date.iso(), days.back().date.iso(), days.size());
}

std::string percent(double share) {
    return fmt::format("{:.1f} %", share * 100.0);
}

RateWords rate_words(const forecast::HitRate& hits) {
    if (hits.decided == 0) return {"-", ""};
    if (!hits.interval) return {percent(hits.rate), ""};
    return {percent(hits.rate),
            fmt::format(" [{:.1f}, {:.1f}]", hits.interval->low * 100.0, hits.interval->high * 100.0)};
}

RateWords skill_words(const forecast::AgainstBaseline& against, double whole_from) {
    if (!against.skill) return {"-", ""};
    const forecast::Interval bounds = against.interval.value_or(forecast::Interval{0.0, 0.0});
    const double widest = std::max({std::abs(*against.skill), std::abs(bounds.low), std::abs(bounds.high)});
    const int decimals = widest >= whole_from ? 0 : 1;
    const auto words = [decimals](double share) {
        const double scale = decimals == 0 ? 100.0 : 1000.0;
        const double rounded = std::round(share * scale) / (scale / 100.0);
        return fmt::format("{:+.{}f}", rounded == 0.0 ? 0.0 : rounded, decimals);  // no "-0.0"
    };
    return {words(*against.skill),
            against.interval ? fmt::format(" [{}, {}]", words(bounds.low), words(bounds.high)) : ""};
}

std::string grouped(std::int64_t number) {
    std::string text = std::to_string(number);
    const std::size_t first = number < 0 ? 1 : 0;
    for (std::size_t at = text.size(); at > first + 3; at -= 3) text.insert(at - 3, ",");
    return text;
}

std::string clock(int minute_of_day) {
    return fmt::format("{:02}:{:02}", minute_of_day / 60, minute_of_day % 60);
}

}  // namespace spymaster::cli
