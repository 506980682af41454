#include "cli/evaluation/charts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/evaluation/svg_plot.hpp"
#include "cli/evaluation/words.hpp"

namespace spymaster::cli {

namespace {

using forecast::AgainstBaseline;
using forecast::Evaluation;

constexpr std::size_t kRunsAway = 1 + static_cast<std::size_t>(forecast::Baseline::last_velocity);  // series
constexpr std::int64_t kEnough = 100;  // forecasts in a bucket, as the verdict of monotonicity asks

struct Range {
    double low;
    double high;

    void hold(const Marked& mark) {
        low = std::min(low, mark.low);
        high = std::max(high, mark.high);
    }
};

std::vector<std::string> horizon_labels(const Evaluation& evaluation) {
    std::vector<std::string> labels;
    for (const auto& row : evaluation.horizons) labels.push_back(fmt::format("{} s", row.horizon_s));
    return labels;
}

// Without an interval the mark stands alone, hollow.
Marked skill_mark(std::size_t category, std::size_t baseline, const AgainstBaseline& against, bool proven,
                  std::string_view when) {
    const double value = against.skill.value_or(0.0);
    const forecast::Interval bounds = against.interval.value_or(forecast::Interval{value, value});
    const RateWords words = skill_words(against, 0.9995);
    return {.category = category,
            .series = baseline + 1,
            .low = bounds.low,
            .value = value,
            .high = bounds.high,
            .faint = !proven,
            .told = fmt::format("{}, against {}: {} %{}", when, kBaselineWords[baseline], words.rate,
                                words.interval)};
}

// The last velocity soon runs away and would squeeze all others flat, as intervals of a few seconds would: they stand
// at the edge.
Range skill_range(const std::vector<Marked>& marks) {
    Range range{-0.01, 0.01};
    for (const Marked& mark : marks)
        if (mark.series != kRunsAway) range.hold(mark);
    return {std::max(range.low, -0.5), std::min(range.high, 1.0)};
}

}  // namespace

std::string confidence_chart(const Evaluation& evaluation) {
    const bool ranked = !evaluation.ranks.empty();
    const auto& buckets = ranked ? evaluation.ranks : evaluation.buckets;
    PlotText text{.label = "Hit rate by confidence",
                  .x_title = ranked ? "tenth of the training's forecasts by confidence (below: decided)"
                                    : "confidence from (below: decided forecasts)",
                  .y_title = "sign was right",
                  .categories = {},
                  .below = {}};
    Range range{0.45, 0.55};
    std::vector<Marked> marks;
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        const forecast::ConfidenceBucket& bucket = buckets[i];
        text.categories.push_back(ranked ? std::to_string(i + 1) : fmt::format("{:.1f}", bucket.low));
        text.below.push_back(bucket.hits.predicted == 0 ? "" : grouped(bucket.hits.decided));
        if (bucket.hits.decided == 0) continue;
        const forecast::HitRate& hits = bucket.hits;
        const bool few = hits.predicted < kEnough || !hits.interval;
        const forecast::Interval bounds = hits.interval.value_or(forecast::Interval{hits.rate, hits.rate});
        const RateWords words = rate_words(hits);
        marks.push_back({.category = i,
                         .series = 0,
                         .low = bounds.low,
                         .value = hits.rate,
                         .high = bounds.high,
                         .faint = few,
                         .told = fmt::format(
                             "{}: {}{}, {} forecasts, {} decided",
                             ranked ? fmt::format("tenth {}, confidence {}", i + 1, range_of(bucket))
                                    : "confidence from " + text.categories.back(),
                             words.rate, words.interval, grouped(hits.predicted), grouped(hits.decided))});
        range.hold(marks.back());
    }
    if (marks.empty()) return "";
    SvgPlot plot(std::move(text), SvgPlot::Unit::percent, range.low, range.high);
    plot.level(0.5);
    for (const Marked& mark : marks) plot.mark(mark);
    return std::move(plot).finish();
}

std::string error_chart(const Evaluation& evaluation) {
    std::array<std::vector<double>, kBaselineWords.size() + 1> series;
    double largest = 0.0;
    for (const auto& row : evaluation.horizons) {
        series[0].push_back(row.mae);
        for (std::size_t b = 0; b < row.against.size(); ++b) series[b + 1].push_back(row.against[b].mae);
    }
    for (const auto& values : series) largest = std::max(largest, *std::ranges::max_element(values));
    // The last velocity soon runs away; what it would hide is what is to be seen.
    double others = largest * 1e-3;
    for (std::size_t i = 0; i < series.size(); ++i)
        if (i != kRunsAway) others = std::max(others, *std::ranges::max_element(series[i]));
    SvgPlot plot({.label = "Mean error by horizon",
                  .x_title = "seconds ahead",
                  .y_title = "off by, ticks",
                  .categories = horizon_labels(evaluation),
                  .below = {}},
                 SvgPlot::Unit::ticks, 0.0, std::min(largest, 2.0 * others));
    for (std::size_t i = series.size(); i-- > 0;) plot.line(series[i], i);  // the forecast on top
    return std::move(plot).finish();
}

std::string skill_chart(const Evaluation& evaluation) {
    std::vector<Marked> marks;
    for (std::size_t h = 0; h < evaluation.horizons.size(); ++h) {
        const auto& row = evaluation.horizons[h];
        for (std::size_t b = 0; b < row.against.size(); ++b) {
            if (!row.against[b].skill) continue;
            marks.push_back(skill_mark(h, b, row.against[b], is_above_zero(row.against[b].cautious),
                                       fmt::format("{} s", row.horizon_s)));
        }
    }
    if (marks.empty()) return "";
    const Range range = skill_range(marks);
    SvgPlot plot({.label = "Skill by horizon against each simple forecast",
                  .x_title = "seconds ahead",
                  .y_title = "smaller error by",
                  .categories = horizon_labels(evaluation),
                  .below = {}},
                 SvgPlot::Unit::signed_percent, range.low, range.high);
    plot.level(0.0);
    for (const Marked& mark : marks) plot.mark(mark, mark.series - 1, kBaselineWords.size());
    return std::move(plot).finish();
}

std::string time_of_day_chart(const Evaluation& evaluation) {
    PlotText text{.label = "Skill by time of day against the best of the simple forecasts",
                  .x_title = "half hour from, New York (below: seconds)",
                  .y_title = "smaller error by",
                  .categories = {},
                  .below = {}};
    std::vector<Marked> marks;
    for (const forecast::TimeOfDay& row : evaluation.times) {
        const auto best = std::ranges::min_element(row.against, {}, &AgainstBaseline::mae);
        const auto b = static_cast<std::size_t>(best - row.against.begin());
        text.categories.push_back(clock(row.minute_of_day));
        text.below.push_back(grouped(row.samples));
        if (!best->skill) continue;
        marks.push_back(skill_mark(text.categories.size() - 1, b, *best, is_above_zero(best->interval),
                                   text.categories.back()));
    }
    if (marks.empty()) return "";
    const Range range = skill_range(marks);
    SvgPlot plot(std::move(text), SvgPlot::Unit::signed_percent, range.low, range.high);
    plot.level(0.0);
    for (const Marked& mark : marks) plot.mark(mark);
    return std::move(plot).finish();
}

}  // namespace spymaster::cli
