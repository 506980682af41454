// Every check of `spymaster verify --dt`: the made day passes, and with one thing broken exactly the check of it fails and
// names the row.
#include "pipeline/checks/verification.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "made_day.hpp"
#include "pipeline/datasets.hpp"

namespace spymaster::pipeline::checks {
namespace {

// The first thing that is wrong, for messages of tests.
std::string first_text(const CheckResults& results) {
    for (const CheckResult& result : results)
        if (result.verdict != Verdict::passed) return result.name + ": " + result.what;
    return {};
}

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

CheckResults all_checks(const MadeDay& day, double min_valid_share = 0.9) {
    const Request request{kMadeDate, "", nullptr, min_valid_share};
    CheckResults all;
    for (const auto& check : {check_data, check_physics, check_files}) {
        auto results = check(day.lake(), request);
        EXPECT_TRUE(results.ok()) << (results.ok() ? "" : results.error().message);
        if (results) std::ranges::move(*results, std::back_inserter(all));
    }
    return all;
}

// "FAILED wall identity", in order, of those that did not pass.
std::vector<std::string> not_passed(const CheckResults& results) {
    std::vector<std::string> names;
    for (const CheckResult& result : results)
        if (result.verdict != Verdict::passed)
            names.push_back(fmt::format("{} {}", name_of(result.verdict), result.name));
    return names;
}

// The result of a check of a dataset whose name ends like that.
CheckResult result_of(const CheckResults& results, const std::string& check, const std::string& table) {
    for (const CheckResult& result : results)
        if (result.name == check && result.key.dataset.ends_with(table)) return result;
    ADD_FAILURE() << "no check " << check << " of " << table;
    return {};
}

using BreakIt = std::function<void(MadeDay&)>;

struct Fault {
    const char* name;  // of the test
    BreakIt break_it;
    const char* check;    // that fails
    const char* table;    // that it names, at the end of the dataset's name
    std::int64_t window;  // that it names; -1: none
    const char* what;     // that its text has
    bool alone = true;    // no other check fails
};

template <class T>
BreakIt set(const char* table, std::size_t row, const char* column, T value) {
    return [=](MadeDay& day) { day.rows(table)[row][column] = value; };
}
BreakIt erase(const char* table, std::size_t row) {
    return [=](MadeDay& day) {
        auto& rows = day.rows(table);
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(row));
    };
}
BreakIt empty(const char* table) {
    return [=](MadeDay& day) { day.rows(table).clear(); };
}

// Bids and asks of window 3 meet at spot, in every table alike.
void cross(MadeDay& day) {
    day.rows("snapshot")[3]["best_ask_price_int"] = kMadeSpot;
    for (const char* table : {"flow", "wall", "vacuum"}) {
        day.rows(table)[7]["price_int"] = kMadeSpot;
        day.rows(table)[7]["rel_ticks"] = std::int64_t{0};
    }
}

void never_valid(MadeDay& day) {
    for (const char* table : {"snapshot", "flow", "wall", "vacuum", "bands", "gex", "levels"})
        for (MadeRow& row : day.rows(table)) row["window_valid"] = std::int64_t{0};
}

void of_session(MadeDay& day, const char* session, const market::Date& wall) {
    for (MadeRow& row : day.rows("calibration")) {
        row["lookback_sessions"] = std::int64_t{1};
        row["session_window"] = std::string(session);
    }
    lake::PartitionKey key = day["wall"].key;
    key.date = wall;
    MadeTable earlier{key, day.rows("wall"), {}};
    std::swap(day["wall"], earlier);
    day.write("wall");
    std::swap(day["wall"], earlier);
    day["calibration"].inputs = {key};
}

// Two rows a window in flow, wall and vacuum (bid, ask), three in gex.
const std::vector<Fault> kFaults{
    {"FlowIdentity", set("flow", 5, "add_qty", 3.0), "flow identity", "depth_and_flow_1s", 2,
     "A 5000250000000"},
    {"WallIdentity", set("wall", 4, "depth_qty_start", 12.0), "wall identity", "wall_surface_1s", 2,
     "B 5000000000000 (+0 ticks): 12 + 1 added - 0 pulled - 0 filled is not 12"},
    {"RestedPullAbovePull", set("wall", 4, "pull_qty_rest", 1.0), "wall quantities", "wall_surface_1s", 2,
     "of it 1 rested"},
    {"NegativeDepth", set("flow", 5, "depth_qty_rest", -1.0), "flow quantities", "depth_and_flow_1s", 2,
     "of it -1 rests"},
    {"FlowTicks", set("flow", 5, "rel_ticks", std::int64_t{2}), "flow reach", "depth_and_flow_1s", 2,
     "+1 ticks from spot"},
    {"FlowSpot", set("flow", 5, "epoch", std::int64_t{2}), "flow spot and window", "depth_and_flow_1s", 2,
     "epoch 2"},
    {"FlowDepthAtBest", set("snapshot", 2, "best_ask_qty", std::int64_t{6}), "flow at the best prices",
     "depth_and_flow_1s", 2, "depth 5, the snapshot has 6", false},
    {"WallDepthAtBest", set("snapshot", 2, "best_ask_qty", std::int64_t{6}), "wall at the best prices",
     "wall_surface_1s", 2, "depth 5, the snapshot has 6", false},
    {"FlowWithoutTheBestBid", erase("flow", 4), "flow at the best prices", "depth_and_flow_1s", 2,
     "the best bid"},
    {"FlowOrder", [](MadeDay& day) { std::swap(day.rows("flow")[4], day.rows("flow")[5]); }, "flow order",
     "depth_and_flow_1s", 2, "does not follow"},
    {"FlowOfNoWindow", set("flow", 11, "window_end_ts_ns", std::int64_t{1'999'999'999'000'000'000}),
     "flow spot and window", "depth_and_flow_1s", -2, "no snapshot", false},
    {"ChangeInAnInvalidWindow",
     [](MadeDay& day) {
         for (const char* table : {"snapshot", "bands", "levels"})
             day.rows(table)[2]["window_valid"] = std::int64_t{0};
         for (const char* table : {"flow", "wall", "vacuum"})
             for (const std::size_t row : {4U, 5U}) day.rows(table)[row]["window_valid"] = std::int64_t{0};
         for (const std::size_t row : {6U, 7U, 8U}) day.rows("gex")[row]["window_valid"] = std::int64_t{0};
         day.rows("wall")[5]["d2_depth_qty"] = 1.0;
     },
     "wall derivatives", "wall_surface_1s", 2, "d2 1", false},
    {"CrossedBook", cross, "no crossed book", "book_snapshot_1s", 3, "at or above best ask"},
    {"MissingSecond", erase("snapshot", 3), "every second", "book_snapshot_1s", 4, "1 windows on", false},
    {"SecondTwice",
     [](MadeDay& day) {
         day.rows("snapshot").insert(day.rows("snapshot").begin() + 3, day.rows("snapshot")[3]);
     },
     "every second", "book_snapshot_1s", 3, "1 windows back", false},
    {"MissingEnd", erase("snapshot", 5), "every second", "book_snapshot_1s", 5, "1 in all, are not there",
     false},
    {"MissingStart", erase("snapshot", 0), "every second", "book_snapshot_1s", 1, "1 windows on", false},
    {"NeverValid", never_valid, "valid windows", "book_snapshot_1s", 0, "0 of 6 windows are", false},
    {"EmptyDay", empty("snapshot"), "valid windows", "book_snapshot_1s", -1,
     "there are no windows to look at", false},
    {"EmptyWall", empty("wall"), "wall identity", "wall_surface_1s", -1, "there are no rows", false},
    {"SnapshotWithoutQuantity", set("snapshot", 1, "best_bid_qty", std::int64_t{0}), "best prices",
     "book_snapshot_1s", 1, "x 0", false},
    {"RadarSpot", set("radar", 4, "spot_ref_price_int", kMadeSpot + kTick), "radar spot", "radar_vacuum_1s",
     4, "spot 5000250000000"},
    {"RadarRow", erase("radar", 5), "radar every second", "radar_vacuum_1s", 5, "have no row"},
    {"RadarShare", set("radar", 1, "f2_ask_at_pull_share_rest", 1.5), "radar shares", "radar_vacuum_1s", 1,
     "f2_ask_at_pull_share_rest is 1.5"},
    {"RadarShareBelowZero", set("radar", 1, "u4_ask_reprice_away_share_rest", -0.5), "radar shares",
     "radar_vacuum_1s", 1, "not 0 to 1"},
    {"QuoteCrossed", set("quotes", 2, "bid_price_int", 6 * kTick), "option quotes", "book_snapshot_1s", 2,
     "instrument 7"},
    {"QuoteSpot", set("quotes", 2, "spot_ref_price_int", kMadeSpot + kTick), "option quotes spot",
     "book_snapshot_1s", 2, "that of ESH6 is 5000000000000"},
    {"QuoteTwice", [](MadeDay& day) { day.rows("quotes").push_back(day.rows("quotes").back()); },
     "option quotes order", "book_snapshot_1s", 5, "instrument 7"},
    {"CellIdentity", set("cells", 2, "fill_qty", 1.0), "option flow identity", "depth_and_flow_1s", 2,
     "1 filled is not 4"},
    {"CellSecond", erase("cells", 2), "option flow every second", "depth_and_flow_1s", 3, "1 windows on"},
    {"CellReach", set("cells", 2, "rel_ticks", std::int64_t{7}), "option flow reach", "depth_and_flow_1s", 2,
     "+7 ticks"},
    {"VacuumScore", set("vacuum", 4, "vacuum_score", 1.0000001), "vacuum scores 0 to 1", "vacuum_surface_1s",
     2, "vacuum_score 1.0000001"},
    {"VacuumErosion", set("vacuum", 4, "wall_erosion", -1.0), "vacuum measures", "vacuum_surface_1s", 2,
     "wall_erosion -1"},
    {"VacuumKey", set("vacuum", 4, "price_int", kMadeSpot - kTick), "vacuum rows as the wall's",
     "vacuum_surface_1s", 2, "B 4999750000000"},
    {"VacuumRow", erase("vacuum", 11), "vacuum rows as the wall's", "vacuum_surface_1s", 5,
     "in the wall alone"},
    {"BandScore", set("bands", 4, "above_score", -0.25), "bands scores 0 to 1", "physics_bands_1s", 4,
     "above_score is -0.25"},
    {"BandSpot", set("bands", 4, "spot_ref_price_int", kMadeSpot + kTick), "bands spot and window",
     "physics_bands_1s", 4, "spot 5000250000000"},
    {"BandsWithoutRows", empty("bands"), "bands every second", "physics_bands_1s", 0, "have no row", false},
    {"BandMissing", erase("bands", 2), "bands every second", "physics_bands_1s", 3, "stands where"},
    {"CalibrationOfTheSameDay", [](MadeDay& day) { of_session(day, "2026-01-06 09:30-10:30", kMadeDate); },
     "calibration provenance", "physics_norm_calibration", -1, "not strictly before 2026-01-06", false},
    {"CalibrationOfAnotherInput",
     [](MadeDay& day) { of_session(day, "2026-01-05 09:30-10:30", {2026, 1, 2}); }, "calibration provenance",
     "physics_norm_calibration", -1, "2026-01-05 is not among the inputs", false},
    {"BootstrapWithInputs", [](MadeDay& day) { day["calibration"].inputs = {day["snapshot"].key}; },
     "calibration provenance", "physics_norm_calibration", -1, "bootstrap bounds, but made from", false},
    {"CalibrationOfAnotherDate", set("calibration", 3, "asof_dt", std::string("2026-01-07")),
     "calibration provenance", "physics_norm_calibration", -1, "d2_pull_add_log: asof_dt 2026-01-07"},
    {"CalibrationBounds", set("calibration", 3, "q05", 2.0), "calibration bounds", "physics_norm_calibration",
     -1, "q05 2 above q95 1"},
    {"CalibrationMetric", erase("calibration", 3), "calibration bounds", "physics_norm_calibration", -1,
     "d2_pull_add_log is not there"},
    {"OpenInterestOrder",
     [](MadeDay& day) { std::swap(day.rows("open_interest")[0], day.rows("open_interest")[1]); },
     "open interest order", "statistics_clean", -1, "follows"},
    {"OpenInterestValue", set("open_interest", 1, "right", std::string("X")), "open interest values",
     "statistics_clean", -1, "right X", false},
    {"GexNegative",
     [](MadeDay& day) {
         MadeRow& row = day.rows("gex")[8];
         row["gex_put_abs"] = -1.0, row["gex_abs"] = 2.0, row["gex"] = 4.0;
     },
     "gex sums", "gex_surface_1s", 2, "puts -1"},
    {"GexNet", set("gex", 8, "gex", 4.0), "gex sums", "gex_surface_1s", 2, "net 4"},
    {"GexImbalance", set("gex", 8, "gex_imbalance_ratio", -1.5), "gex sums", "gex_surface_1s", 2,
     "imbalance -1.5"},
    {"GexStrikeLeftOut", erase("gex", 7), "gex strikes", "gex_surface_1s", 2,
     "strike 5005000000000 after 4995000000000"},
    {"GexStrikeOrder", [](MadeDay& day) { std::swap(day.rows("gex")[6], day.rows("gex")[7]); }, "gex strikes",
     "gex_surface_1s", 2, "strike 4995000000000 after 5000000000000", false},
    {"GexSpot", set("gex", 7, "underlying_spot_ref", 5000.25), "gex spot", "gex_surface_1s", 2,
     "spot 5000.25"},
    {"GexSecond",
     [](MadeDay& day) {
         auto& rows = day.rows("gex");
         rows.erase(rows.begin() + 6, rows.begin() + 9);
     },
     "gex every second", "gex_surface_1s", 3, "stands where"},
    {"OpenInterestBeforeItWasKnown", set("gex", 7, "call_open_interest", 45.0), "gex open interest",
     "gex_surface_1s", 2, "45 calls and 0 puts open; known by then were 40 and 0"},
    {"GexTotal", set("levels", 4, "gex_total", 7.0), "gex totals", "gex_levels_1s", 4, "total 7"},
    {"GexLevelsSecond", erase("levels", 4), "gex levels every second", "gex_levels_1s", 5, "stands where"},
};

class OneFault : public testing::TestWithParam<Fault> {};

TEST_P(OneFault, FailsItsCheckAndIsNamed) {
    const Fault& fault = GetParam();
    MadeDay day;
    fault.break_it(day);
    day.write();
    const CheckResults results = all_checks(day);
    if (fault.alone) {
        EXPECT_THAT(not_passed(results), ElementsAre(std::string("FAILED ") + fault.check));
    }
    const CheckResult failed = result_of(results, fault.check, fault.table);
    EXPECT_EQ(failed.verdict, Verdict::failed);
    EXPECT_GE(failed.failures, 1);
    EXPECT_THAT(failed.what, HasSubstr(fault.what));
    if (fault.window >= 0) {
        EXPECT_EQ(failed.window_end_ts_ns, day.end_of(fault.window));
    } else if (fault.window == -1) {
        EXPECT_FALSE(failed.window_end_ts_ns);
    }
}

INSTANTIATE_TEST_SUITE_P(Verification, OneFault, testing::ValuesIn(kFaults),
                         [](const auto& fault) { return std::string(fault.param.name); });

TEST(Verification, AWholeDayPasses) {
    for (const auto type : {market::ProductType::future_mbo, market::ProductType::equity_mbo}) {
        MadeDay day(type);
        day.write();
        const CheckResults results = all_checks(day);
        EXPECT_THAT(not_passed(results), IsEmpty()) << first_text(results);
        EXPECT_GT(results.size(), 40U);
        EXPECT_TRUE(std::ranges::all_of(results, [](const auto& result) { return result.looked_at > 0; }));
    }
}

// Of stocks the anchor is any price, and the snapshot's spot the bucket that it is in.
TEST(Verification, AnAnchorOfAStockLiesInTheBucketOfTheSnapshot) {
    constexpr std::int64_t kCent = 10'000'000;
    for (const std::int64_t cents : {24, 26}) {
        MadeDay day(market::ProductType::equity_mbo);
        const std::int64_t anchor = kMadeSpot + cents * kCent;
        for (const char* table : {"wall", "vacuum"}) {
            for (MadeRow& row : day.rows(table)) {
                row["spot_ref_price_int"] = anchor;
                row["rel_ticks"] = (std::get<std::int64_t>(row["price_int"]) - anchor) / kCent;
            }
        }
        for (MadeRow& row : day.rows("bands")) row["spot_ref_price_int"] = anchor;
        for (MadeRow& row : day.rows("radar")) {
            row["spot_ref_price_int"] = anchor;
            row["spot_ref_price"] = static_cast<double>(anchor) * market::kPriceScale;
        }
        day.write();
        const CheckResults results = all_checks(day);
        if (cents == 24) {
            EXPECT_THAT(not_passed(results), IsEmpty()) << first_text(results);
        } else {
            EXPECT_THAT(not_passed(results), ElementsAre("FAILED wall spot and window", "FAILED radar spot",
                                                         "FAILED bands spot and window"));
        }
    }
}

TEST(Verification, TheShareOfValidWindowsIsAsked) {
    MadeDay day;
    for (const char* table : {"snapshot", "bands", "levels"})
        day.rows(table)[2]["window_valid"] = std::int64_t{0};
    for (const char* table : {"flow", "wall", "vacuum"})
        for (const std::size_t row : {4U, 5U}) day.rows(table)[row]["window_valid"] = std::int64_t{0};
    for (const std::size_t row : {6U, 7U, 8U}) day.rows("gex")[row]["window_valid"] = std::int64_t{0};
    day.write();
    EXPECT_THAT(not_passed(all_checks(day, 0.9)), ElementsAre("FAILED valid windows"));
    EXPECT_THAT(not_passed(all_checks(day, 0.8)), IsEmpty());
}

TEST(Verification, WhatFollowsFromOtherInputsIsStale) {
    MadeDay day;
    day.write();
    day.rows("wall")[4]["depth_qty_rest"] = 0.0;
    day.write("wall");
    const CheckResults results = all_checks(day);
    EXPECT_THAT(not_passed(results), ElementsAre("FAILED lineage"));
    EXPECT_EQ(result_of(results, "lineage", "").failures, 2);  // vacuum and bands
    EXPECT_THAT(result_of(results, "lineage", "").what,
                HasSubstr("wall_surface_1s ESH6 2026-01-06 has changed"));
}

TEST(Verification, WhatHasToBeThereIsMissingAndItsCommandNamed) {
    MadeDay day;
    for (const char* table : {"radar", "vacuum", "bands", "gex", "levels", "open_interest"})
        day.leave_out(table);
    day["gold"].inputs.clear();
    day.write();
    const CheckResults results = all_checks(day);
    // Open interest is not needed: no publications are there that it would be made from.
    EXPECT_THAT(not_passed(results), ElementsAre("missing there", "missing there", "missing there",
                                                 "noted there", "noted there", "noted there"));
    EXPECT_THAT(
        result_of(results, "there", "radar_vacuum_1s").what,
        HasSubstr("spymaster run --product-type future_mbo --layer silver --symbol ESH6 --dt 2026-01-06"));
}

TEST(Verification, NothingOfADateIsAnError) {
    MadeDay day;
    day.write();
    for (const auto& check : {check_data, check_physics, check_files}) {
        const auto other_date = check(day.lake(), {{2026, 1, 7}, "", nullptr, 0.9});
        ASSERT_FALSE(other_date.ok());
        EXPECT_EQ(other_date.error().code, ErrorCode::missing);
        EXPECT_THAT(other_date.error().message, HasSubstr("2026-01-07"));
        EXPECT_FALSE(check(day.lake(), {kMadeDate, "ESM6", nullptr, 0.9}).ok());
        EXPECT_TRUE(check(day.lake(), {kMadeDate, "ES", nullptr, 0.9}).ok());
        EXPECT_FALSE(check(day.lake(), {kMadeDate, "E", nullptr, 0.9}).ok());
    }
}

TEST(Verification, ATableThatCannotBeReadFails) {
    MadeDay day;
    day.write();
    const auto folder = day.lake().partition_path(day["radar"].key);
    std::ofstream(*folder / "part-00000.parquet") << "not a table";
    const CheckResults results = all_checks(day);
    EXPECT_THAT(not_passed(results),
                ElementsAre("FAILED readable", "FAILED finite", "FAILED readable", "FAILED hashes"));
    EXPECT_EQ(result_of(results, "hashes", "radar_vacuum_1s").failures, 1);
}

}  // namespace
}  // namespace spymaster::pipeline::checks
