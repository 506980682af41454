#include "pipeline/checks/calibration_check.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "market/time.hpp"
#include "pipeline/checks/table_rows.hpp"

namespace spymaster::pipeline::checks {

namespace {

constexpr std::array<std::string_view, 6> kMetrics{"pull_add_log",       "log1p_pull_intensity_rest",
                                                   "log1p_erosion_norm", "d2_pull_add_log",
                                                   "wall_strength_log",  "gex_abs"};
constexpr std::string_view kBootstrap = "BOOTSTRAP";

// Why the bounds cannot be those of `session_window`, by what the manifest was made from; empty if they can.
std::string not_from(const lake::Manifest& manifest, const Subject& subject, std::int64_t sessions,
                     std::string_view session_window) {
    if (sessions == 0 || session_window == kBootstrap) {
        if (sessions != 0 || session_window != kBootstrap)
            return fmt::format("{} sessions, but session_window {}", sessions, session_window);
        return manifest.inputs.empty()
                   ? std::string{}
                   : fmt::format("bootstrap bounds, but made from {} of {}", manifest.inputs[0].dataset,
                                 manifest.inputs[0].date.iso());
    }
    const auto session = market::parse_date(session_window.substr(0, 10));
    if (!session) return fmt::format("session_window {} names no date", session_window);
    if (*session >= subject.date)
        return fmt::format("bounds of the session {}, not strictly before {}", session->iso(),
                           subject.date.iso());
    const std::string wall = subject.silver("wall_surface_1s").dataset;
    const bool among = std::ranges::any_of(manifest.inputs, [&](const lake::Manifest::Input& input) {
        return input.dataset == wall && input.symbol == subject.symbol && input.date == *session;
    });
    return among ? std::string{}
                 : fmt::format("the wall of {} is not among the inputs of the manifest", session->iso());
}

}  // namespace

Result<void> check_calibration(const lake::Lake& lake, const Subject& subject, CheckResults& results) {
    enum Column : std::size_t { kMetric, kLow, kHigh, kSessions, kWindow, kAsof };
    const lake::PartitionKey key = subject.calibration();
    SPY_ASSIGN(const lake::Manifest manifest, lake.manifest(key));
    SPY_ASSIGN(TableRows rows, TableRows::open(lake, key,
                                               {"metric_name", "q05", "q95", "lookback_sessions",
                                                "session_window", "asof_dt"}));
    Check bounds("physics", "calibration bounds", key, "metrics");
    Check provenance("physics", "calibration provenance", key, "metrics");
    std::set<std::string_view> missing(kMetrics.begin(), kMetrics.end());
    for (;;) {
        SPY_ASSIGN(const bool more, rows.next());
        if (!more) break;
        const std::string metric(rows.text(kMetric));
        const bool once = missing.erase(metric) == 1;
        bounds.expect(once && rows.real(kLow) <= rows.real(kHigh), {}, [&] {
            return once ? fmt::format("{}: q05 {} above q95 {}", metric, rows.real(kLow), rows.real(kHigh))
                        : metric + " is not a metric, or there twice";
        });
        std::string why = not_from(manifest, subject, rows.integer(kSessions), rows.text(kWindow));
        if (rows.text(kAsof) != subject.date.iso()) why = fmt::format("asof_dt {}", rows.text(kAsof));
        provenance.expect(why.empty(), {}, [&] { return metric + ": " + why; });
    }
    for (const std::string_view metric : missing)
        bounds.expect(false, {}, [&] { return fmt::format("{} is not there", metric); });
    for (const lake::Manifest::Input& input : manifest.inputs) {
        provenance.expect(input.date < subject.date, {}, [&] {
            return fmt::format("made from {} {} {}, not strictly before", input.dataset, input.symbol,
                               input.date.iso());
        });
    }
    results.push_back(bounds.result());
    results.push_back(provenance.result());
    return {};
}

}  // namespace spymaster::pipeline::checks
