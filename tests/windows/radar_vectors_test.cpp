// The vectors of the radar spec (appendix B): what the reference made of two streams of records, and what the engine makes of
// one of them with the reference's rules. Integers, quantities and doubles are compared exactly.
#include <gtest/gtest.h>

#include "kept_windows.hpp"
#include "plain_reference.hpp"
#include "vector_records.hpp"
#include "windows/window_engine.hpp"

namespace spymaster::testing {
namespace {

windows::WallRow1s wall_row(const CsvRow& csv) {
    const auto qty = [&](const char* column) { return static_cast<std::int64_t>(number(csv, column)); };
    windows::WallRow1s row;
    row.price_int = integer(csv, "price_int");
    row.side = csv.at("side") == "B" ? market::Side::bid : market::Side::ask;
    row.rel_ticks = static_cast<std::int32_t>(integer(csv, "rel_ticks"));
    row.depth_qty_start = qty("depth_qty_start");
    row.depth_qty_end = qty("depth_qty_end");
    row.add_qty = qty("add_qty");
    row.pull_qty_total = qty("pull_qty_total");
    row.depth_qty_rest = qty("depth_qty_rest");
    row.pull_qty_rest = qty("pull_qty_rest");
    row.fill_qty = qty("fill_qty");
    row.d1_depth_qty = qty("d1_depth_qty");
    row.d2_depth_qty = qty("d2_depth_qty");
    row.d3_depth_qty = qty("d3_depth_qty");
    return row;
}

windows::RadarVacuum1s radar_row(const CsvRow& csv) {
    windows::RadarVacuum1s row;
    row.spot_ref_price_int = integer(csv, "spot_ref_price_int");
    const auto approach = std::ranges::find(windows::kApproachNames, csv.at("approach_dir"));
    row.approach_dir = static_cast<windows::Approach>(approach - windows::kApproachNames.begin());
    for (std::size_t f = 0; f < windows::kRadarFeatures; ++f) {
        const std::string name(windows::kRadarFeatureNames[f]);
        row.value[f] = number(csv, name);
        row.d1[f] = number(csv, "d1_" + name);
        row.d2[f] = number(csv, "d2_" + name);
        row.d3[f] = number(csv, "d3_" + name);
    }
    return row;
}

// Window by window: rows of the wall from `next` on, and one of the radar where there is a spot.
struct Expected {
    std::vector<CsvRow> snapshots, wall, radar;
    std::size_t next_wall = 0, next_radar = 0;

    explicit Expected(const std::filesystem::path& folder)
        : snapshots(csv_rows(folder / "book_snapshot_1s.csv")),
          wall(csv_rows(folder / "wall_surface_1s.csv")),
          radar(csv_rows(folder / "radar_vacuum_1s.csv")) {}

