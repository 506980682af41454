#include "cli/evaluation/table.hpp"

#include <fmt/format.h>

#include <ranges>

#include "cli/evaluation/words.hpp"

namespace spymaster::cli {

namespace {

using forecast::Evaluation;

constexpr std::size_t kColumns = 100;

std::string hit_cell(const forecast::HitRate& hits) {
    const RateWords words = rate_words(hits);
    return words.rate + words.interval;
}

// "*": smaller beyond chance, all horizons taken together.
std::string skill_cell(const forecast::AgainstBaseline& against, bool proven) {
    const RateWords words = skill_words(against, 0.0995);
    return words.rate + (proven ? "*" : "") + words.interval;
}

// Words of a paragraph on lines that fit.
std::string wrapped(std::string_view text) {
    std::string lines;
    while (text.size() > kColumns) {
        const std::size_t cut = text.rfind(' ', kColumns);
        if (cut == std::string_view::npos) break;
        lines.append(text.substr(0, cut)).push_back('\n');
        text.remove_prefix(cut + 1);
    }
    return lines.append(text).append("\n");
}

std::string signs_table(const Evaluation& evaluation) {
    std::string text =
        "The sign was right, where forecast and price both moved [95 %]; and that of the others\n";
    text += fmt::format("{:>5} {:>8} {:>8} {:>20}", "ahead", "samples", "coverage", "forecast");
    for (const std::string_view name : kBaselineWords | std::views::drop(1))
        text += fmt::format(" {:>13}", name);
    text += "\n";
    for (const forecast::HorizonResult& row : evaluation.horizons) {
        text += fmt::format("{:>3} s {:>8} {:>8} {:>20}", row.horizon_s, grouped(row.samples),
                            percent(row.coverage), hit_cell(row.hits));
        for (const auto& against : row.against | std::views::drop(1))
            text += fmt::format(" {:>13}", against.hit_rate ? percent(*against.hit_rate) : "-");
        text += "\n";
    }
    return text;
}

std::string errors_table(const Evaluation& evaluation) {
    std::string text = "Off by, in ticks: the mean of |forecast - move|\n";
    text += fmt::format("{:>5} {:>9}", "ahead", "forecast");
    for (const std::string_view name : kBaselineWords) text += fmt::format(" {:>15}", name);
    text += "\n";
    for (const forecast::HorizonResult& row : evaluation.horizons) {
        text += fmt::format("{:>3} s {:>9.4f}", row.horizon_s, row.mae);
        for (const auto& against : row.against) text += fmt::format(" {:>15.4f}", against.mae);
        text += "\n";
    }
    return text;
}

std::string skill_header(std::string_view first) {
    std::string text = fmt::format("{:>5}", first);
    for (const std::string_view name : kBaselineWords) text += fmt::format(" {:>18}", name);
    return text + "\n";
}

std::string skill_table(const Evaluation& evaluation) {
    std::string text = wrapped(
        "Skill, in %: by how much smaller the forecast's error is than the other's [95 %]; below 0 it is "
        "larger. "
        "* beyond chance, the six horizons taken together");
    text += skill_header("ahead");
    for (const forecast::HorizonResult& row : evaluation.horizons) {
        text += fmt::format("{:>3} s", row.horizon_s);
        for (const auto& against : row.against)
            text += fmt::format(" {:>18}", skill_cell(against, is_above_zero(against.cautious)));
        text += "\n";
    }
    return text;
}

std::string ranks_table(const Evaluation& evaluation) {
    if (evaluation.ranks.empty()) return wrapped(rank_monotonicity_of(evaluation));
    std::string text =
        "Confidence, in tenths of the training's forecasts: are surer ones more often right? (all "
        "horizons)\n";
    text += fmt::format("{:>5} {:>20} {:>11} {:>11} {:>22}\n", "tenth", "confidence", "forecasts", "decided",
                        "hit rate");
    for (std::size_t t = 0; t < evaluation.ranks.size(); ++t) {
        const forecast::ConfidenceBucket& rank = evaluation.ranks[t];
        if (rank.hits.predicted == 0) continue;
        text += fmt::format("{:>5} {:>20} {:>11} {:>11} {:>22}\n", t + 1, range_of(rank),
                            grouped(rank.hits.predicted), grouped(rank.hits.decided), hit_cell(rank.hits));
    }
    return text + wrapped(rank_monotonicity_of(evaluation));
}

std::string buckets_table(const Evaluation& evaluation) {
    std::string text = "Confidence, by its value (all horizons)\n";
    text += fmt::format("{:>11} {:>11} {:>11} {:>22}\n", "confidence", "forecasts", "decided", "hit rate");
    for (const forecast::ConfidenceBucket& bucket : evaluation.buckets) {
        if (bucket.hits.predicted == 0) continue;
        text += fmt::format(
            "{:>11} {:>11} {:>11} {:>22}\n", fmt::format("{:.1f} - {:.1f}", bucket.low, bucket.high),
            grouped(bucket.hits.predicted), grouped(bucket.hits.decided), hit_cell(bucket.hits));
    }
    return text + wrapped(monotonicity_of(evaluation));
}

std::string times_table(const Evaluation& evaluation) {
    std::string text =
        fmt::format("By time of day, New York, {} s ahead: skill, in %\n", forecast::kTimeOfDayHorizon);
    text += skill_header("from");
    for (const forecast::TimeOfDay& row : evaluation.times) {
        text += clock(row.minute_of_day);
        for (const auto& against : row.against) text += fmt::format(" {:>18}", skill_cell(against, false));
        text += "\n";
    }
    return text;
}

}  // namespace

std::string table_of(const EvaluationReport& report) {
    const Evaluation& result = report.result;
    std::string text =
        wrapped(fmt::format("{} {}{}, {}{}: {} seconds, {} of them valid", report.product_type, report.symbol,
                            report.simulated ? " (simulated market)" : "", dates_of(report.days),
                            report.session.empty() ? "" : ", " + report.session, grouped(result.seconds),
                            grouped(result.valid_seconds)));
    text += wrapped(provenance_of(report));
    text += "\n" + wrapped(verdict_of(result)) + "\n";
    text += signs_table(result) + "\n" + errors_table(result) + "\n" + skill_table(result) + "\n" +
            ranks_table(result) + "\n" + buckets_table(result);
    if (!result.times.empty()) text += "\n" + times_table(result);
    return text;
}

}  // namespace spymaster::cli
