#include "pipeline/calibration/norm_calibration.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "pipeline/tables/row_reader.hpp"
#include "pipeline/tables/row_table.hpp"
#include "pipeline/tables/text_binding.hpp"

namespace spymaster::pipeline {

namespace {

struct CalibrationRow {
    std::string metric_name;
    double q05 = 0.0;
    double q95 = 0.0;
    std::int32_t lookback_sessions = 0;
    std::string session_window;
    std::string asof_dt;
};

#define BIND(Stored, member)                                       \
    bind<CalibrationRow, Stored>(                                  \
        #member, [](const CalibrationRow& r) { return r.member; }, \
        [](CalibrationRow& r, Stored v) { r.member = v; })
#define BIND_TEXT(member)                                                            \
    bind_text<CalibrationRow>(                                                       \
        #member, [](const CalibrationRow& r) { return std::string_view(r.member); }, \
        [](CalibrationRow& r, std::string_view v) { r.member = v; })
constexpr std::array kColumns{BIND_TEXT(metric_name),    BIND(double, q05),
                              BIND(double, q95),         BIND(std::int32_t, lookback_sessions),
                              BIND_TEXT(session_window), BIND_TEXT(asof_dt)};
#undef BIND_TEXT
#undef BIND

constexpr std::string_view kBootstrapWindow = "BOOTSTRAP";

std::vector<CalibrationRow> rows_of(const SessionBounds& session, const market::Date& asof) {
    std::vector<CalibrationRow> rows;
    for (std::size_t metric = 0; metric < physics::kMetricNames.size(); ++metric) {
        const std::optional<physics::Bounds>& own = session.bounds[metric];
        const physics::Bounds bounds = own.value_or(physics::kBootstrapBounds[metric]);
        rows.push_back({.metric_name = std::string(physics::kMetricNames[metric]),
                        .q05 = bounds.q05,
                        .q95 = bounds.q95,
                        .lookback_sessions = own ? 1 : 0,
                        .session_window = own ? session.session_window : std::string(kBootstrapWindow),
                        .asof_dt = asof.iso()});
    }
    return rows;
}

}  // namespace

Result<void> write_norm_calibration(const lake::Lake& lake, const lake::PartitionKey& key,
                                    const SessionBounds& session, const lake::Lineage& lineage) {
    SPY_ASSIGN(auto table, RowTable<CalibrationRow>::create(
                               lake, key, [](const lake::Contract&) { return std::span(kColumns); }));
    SPY_TRY(table.append(rows_of(session, key.date)));
    return table.commit(lineage);
}

Result<physics::NormBounds> read_norm_bounds(const lake::Lake& lake, const lake::PartitionKey& key) {
    SPY_ASSIGN(auto rows, RowReader<CalibrationRow>::open(lake, key, kColumns));
    std::array<std::optional<physics::Bounds>, physics::kMetricNames.size()> found;
    for (;;) {
        SPY_ASSIGN(const CalibrationRow* row, rows.peek());
        if (row == nullptr) break;
        const auto name = std::ranges::find(physics::kMetricNames, row->metric_name);
        if (name != physics::kMetricNames.end()) {
            auto& bounds = found[static_cast<std::size_t>(name - physics::kMetricNames.begin())];
            if (bounds) {
                return make_error(ErrorCode::malformed, "{} of {} on {}: {} is there twice", key.dataset,
                                  key.symbol, key.date.iso(), row->metric_name);
            }
            bounds = physics::Bounds{row->q05, row->q95};
        }
        rows.pop();
    }
    physics::MetricBounds stated = physics::kBootstrapBounds;
    for (std::size_t metric = 0; metric < found.size(); ++metric) {
        if (found[metric]) {
            stated[metric] = *found[metric];
        } else if (static_cast<physics::Metric>(metric) != physics::Metric::gex_abs) {
            return make_error(ErrorCode::malformed, "{} of {} on {}: {} is not there", key.dataset,
                              key.symbol, key.date.iso(), physics::kMetricNames[metric]);
        }
    }
    const auto bounds = physics::NormBounds::of(stated);
    if (!bounds)
        return bounds.error().within(fmt::format("{} of {} on {}", key.dataset, key.symbol, key.date.iso()));
    return *bounds;
}

}  // namespace spymaster::pipeline
