#include "pipeline/checks/score_checks.hpp"

#include <string>

#include "pipeline/checks/table_rows.hpp"
#include "pipeline/checks/window_sequence.hpp"

namespace spymaster::pipeline::checks {

namespace {

bool is_score(double value) {
    return value >= 0.0 && value <= 1.0;  // a NaN is none
}

enum LevelColumn : std::size_t { kEnd, kStart, kPrice, kSide, kSpot, kTicks, kValid, kEpoch, kLevelColumns };
const std::vector<std::string> kLevelNames{
    "window_end_ts_ns",   "window_start_ts_ns", "price_int",    "side",
    "spot_ref_price_int", "rel_ticks",          "window_valid", "epoch"};

bool same_level(const TableRows& a, const TableRows& b) {
    for (std::size_t column = 0; column < kLevelColumns; ++column) {
        const bool same =
            column == kSide ? a.text(column) == b.text(column) : a.integer(column) == b.integer(column);
        if (!same) return false;
    }
    return true;
}

std::string level(const TableRows& row) {
    return fmt::format("{} {} ({:+} ticks)", row.text(kSide), row.integer(kPrice), row.integer(kTicks));
}

}  // namespace

Result<void> check_vacuum(const lake::Lake& lake, const Subject& subject, CheckResults& results) {
    constexpr std::size_t kScore = kLevelColumns;
    constexpr std::size_t kIntensity = kScore + 1;
    constexpr std::size_t kStrength = kScore + 2;
    constexpr std::size_t kErosion = kScore + 3;
    const lake::PartitionKey key = subject.silver("vacuum_surface_1s");
    std::vector<std::string> names = kLevelNames;
    names.insert(names.end(), {"vacuum_score", "pull_intensity_rest", "wall_strength_log", "wall_erosion"});
    SPY_ASSIGN(TableRows vacuum, TableRows::open(lake, key, names));
    SPY_ASSIGN(TableRows wall, TableRows::open(lake, subject.silver("wall_surface_1s"), kLevelNames));
    Check rows("physics", "vacuum rows as the wall's", key, "rows");
    Check scores("physics", "vacuum scores 0 to 1", key, "rows");
    Check measures("physics", "vacuum measures", key, "rows");
    for (bool aligned = true;;) {
        SPY_ASSIGN(const bool more, vacuum.next());
        SPY_ASSIGN(const bool more_wall, wall.next());
        if (more != more_wall) {
            const TableRows& left = more ? vacuum : wall;
            rows.expect(false, left.integer(kEnd), [&] {
                return fmt::format("{} is in the {} alone", level(left), more ? "vacuum" : "wall");
            });
        }
        if (!more) break;
        const std::int64_t end = vacuum.integer(kEnd);
        // Beyond a row that is missing or too many, all rows differ: one failure tells it.
        if (aligned && more_wall) {
            aligned = same_level(vacuum, wall);
            rows.expect(aligned, end, [&] {
                return fmt::format("{}; the wall has {} in window {}, or another spot, validity or epoch",
                                   level(vacuum), level(wall), wall.integer(kEnd));
            });
        }
        const double score = vacuum.real(kScore);
        scores.expect(is_score(score), end,
                      [&] { return fmt::format("{}: vacuum_score {}", level(vacuum), score); });
        const bool possible =
            vacuum.real(kIntensity) >= 0.0 && vacuum.real(kStrength) >= 0.0 && vacuum.real(kErosion) >= 0.0;
        measures.expect(possible, end, [&] {
            return fmt::format("{}: pull_intensity_rest {}, wall_strength_log {}, wall_erosion {}",
                               level(vacuum), vacuum.real(kIntensity), vacuum.real(kStrength),
                               vacuum.real(kErosion));
        });
    }
    for (const Check* check : {&rows, &scores, &measures}) results.push_back(check->result());
    return {};
}

Result<void> check_bands(const lake::Lake& lake, const BookDay& day, CheckResults& results) {
    enum Column : std::size_t {
        kBandStart,
        kBandEnd,
        kBandSpot,
        kMid,
        kMidInt,
        kBandValid,
        kBandEpoch,
        kFirstScore
    };
    const lake::PartitionKey key = day.subject.silver("physics_bands_1s");
    std::vector<std::string> names{"window_start_ts_ns",
                                   "window_end_ts_ns",
                                   "spot_ref_price_int",
                                   "mid_price",
                                   "mid_price_int",
                                   "window_valid",
                                   "epoch"};
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    for (const lake::ContractField& field : dataset->contract.fields)
        if (field.unit == "score") names.push_back(field.name);

    Check rows_check("physics", "bands every second", key, "windows");
    Check same("physics", "bands spot and window", key, "rows");
    Check scores("physics", "bands scores 0 to 1", key, "values");
    SPY_ASSIGN(TableRows rows, TableRows::open(lake, key, names));
    WindowSequence sequence(day, false);
    for (;;) {
        SPY_ASSIGN(const bool more, rows.next());
        if (!more) break;
        const std::int64_t end = rows.integer(kBandEnd);
        for (std::size_t i = kFirstScore; i < names.size(); ++i) {
            scores.expect(is_score(rows.real(i)), end,
                          [&] { return fmt::format("{} is {}", names[i], rows.real(i)); });
        }
        const auto index = sequence.look_at(rows.integer(kBandStart), end, rows_check);
        if (!index) continue;
        const windows::BookSnapshot1s& window = day.windows[*index];
        const std::int64_t anchor = day.anchors[*index];
        const std::int64_t spot = rows.integer(kBandSpot);
        const bool agrees =
            day.is_spot_of(spot, window) && (anchor == 0 || anchor == spot) &&
            rows.real(kMid) == window.mid_price && rows.integer(kMidInt) == window.mid_price_int &&
            rows.flag(kBandValid) == window.window_valid && rows.integer(kBandEpoch) == window.epoch;
        same.expect(agrees, end, [&] {
            return fmt::format(
                "spot {}, middle {}, window_valid {}, epoch {}; the snapshot has {}, {}, {}, {}", spot,
                rows.real(kMid), rows.flag(kBandValid), rows.integer(kBandEpoch), window.spot_ref_price_int,
                window.mid_price, window.window_valid, window.epoch);
        });
    }
    sequence.end(rows_check);
    for (const Check* check : {&rows_check, &same, &scores}) results.push_back(check->result());
    return {};
}

}  // namespace spymaster::pipeline::checks
