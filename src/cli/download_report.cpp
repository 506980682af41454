#include "cli/download_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace spymaster::cli {

namespace {

using nlohmann::ordered_json;

// Texts of a service may be no UTF-8.
void print_json(const ordered_json& json) {
    fmt::print("{}\n", json.dump(2, ' ', false, ordered_json::error_handler_t::replace));
}

ordered_json json_of(const feed::JobCost& cost) {
    return {{"usd", cost.usd}, {"billable_bytes", cost.billable_bytes}, {"records", cost.records}};
}

}  // namespace

feed::JobCost total_of(const std::vector<feed::JobQuote>& quotes) {
    feed::JobCost total;
    for (const feed::JobQuote& quote : quotes) {
        total.usd += quote.cost.usd;
        total.billable_bytes += quote.cost.billable_bytes;
        total.records += quote.cost.records;
    }
    return total;
}

void print_quotes(std::FILE* out, const std::vector<feed::JobQuote>& quotes) {
    const auto line = [out](const feed::JobCost& cost, std::string_view what) {
        fmt::print(out, "{:>14} {:>16} {:>10.4f}  {}\n", cost.records, cost.billable_bytes, cost.usd, what);
    };
    fmt::print(out, "{:>14} {:>16} {:>10}  job\n", "records", "billable bytes", "USD");
    for (const feed::JobQuote& quote : quotes)
        line(quote.cost, quote.key + (quote.at_most ? "  (at most: definitions say which)" : ""));
    const bool bound = std::ranges::any_of(quotes, &feed::JobQuote::at_most);
    line(total_of(quotes), bound ? "total, at most" : "total");
    std::fflush(out);
}

void print_quotes_json(const std::vector<feed::JobQuote>& quotes, const feed::DownloadOutcome& outcome) {
    ordered_json jobs = ordered_json::array();
    for (const feed::JobQuote& quote : quotes) {
        ordered_json job{{"key", quote.key}};
        job.update(json_of(quote.cost));
        job["at_most"] = quote.at_most;
        jobs.push_back(std::move(job));
    }
    print_json({{"jobs", jobs}, {"total", json_of(total_of(quotes))}, {"failed", outcome.failed}});
}

void print_outcome_json(const std::string& command, const std::filesystem::path& tracker,
                        const feed::DownloadOutcome& outcome) {
    print_json({{"command", command},
                {"tracker", tracker.string()},
                {"submitted", outcome.submitted},
                {"downloaded", outcome.downloaded},
                {"not_needed", outcome.not_needed},
                {"failed", outcome.failed},
                {"agreed_usd", outcome.consented_usd},
                {"interrupted", outcome.interrupted}});
}

}  // namespace spymaster::cli
