#include "pipeline/checks/verification.hpp"

#include <optional>
#include <string>

#include "pipeline/checks/book_day.hpp"
#include "pipeline/checks/calibration_check.hpp"
#include "pipeline/checks/finite_check.hpp"
#include "pipeline/checks/gex_checks.hpp"
#include "pipeline/checks/level_checks.hpp"
#include "pipeline/checks/option_checks.hpp"
#include "pipeline/checks/partition_checks.hpp"
#include "pipeline/checks/radar_checks.hpp"
#include "pipeline/checks/score_checks.hpp"
#include "pipeline/checks/snapshot_checks.hpp"

namespace spymaster::pipeline::checks {

namespace {

constexpr std::string_view kSnapshots = "book_snapshot_1s";
constexpr std::string_view kFlow = "depth_and_flow_1s";
constexpr std::string_view kWall = "wall_surface_1s";
constexpr std::string_view kRadar = "radar_vacuum_1s";
constexpr std::string_view kVacuum = "vacuum_surface_1s";
constexpr std::string_view kBands = "physics_bands_1s";
constexpr std::string_view kGexSurface = "gex_surface_1s";
constexpr std::string_view kGexLevels = "gex_levels_1s";

// The checks of one group over the tables of one subject.
class Group {
  public:
    Group(const lake::Lake& lake, std::string_view name, CheckResults& results)
        : lake_(lake), name_(name), results_(results) {}

    // Whether the table is there. If not, a line says so: `needed` makes it one that counts.
    bool has(const Subject& subject, const lake::PartitionKey& key, std::string_view layer, bool needed) {
        if (lake_.is_complete(key)) return true;
        results_.push_back(
            absent(name_, key, needed, fmt::format("not in the lake; {} makes it", subject.command(layer))));
        return false;
    }
    // Runs a check; what keeps it from reading is a failure of it.
    template <class Look>
    void run(const lake::PartitionKey& key, const Look& look) {
        if (const Result<void> done = look(); !done)
            results_.push_back(unreadable(name_, "readable", key, done.error()));
    }
    void finite(const lake::PartitionKey& key) { results_.push_back(check_finite(lake_, name_, key)); }

    // The snapshots of a subject; none: they are not there or cannot be read, and `needed` has a line say so.
    std::optional<BookDay> book_day(const Subject& subject, bool needed) {
        const lake::PartitionKey key = subject.silver(kSnapshots);
        if (!lake_.is_complete(key)) {
            if (needed) has(subject, key, "silver", true);
            return {};
        }
        auto day = read_book_day(lake_, subject);
        if (day) return std::move(day).value();
        if (needed) results_.push_back(unreadable(name_, "readable", key, day.error()));
        return {};
    }

