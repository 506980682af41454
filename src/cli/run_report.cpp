#include "cli/run_report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spymaster::cli {

namespace {

using pipeline::StepEnd;

std::string_view name_of(StepEnd end) {
    constexpr std::string_view kNames[] = {"done", "left out", "skipped", "failed"};
    return kNames[static_cast<std::size_t>(end)];
}

// "silver+physics" of a fused run
std::string stages_of(const pipeline::Step& step) {
    std::string names;
    for (const pipeline::Stage* stage : step.stages())
        names += (names.empty() ? "" : "+") + std::string(pipeline::name_of(stage->kind));
    return names;
}

template <class T>
void append(std::vector<T>& all, const std::vector<T>& more) {
    all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

RunReport::RunReport(std::span<const pipeline::Step> steps) {
    for (const pipeline::Step& step : steps) ++day_of(step).steps_left;
    several_products_ =
        std::ranges::any_of(days_, [&](const Day& day) { return day.product != days_.front().product; });
}

RunReport::Day& RunReport::day_of(const pipeline::Step& step) {
    const pipeline::Job& job = step.job;
    const auto found = std::ranges::find_if(days_, [&job](const Day& day) {
        return day.product == job.product && day.symbol == job.symbol && day.date == job.date;
    });
    if (found != days_.end()) return *found;
    Day day;
    day.product = job.product;
    day.symbol = job.symbol;
    day.date = job.date;
    return days_.emplace_back(std::move(day));
}

void RunReport::add(const pipeline::Step& step, const pipeline::StepOutcome& outcome, bool json) {
    Day& day = day_of(step);
    append(day.report.partitions, outcome.report.partitions);
    append(day.report.quality, outcome.report.quality);
    append(day.report.notes, outcome.report.notes);
    day.seconds += outcome.seconds;
    const std::string why = outcome.error ? outcome.error->message : outcome.why;
    if (outcome.end == StepEnd::failed && !day.has(StepEnd::failed)) day.error = why;
    if (outcome.end == StepEnd::skipped && day.error.empty()) day.error = why;
    day.stages.push_back({stages_of(step), outcome.end, why});
    if (--day.steps_left != 0) return;
    if (json)
        json_.push_back(day.json());
    else
        day.print(several_products_);
}

std::size_t RunReport::days_not_done() const {
    return static_cast<std::size_t>(std::ranges::count_if(days_, [](const Day& day) { return !day.ok(); }));
}

bool RunReport::Day::has(StepEnd end) const {
    return std::ranges::any_of(stages, [end](const Ended& stage) { return stage.end == end; });
}

void RunReport::Day::print(bool with_product) const {
    const std::string name =
        fmt::format("{}{} {}", with_product ? std::string(product->name) + " " : "", symbol, date.iso());
    if (!ok())
        fmt::print("{} {}: {}\n", has(StepEnd::failed) ? "FAILED" : "SKIPPED", name, error);
    else
        fmt::print("{:<6} {} in {:.2f} s\n", has(StepEnd::done) ? "done" : "none", name, seconds);
    for (const pipeline::PartitionReport& partition : report.partitions) {
        fmt::print("  {:<42} {:<6} {:>11} rows  {}  {}\n", partition.key.dataset, partition.key.symbol,
                   partition.rows, partition.sha256.substr(0, 16),
                   partition.written ? "written" : "complete already");
    }
    for (const pipeline::QualityReport& quality : report.quality) {
        fmt::print("  {}: {} records, {} anomalies, {} crossed publishes, {} identity violations\n",
                   quality.symbol, quality.records, quality.anomalies, quality.crossed_publishes,
                   quality.identity_violations);
    }
    for (const Ended& stage : stages) {
        if (stage.end != StepEnd::done && stage.why != error)
            fmt::print("  {} {}: {}\n", name_of(stage.end), stage.stage, stage.why);
    }
    for (const std::string& note : report.notes) fmt::print("  note: {}\n", note);
}

nlohmann::json RunReport::Day::json() const {
    nlohmann::json json{{"product_type", product->name},
                        {"symbol", symbol},
                        {"dt", date.iso()},
                        {"ok", ok()},
                        {"seconds", seconds},
                        {"notes", report.notes}};
    if (!ok()) json["error"] = error;
    for (const Ended& stage : stages)
        json["stages"].push_back({{"stage", stage.stage}, {"end", name_of(stage.end)}, {"why", stage.why}});
    for (const auto& partition : report.partitions) {
        json["partitions"].push_back({{"dataset", partition.key.dataset},
                                      {"symbol", partition.key.symbol},
                                      {"dt", partition.key.date.iso()},
                                      {"rows", partition.rows},
                                      {"sha256", partition.sha256},
                                      {"written", partition.written}});
    }
    for (const auto& quality : report.quality) {
        json["quality"].push_back({{"symbol", quality.symbol},
                                   {"records", quality.records},
                                   {"anomalies", quality.anomalies},
                                   {"crossed_publishes", quality.crossed_publishes},
                                   {"identity_violations", quality.identity_violations}});
    }
    return json;
}

}  // namespace spymaster::cli
