#include "cli/check_report.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/command.hpp"
#include "market/time.hpp"

namespace spymaster::cli {

namespace {

using pipeline::checks::CheckResult;
using pipeline::checks::CheckResults;
using pipeline::checks::Verdict;

std::int64_t count_of(const CheckResults& results, Verdict verdict) {
    return std::ranges::count(results, verdict, &CheckResult::verdict);
}

void print(const CheckResult& result) {
    fmt::print("{:<8}{:<8} {:<27} {:>11} {:<20} {} {}\n", name_of(result.verdict), result.group, result.name,
               result.looked_at, result.unit, result.key.dataset, result.key.symbol);
    if (result.verdict == Verdict::passed) return;
    std::string first;
    if (result.window_end_ts_ns) {
        first = fmt::format("window {} ({}): ", *result.window_end_ts_ns,
                            market::format_utc(*result.window_end_ts_ns));
    }
    const std::string more =
        result.failures > 1 ? fmt::format(" (the first of {} failures)", result.failures) : std::string{};
    fmt::print("         {}{}{}\n", first, result.what, more);
}

}  // namespace

void print_checks(const CheckResults& results) {
    for (const CheckResult& result : results) print(result);
    fmt::print("{} checks: {} passed, {} failed, {} missing, {} noted\n", results.size(),
               count_of(results, Verdict::passed), count_of(results, Verdict::failed),
               count_of(results, Verdict::missing), count_of(results, Verdict::noted));
}

void print_checks_json(const CheckResults& results) {
    nlohmann::ordered_json report = nlohmann::ordered_json::array();
    for (const CheckResult& result : results) {
        std::string verdict(name_of(result.verdict));
        std::ranges::transform(verdict, verdict.begin(), [](unsigned char c) { return std::tolower(c); });
        report.push_back(
            {{"group", result.group},
             {"check", result.name},
             {"dataset", result.key.dataset},
             {"symbol", result.key.symbol},
             {"dt", result.key.date.iso()},
             {"looked_at", result.looked_at},
             {"unit", result.unit},
             {"verdict", verdict},
             {"failures", result.failures},
             {"window_end_ts_ns", result.window_end_ts_ns
                                      ? nlohmann::ordered_json(std::to_string(*result.window_end_ts_ns))
                                      : nlohmann::ordered_json()},
             {"what", result.what}});
    }
    fmt::print("{}\n", report.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

int exit_code_of(const CheckResults& results) {
    if (count_of(results, Verdict::failed) > 0) return exit_code(ErrorCode::malformed);
    return count_of(results, Verdict::missing) > 0 ? exit_code(ErrorCode::missing) : 0;
}

}  // namespace spymaster::cli
