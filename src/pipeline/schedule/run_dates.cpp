#include "pipeline/schedule/run_dates.hpp"

#include <algorithm>

#include "feed/raw_files.hpp"
#include "pipeline/reference/selection.hpp"

namespace spymaster::pipeline {

namespace {

Result<void> add_range(std::string_view first_text, std::string_view last_text,
                       std::vector<market::Date>& dates) {
    SPY_ASSIGN(const market::Date first, market::parse_date(first_text));
    SPY_ASSIGN(const market::Date last, market::parse_date(last_text));
    if (last < first)
        return make_error(ErrorCode::usage, "the dates end on {}, before they start on {}", last_text,
                          first_text);
    for (market::Date date = first; date <= last; date = date.next()) dates.push_back(date);
    return {};
}

Result<void> add_list(std::string_view text, std::vector<market::Date>& dates) {
    while (!text.empty()) {
        const auto comma = text.find(',');
        SPY_ASSIGN(const market::Date date, market::parse_date(text.substr(0, comma)));
        dates.push_back(date);
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    }
    return {};
}

}  // namespace

Result<SelectedJobs> select_contracts(const lake::Lake& lake, std::vector<Job> jobs) {
    SelectedJobs selected;
    if (jobs.empty() || jobs.front().layer == Layer::bronze || !is_root(jobs.front())) {
        selected.jobs = std::move(jobs);
        return selected;
    }
    const std::string root = jobs.front().symbol;
    const std::string path = selection_path(lake).string();
    SPY_ASSIGN(const SelectionMap map, selection_of(lake, root));
    if (map.empty()) {
        selected.notes.push_back(
            fmt::format("no contract of {} is selected in {}: every one is measured; to choose one a date: "
                        "spymaster select",
                        root, path));
        selected.jobs = std::move(jobs);
        return selected;
    }
    for (Job& job : jobs) {
        const auto row = map.find(job.date);
        if (row == map.end()) {
            selected.notes.push_back(fmt::format("{} {} is left out: {} selects no contract of it",
                                                 job.symbol, job.date.iso(), path));
            continue;
        }
        job.selected_contract = row->second.selected_symbol;
        selected.jobs.push_back(std::move(job));
    }
    if (!selected.jobs.empty()) return selected;
    return make_error(ErrorCode::missing,
                      "{} selects no contract of {} on any of these dates; add them with: spymaster select",
                      path, root);
}

Result<std::vector<market::Date>> resolve_dates(const DateArguments& arguments) {
    std::vector<market::Date> dates;
    if (!arguments.dt.empty()) {
        SPY_TRY(add_list(arguments.dt, dates));
    } else if (!arguments.start_date.empty() || !arguments.end_date.empty()) {
        if (arguments.start_date.empty() || arguments.end_date.empty()) {
            return make_error(ErrorCode::usage, "--start-date and --end-date belong together");
        }
        SPY_TRY(add_range(arguments.start_date, arguments.end_date, dates));
    } else if (const auto colon = arguments.dates.find(':'); colon != std::string::npos) {
        const std::string_view text = arguments.dates;
        if (text.find(':', colon + 1) != std::string_view::npos) {
            return make_error(ErrorCode::usage, "'{}' has more than one ':'; write first:last", text);
        }
        SPY_TRY(add_range(text.substr(0, colon), text.substr(colon + 1), dates));
    } else {
        SPY_TRY(add_list(arguments.dates, dates));
    }
    if (dates.empty())
        return make_error(ErrorCode::usage,
                          "no date given; use --dt, --dates, or --start-date and --end-date");
    std::sort(dates.begin(), dates.end());
    dates.erase(std::unique(dates.begin(), dates.end()), dates.end());
    return dates;
}

}  // namespace spymaster::pipeline
