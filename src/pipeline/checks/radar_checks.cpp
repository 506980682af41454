#include "pipeline/checks/radar_checks.hpp"

#include <string>

#include "market/price.hpp"
#include "pipeline/checks/table_rows.hpp"
#include "pipeline/checks/window_sequence.hpp"

namespace spymaster::pipeline::checks {

namespace {

constexpr std::string_view kTable = "radar_vacuum_1s";

// Shares at the end of a window are 0 to 1; what they changed by in it is -1 to 1.
struct ShareColumn {
    std::string name;
    double least;
};

Result<std::vector<ShareColumn>> share_columns(const lake::Lake& lake, const lake::PartitionKey& key) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    std::vector<ShareColumn> columns;
    for (const lake::ContractField& field : dataset->contract.fields) {
        const std::string& name = field.name;
        const bool feature = name.starts_with("f") || name.starts_with("u");
        if (!feature || name.find("_share_") == std::string::npos) continue;
        columns.push_back({name, name.ends_with("_rest") ? 0.0 : -1.0});
    }
    return columns;
}

}  // namespace

Result<void> check_radar(const lake::Lake& lake, const BookDay& day, CheckResults& results) {
    enum Column : std::size_t { kStart, kEnd, kSpotInt, kSpot };
    const lake::PartitionKey key = day.subject.silver(kTable);
    Check rows_check("data", "radar every second", key, "windows with a spot");
    Check spot_check("data", "radar spot", key, "rows");
    SPY_ASSIGN(TableRows rows, TableRows::open(lake, key,
                                               {"window_start_ts_ns", "window_end_ts_ns",
                                                "spot_ref_price_int", "spot_ref_price"}));
    WindowSequence sequence(day, true);
    for (;;) {
        SPY_ASSIGN(const bool more, rows.next());
        if (!more) break;
        const std::int64_t end = rows.integer(kEnd);
        const auto index = sequence.look_at(rows.integer(kStart), end, rows_check);
        if (!index) continue;
        const std::int64_t spot = rows.integer(kSpotInt);
        const std::int64_t anchor = day.anchors[*index];
        const bool agrees = day.is_spot_of(spot, day.windows[*index]) && (anchor == 0 || anchor == spot) &&
                            rows.real(kSpot) == static_cast<double>(spot) * market::kPriceScale;
        spot_check.expect(agrees, end, [&] {
            return fmt::format("spot {} ({} points); the snapshot has {}, the wall {}", spot,
                               rows.real(kSpot), day.windows[*index].spot_ref_price_int, anchor);
        });
    }
    sequence.end(rows_check);
    results.push_back(rows_check.result());
    results.push_back(spot_check.result());
    return {};
}

Result<void> check_radar_shares(const lake::Lake& lake, const Subject& subject, CheckResults& results) {
    const lake::PartitionKey key = subject.silver(kTable);
    SPY_ASSIGN(const std::vector<ShareColumn> shares, share_columns(lake, key));
    std::vector<std::string> names{"window_end_ts_ns"};
    for (const ShareColumn& share : shares) names.push_back(share.name);
    Check check("physics", "radar shares", key, "values");
    SPY_ASSIGN(TableRows rows, TableRows::open(lake, key, names));
    for (;;) {
        SPY_ASSIGN(const bool more, rows.next());
        if (!more) break;
        for (std::size_t i = 0; i < shares.size(); ++i) {
            const double value = rows.real(i + 1);
            check.expect(value >= shares[i].least && value <= 1.0, rows.integer(0), [&] {
                return fmt::format("{} is {}, not {} to 1", shares[i].name, value, shares[i].least);
            });
        }
    }
    results.push_back(check.result());
    return {};
}

}  // namespace spymaster::pipeline::checks
