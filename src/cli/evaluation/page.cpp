#include "cli/evaluation/page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/evaluation/charts.hpp"
#include "cli/evaluation/style.hpp"
#include "cli/evaluation/svg_plot.hpp"
#include "cli/evaluation/words.hpp"

namespace spymaster::cli {

namespace {

using forecast::Evaluation;

constexpr std::string_view kHowToRead = R"(<h2>How to read this</h2>
<p><b>Skill</b> is by how much smaller the forecast's mean error is than that of a simple forecast which costs nothing:
<i>standing still</i> (the price stays), <i>last velocity</i> (it goes on as in the last second), the <i>micro-price</i> (where
the mid is expected, given the quantities at the best prices), <i>order flow</i> (a straight line through the imbalance of
buyers and sellers in the second) and <i>spot now</i> (see below). +5 % is an error smaller by a twentieth; 0 is no better;
below 0 is worse. The verdict asks for more than <b>every</b> one of the five, by more than chance can give with six horizons
looked at. Bars are 95 % intervals; marks are hollow where chance is not excluded.</p>
<p><b>Sign was right</b> counts the seconds in which both the forecast and the price moved. A hit rate above 50 % alone earns
nothing: the simple forecasts have one too. <b>Confidence</b> is not a probability; the first picture says what it was worth. Its
values are small and close together, so it is ranked: tenth 10 are forecasts surer than nine tenths of those of the training days,
tenth 1 the least sure; where many were alike, as those whose way is closed are, the tenths between are empty. The buckets by
value are the criterion as it was specified, and stand below.</p>
<p><b>The one second that is known already.</b> The price S that a forecast starts from is the one at the <i>beginning</i> of its
second, and the forecast is made at the <i>end</i>. What happened in between is known to anybody who looks at the book, so every
forecast that has seen the second beats standing still, without knowing anything of the future. <i>Spot now</i> is the price where
it stands when the forecast is made, and the micro-price is of the book at that moment: that is why both have to be beaten. One
second ahead, spot now is the truth itself: there is nothing left to forecast, and no skill can be had.</p>
<p>Only seconds after the end of the training are used. What was measured here need not hold tomorrow, and costs of trading are
not in it.</p>
)";

std::string fact(std::string_view name, const std::string& value) {
    return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, escaped(value));
}

std::string head_of(const EvaluationReport& report) {
    const Evaluation& result = report.result;
    const std::string verdict = verdict_of(result);
    const std::size_t colon = std::min(verdict.find(':'), verdict.size() - 1) + 1;
    const auto skilled = std::ranges::count_if(result.horizons, [](const auto& row) { return row.skilled; });
    std::string html = fmt::format("<h1>What the forecast of {} was worth</h1>\n", escaped(report.symbol));
    html += fmt::format("<p class=\"faint\">{}{}, {}{}</p>\n", escaped(report.product_type),
                        report.simulated ? ", a simulated market" : "", escaped(dates_of(report.days)),
                        report.session.empty() ? "" : ", " + escaped(report.session));
    html += fmt::format("<p class=\"verdict{}\"><b>{}</b>{}</p>\n", result.skilled ? " skill" : "",
                        escaped(verdict.substr(0, colon)), escaped(verdict.substr(colon)));
    html += "<dl>\n" + fact("horizons with skill", fmt::format("{} of {}", skilled, result.horizons.size())) +
            fact("days", std::to_string(result.dates.size())) + fact("seconds", grouped(result.seconds)) +
            fact("of them valid", grouped(result.valid_seconds)) + "</dl>\n";
    return html + fmt::format("<p class=\"faint\">{}</p>\n", escaped(provenance_of(report)));
}

std::string figure(std::string_view caption, std::string_view explained, const std::string& chart) {
    return fmt::format("<figure><figcaption>{}<small>{}</small></figcaption>\n{}</figure>\n", caption,
                       explained, chart.empty() ? "<p class=\"empty faint\">nothing to show</p>\n" : chart);
}

std::string charts_of(const Evaluation& result) {
    std::string html = "<section>\n<ul class=\"legend\">\n";
    for (std::size_t series = 0; series <= kBaselineWords.size(); ++series)
        html += fmt::format("<li>{}{}</li>\n", legend_mark(series),
                            series == 0 ? std::string_view("the forecast") : kBaselineWords[series - 1]);
    html += "</ul>\n<div class=\"charts\">\n";
    html += figure("Does more confidence mean more hits?",
                   "should rise from left to right, above the dashed coin", confidence_chart(result));
    html += figure("How far off is it?", "lower is better; a line that leaves the picture is worse still",
                   error_chart(result));
    html +=
        figure("Is it better than what costs nothing?",
               "above the line is better; skill needs all of them above it and filled", skill_chart(result));
    html += figure(fmt::format("When in the day, {} s ahead?", forecast::kTimeOfDayHorizon),
                   "against the best of the five in that half hour", time_of_day_chart(result));
    return html + "</div>\n</section>\n";
}

std::string cell(const RateWords& words, std::string_view kind = "") {
    return fmt::format("<td{}>{}<small>{}</small></td>", kind, words.rate, words.interval);
}