    void check(std::int64_t end, std::int64_t spot, bool valid, const std::vector<windows::WallRow1s>& rows,
               const std::optional<windows::RadarVacuum1s>& row) {
        for (const windows::WallRow1s& got : rows) {
            ASSERT_LT(next_wall, wall.size());
            ASSERT_EQ(integer(wall[next_wall], "window_end_ts_ns"), end);
            ASSERT_EQ(integer(wall[next_wall], "spot_ref_price_int"), spot);
            ASSERT_EQ(truth(wall[next_wall], "window_valid"), valid);
            ASSERT_EQ(got, wall_row(wall[next_wall])) << "wall row " << next_wall;
            ++next_wall;
        }
        ASSERT_EQ(row.has_value(), spot > 0);
        if (!row) return;
        ASSERT_LT(next_radar, radar.size());
        ASSERT_EQ(integer(radar[next_radar], "window_end_ts_ns"), end);
        ASSERT_NO_FATAL_FAILURE(expect_same_radar(*row, radar_row(radar[next_radar])));
        ASSERT_EQ(static_cast<double>(spot) * 1e-9, number(radar[next_radar], "spot_ref_price"));
        ++next_radar;
    }
    void done() const {
        EXPECT_EQ(next_wall, wall.size());
        EXPECT_EQ(next_radar, radar.size());
    }
};

void expect_reference(const std::filesystem::path& folder, std::uint8_t snapshot_flag) {
    PlainReference plain(snapshot_flag);
    for (const Record& r : records_of(csv_rows(folder / "mbo_events.csv"))) plain.apply(r);
    plain.finish();
    Expected expected(folder);
    const std::vector<CsvRow>& csv = expected.snapshots;
    ASSERT_EQ(plain.windows.size(), csv.size());
    for (std::size_t i = 0; i < csv.size(); ++i) {
        const PlainReference::Row& s = plain.windows[i].snapshot;
        ASSERT_EQ(s.end, integer(csv[i], "window_end_ts_ns"));
        ASSERT_EQ(s.bid, integer(csv[i], "best_bid_price_int")) << "window " << i;
        ASSERT_EQ(s.bid_qty, integer(csv[i], "best_bid_qty")) << "window " << i;
        ASSERT_EQ(s.ask, integer(csv[i], "best_ask_price_int")) << "window " << i;
        ASSERT_EQ(s.ask_qty, integer(csv[i], "best_ask_qty")) << "window " << i;
        ASSERT_EQ(s.mid, number(csv[i], "mid_price"));
        ASSERT_EQ(s.mid_int, integer(csv[i], "mid_price_int"));
        ASSERT_EQ(s.last, integer(csv[i], "last_trade_price_int"));
        ASSERT_EQ(s.spot, integer(csv[i], "spot_ref_price_int"));
        ASSERT_EQ(s.book_valid, truth(csv[i], "book_valid"));
        ASSERT_NO_FATAL_FAILURE(
            expected.check(s.end, s.spot, s.window_valid, plain.windows[i].wall, plain.windows[i].radar))
            << "window " << i;
    }
    expected.done();
}

TEST(RadarVectors, ThePlainReferenceIsTheReference) {
    SPY_SKIP_WITHOUT_VECTORS();
    expect_reference(radar_vectors() / "compat_fuzz", 128);
    expect_reference(radar_vectors(), 32);
}

TEST(RadarVectors, TheEngineWithTheReferencesRules) {
    SPY_SKIP_WITHOUT_VECTORS();
    Expected expected(radar_vectors());
    const std::vector<CsvRow>& csv = expected.snapshots;
    KeptWindows kept;
    windows::WindowEngine engine(
        {}, {integer(csv[0], "window_end_ts_ns"), integer(csv.back(), "window_end_ts_ns")}, kept,
        windows::Compatibility::reference);
    for (const Record& r : records_of(vector_rows("mbo_events.csv"))) engine.apply(r);
    engine.finish();
    ASSERT_EQ(kept.windows.size(), csv.size());
    for (std::size_t i = 0; i < csv.size(); ++i) {
        const windows::Window& window = kept.windows[i];
        const windows::BookSnapshot1s& s = window.snapshot;
        ASSERT_EQ(s.window_start_ts_ns, integer(csv[i], "window_start_ts_ns"));
        ASSERT_EQ(s.window_end_ts_ns, integer(csv[i], "window_end_ts_ns"));
        ASSERT_EQ(s.best_bid_price_int, integer(csv[i], "best_bid_price_int"));
        ASSERT_EQ(s.best_bid_qty, integer(csv[i], "best_bid_qty"));
        ASSERT_EQ(s.best_ask_price_int, integer(csv[i], "best_ask_price_int"));
        ASSERT_EQ(s.best_ask_qty, integer(csv[i], "best_ask_qty"));
        ASSERT_EQ(s.mid_price, number(csv[i], "mid_price"));
        ASSERT_EQ(s.mid_price_int, integer(csv[i], "mid_price_int"));
        ASSERT_EQ(s.last_trade_price_int, integer(csv[i], "last_trade_price_int"));
        ASSERT_EQ(window.wall_spot_ref_price_int, integer(csv[i], "spot_ref_price_int"));
        ASSERT_EQ(s.book_valid, truth(csv[i], "book_valid"));
        ASSERT_NO_FATAL_FAILURE(expected.check(s.window_end_ts_ns, window.wall_spot_ref_price_int,
                                               s.window_valid, window.wall, window.radar))
            << "window " << i;
    }
    expected.done();
}

}  // namespace
}  // namespace spymaster::testing