  private:
    const lake::Lake& lake_;
    std::string_view name_;
    CheckResults& results_;
};

void check_outright_data(const lake::Lake& lake, const Request& request, const Subject& subject,
                         CheckResults& results) {
    Group data(lake, "data", results);
    std::optional<BookDay> day = data.book_day(subject, true);
    if (day) {
        check_snapshots(*day, request.min_valid_share, results);
        data.finite(day->key);
    }
    const auto table = [&](std::string_view name, auto check) {
        const lake::PartitionKey key = subject.silver(name);
        if (!data.has(subject, key, "silver", true) || !day) return;
        data.run(key, [&] { return check(lake, *day, results); });
        data.finite(key);
    };
    table(kFlow, check_flow);
    table(kWall, check_wall);
    table(kRadar, check_radar);
}

void check_option_data(const lake::Lake& lake, const Subject& subject, CheckResults& results) {
    Group data(lake, "data", results);
    const std::optional<BookDay> underlying = data.book_day(subject.underlying(), false);
    const auto table = [&](std::string_view name, auto check) {
        const lake::PartitionKey key = subject.silver(name);
        if (!data.has(subject, key, "silver", true)) return;
        data.run(key, [&] { return check(lake, subject, underlying ? &*underlying : nullptr, results); });
        data.finite(key);
    };
    table(kSnapshots, check_quotes);
    table(kFlow, check_cells);
}

void check_outright_physics(const lake::Lake& lake, const Subject& subject, CheckResults& results) {
    Group physics(lake, "physics", results);
    const bool silver =
        lake.is_complete(subject.silver(kSnapshots)) && lake.is_complete(subject.silver(kFlow));
    if (physics.has(subject, subject.gold_surface(), "gold", silver)) physics.finite(subject.gold_surface());
    const bool wall = lake.is_complete(subject.silver(kWall));
    if (lake.is_complete(subject.silver(kRadar)))
        physics.run(subject.silver(kRadar), [&] { return check_radar_shares(lake, subject, results); });
    if (physics.has(subject, subject.calibration(), "silver", wall))
        physics.run(subject.calibration(), [&] { return check_calibration(lake, subject, results); });
    if (physics.has(subject, subject.silver(kVacuum), "silver", wall) && wall) {
        physics.run(subject.silver(kVacuum), [&] { return check_vacuum(lake, subject, results); });
        physics.finite(subject.silver(kVacuum));
    }
    if (!physics.has(subject, subject.silver(kBands), "silver", wall)) return;
    if (std::optional<BookDay> day = physics.book_day(subject, true); day)
        physics.run(subject.silver(kBands), [&] { return check_bands(lake, *day, results); });
    physics.finite(subject.silver(kBands));
}

void check_option_physics(const lake::Lake& lake, const Subject& subject, CheckResults& results) {
    Group physics(lake, "physics", results);
    const bool silver = lake.is_complete(subject.silver(kFlow));
    if (physics.has(subject, subject.gold_surface(), "gold", silver)) physics.finite(subject.gold_surface());
    const lake::PartitionKey open_interest = subject.open_interest();
    const lake::PartitionKey published{std::string(subject.product->statistics_dataset), subject.symbol,
                                       subject.date};
    if (physics.has(subject, open_interest, "silver", silver && lake.is_complete(published)))
        physics.run(open_interest, [&] { return check_open_interest(lake, subject, results); });
    const std::optional<BookDay> underlying = physics.book_day(subject.underlying(), false);
    const bool inputs = silver && underlying && lake.is_complete(open_interest);
    const auto table = [&](std::string_view name, auto check) {
        const lake::PartitionKey key = subject.silver(name);
        if (!physics.has(subject, key, "silver", inputs)) return;
        if (underlying) physics.run(key, [&] { return check(lake, subject, *underlying, results); });
        physics.finite(key);
    };
    table(kGexSurface, check_gex_surface);
    table(kGexLevels, check_gex_levels);
}

}  // namespace

Result<CheckResults> check_data(const lake::Lake& lake, const Request& request) {
    SPY_ASSIGN(const std::vector<Subject> subjects, subjects_of(lake, request));
    CheckResults results;
    for (const Subject& subject : subjects) {
        if (subject.product->is_option()) {
            check_option_data(lake, subject, results);
        } else {
            check_outright_data(lake, request, subject, results);
        }
    }
    return results;
}

Result<CheckResults> check_physics(const lake::Lake& lake, const Request& request) {
    SPY_ASSIGN(const std::vector<Subject> subjects, subjects_of(lake, request));
    CheckResults results;
    for (const Subject& subject : subjects) {
        if (subject.product->is_option()) {
            check_option_physics(lake, subject, results);
        } else {
            check_outright_physics(lake, subject, results);
        }
    }
    SPY_TRY(check_lineage(lake, request, results));
    return results;
}

Result<CheckResults> check_files(const lake::Lake& lake, const Request& request) {
    CheckResults results;
    SPY_TRY(check_hashes(lake, request, results));
    return results;
}

}  // namespace spymaster::pipeline::checks