// `sure`: what has to be above or below 0 to be coloured.
std::string skill_cell(const forecast::AgainstBaseline& against,
                       const std::optional<forecast::Interval>& sure) {
    return cell(skill_words(against, 0.9995), is_above_zero(sure)   ? " class=\"good\""
                                              : is_below_zero(sure) ? " class=\"worse\""
                                                                    : "");
}

std::string table(std::string_view title, const std::vector<std::string_view>& columns,
                  const std::string& rows) {
    std::string html = fmt::format("<h2>{}</h2>\n<div class=\"scroll\"><table>\n<thead><tr>", title);
    for (const std::string_view column : columns) html += fmt::format("<th>{}</th>", column);
    return html + "</tr></thead>\n<tbody>\n" + rows + "</tbody></table></div>\n";
}

std::string tables_of(const Evaluation& result) {
    std::string errors;
    std::string skills;
    std::string buckets;
    std::string ranks;
    std::string times;
    for (const auto& row : result.horizons) {
        errors +=
            fmt::format("<tr><td>{} s</td><td>{}</td><td>{}</td>{}<td><b>{:.4f}</b></td>", row.horizon_s,
                        grouped(row.samples), percent(row.coverage), cell(rate_words(row.hits)), row.mae);
        skills += fmt::format("<tr><td>{} s</td>", row.horizon_s);
        for (const auto& against : row.against) {
            errors += fmt::format("<td>{:.4f}<small>{}</small></td>", against.mae,
                                  against.hit_rate ? " / " + percent(*against.hit_rate) : "");
            skills += skill_cell(against, against.cautious);
        }
        errors += "</tr>\n";
        skills += fmt::format("<td>{}</td></tr>\n", row.skilled ? "skill" : "no skill");
    }
    for (const auto& row : result.buckets)
        buckets +=
            fmt::format("<tr><td>{:.1f} to {:.1f}</td><td>{}</td><td>{}</td>{}</tr>\n", row.low, row.high,
                        grouped(row.hits.predicted), grouped(row.hits.decided), cell(rate_words(row.hits)));
    for (std::size_t t = 0; t < result.ranks.size(); ++t) {
        const auto& row = result.ranks[t];
        if (row.hits.predicted == 0) continue;
        ranks +=
            fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td>{}</tr>\n", t + 1, range_of(row),
                        grouped(row.hits.predicted), grouped(row.hits.decided), cell(rate_words(row.hits)));
    }
    for (const auto& row : result.times) {
        times += fmt::format("<tr><td>{}</td><td>{}</td>{}<td>{:.4f}</td>", clock(row.minute_of_day),
                             grouped(row.samples), cell(rate_words(row.hits)), row.mae);
        for (const auto& against : row.against) times += skill_cell(against, against.interval);
        times += "</tr>\n";
    }
    const auto columns = [](std::vector<std::string_view> names, std::string_view last = "") {
        names.insert(names.end(), kBaselineWords.begin(), kBaselineWords.end());
        if (!last.empty()) names.push_back(last);
        return names;
    };
    return table("Error, in ticks / sign was right",
                 columns({"ahead", "samples", "both moved", "sign was right", "forecast"}), errors) +
           table("Skill against each, in %", columns({"ahead"}, "verdict"), skills) +
           (ranks.empty() ? ""
                          : table("Confidence in tenths of the training's forecasts, all horizons",
                                  {"tenth", "confidence", "forecasts", "decided", "sign was right"}, ranks)) +
           fmt::format("<p>{}</p>\n", escaped(rank_monotonicity_of(result))) +
           table("Confidence by value, all horizons",
                 {"confidence", "forecasts", "decided", "sign was right"}, buckets) +
           fmt::format("<p>{}</p>\n", escaped(monotonicity_of(result))) +
           table(fmt::format("Time of day, New York, {} s ahead: skill in %", forecast::kTimeOfDayHorizon),
                 columns({"from", "samples", "sign was right", "error"}), times);
}

std::string origin_of(const EvaluationReport& report) {
    std::string rows;
    for (const pipeline::TrainingDay& day : report.days)
        rows += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", day.date.iso(),
                            escaped(day.symbol), market::format_utc(day.first_window_end_ts_ns),
                            market::format_utc(day.last_window_end_ts_ns));
    return table("What was evaluated", {"date", "contract", "first second ends", "last second ends"}, rows) +
           fmt::format("<p class=\"faint\">spymaster {}, engine <code>{}</code></p>\n", SPYMASTER_VERSION,
                       escaped(report.engine_sha256));
}

}  // namespace

std::string page_of(const EvaluationReport& report) {
    return fmt::format(
               "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n<meta "
               "charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width, "
               "initial-scale=1\"/>\n"
               "<title>Evaluation of {} {}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n",
               escaped(report.symbol), escaped(report.name()), kEvaluationStyle) +
           head_of(report) + charts_of(report.result) + std::string(kHowToRead) + tables_of(report.result) +
           origin_of(report) + "</main>\n</body>\n</html>\n";
}

}  // namespace spymaster::cli
