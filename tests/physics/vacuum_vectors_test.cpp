// Vacuum, bands and calibration against the radar spec's vectors, by the rules of the reference that made them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "physics/bands/physics_bands.hpp"
#include "physics/calibration/norm_calibration.hpp"
#include "vector_windows.hpp"

namespace spymaster::physics {
namespace {

using spymaster::testing::integer;
using spymaster::testing::number;
using spymaster::testing::vector_rows;
using spymaster::testing::windows_of_the_vectors;
using windows::Compatibility;

constexpr market::PriceDelta kTick{250'000'000};
// The spec's own: the reference's logarithms are another library's, which are an ulp apart; of values below 1 absolute, since
// those are differences of larger ones.
constexpr double kRelative = 1e-12;

class VacuumVectors : public ::testing::Test {
  protected:
    void SetUp() override { SPY_SKIP_WITHOUT_VECTORS(); }
    void TearDown() override { RecordProperty("farthest", fmt::format("{}", farthest_)); }

    void expect_near(double value, double expected, const std::string& what) {
        const double apart = std::abs(value - expected) / std::max(1.0, std::abs(expected));
        farthest_ = std::max(farthest_, apart);
        EXPECT_LE(apart, kRelative) << what << ": " << value << ", not " << expected;
        ++compared_;
    }

    static NormBounds bounds() {
        MetricBounds stated = kBootstrapBounds;
        for (const auto& row : vector_rows("physics_norm_calibration.csv")) {
            const auto name = std::ranges::find(kMetricNames, row.at("metric_name"));
            stated.at(static_cast<std::size_t>(name - kMetricNames.begin())) = {number(row, "q05"),
                                                                                number(row, "q95")};
        }
        return *NormBounds::of(stated);
    }

    double farthest_ = 0.0;
    std::size_t compared_ = 0;
};

TEST_F(VacuumVectors, CalibrationIsTheQuantilesOfTheWholeWall) {
    NormCalibration calibration(kTick, Compatibility::reference);
    for (const windows::Window& window : windows_of_the_vectors()) calibration.add(window);
    const auto expected = vector_rows("physics_norm_calibration.csv");
    ASSERT_EQ(expected.size(), 5U);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(expected[i].at("metric_name"), kMetricNames[i]);
        const auto bounds = calibration.bounds(static_cast<Metric>(i));
        ASSERT_TRUE(bounds.has_value());
        expect_near(bounds->q05, number(expected[i], "q05"), std::string(kMetricNames[i]) + " q05");
        expect_near(bounds->q95, number(expected[i], "q95"), std::string(kMetricNames[i]) + " q95");
    }
    EXPECT_FALSE(calibration.bounds(Metric::gex_abs).has_value());
}

TEST_F(VacuumVectors, EveryRowOfTheSurface) {
    using Key = std::tuple<std::int64_t, market::Side, std::int64_t>;
    std::map<Key, VacuumRow1s> rows;
    VacuumEngine engine(bounds(), kTick, Compatibility::reference);
    for (const windows::Window& window : windows_of_the_vectors()) {
        for (const VacuumRow1s& row : engine.update(window))
            rows[{window.snapshot.window_end_ts_ns, row.side, row.price_int}] = row;
    }
    const auto expected = vector_rows("vacuum_surface_1s.csv");
    EXPECT_EQ(rows.size(), expected.size());
    for (const auto& row : expected) {
        const Key key{integer(row, "window_end_ts_ns"), spymaster::testing::side(row),
                      integer(row, "price_int")};
        ASSERT_TRUE(rows.contains(key));
        const VacuumRow1s& made = rows.at(key);
        EXPECT_EQ(made.rel_ticks, integer(row, "rel_ticks"));
        EXPECT_EQ(made.wall_erosion, number(row, "wall_erosion"));
        expect_near(made.pull_intensity_rest, number(row, "pull_intensity_rest"), "pull_intensity_rest");
        expect_near(made.pull_add_log, number(row, "pull_add_log"), "pull_add_log");
        expect_near(made.d1_pull_add_log, number(row, "d1_pull_add_log"), "d1");
        expect_near(made.d2_pull_add_log, number(row, "d2_pull_add_log"), "d2");
        expect_near(made.d3_pull_add_log, number(row, "d3_pull_add_log"), "d3");
        expect_near(made.wall_strength_log, number(row, "wall_strength_log"), "wall_strength_log");
        expect_near(made.vacuum_score, number(row, "vacuum_score"), "vacuum_score");
    }
    EXPECT_EQ(compared_, 7U * 2264U);
}

TEST_F(VacuumVectors, EveryBand) {
    const NormBounds norms = bounds();
    VacuumEngine engine(norms, kTick, Compatibility::reference);
    const auto windows = windows_of_the_vectors();
    const auto expected = vector_rows("physics_bands_1s.csv");
    ASSERT_EQ(windows.size(), expected.size());
    for (std::size_t i = 0; i < windows.size(); ++i) {
        const auto& row = expected[i];
        const PhysicsBands1s made =
            physics_bands(windows[i], engine.update(windows[i]), norms, Compatibility::reference);
        EXPECT_EQ(made.window_end_ts_ns, integer(row, "window_end_ts_ns"));
        EXPECT_EQ(made.spot_ref_price_int, integer(row, "spot_ref_price_int"));
        EXPECT_EQ(made.mid_price_int, integer(row, "mid_price_int"));
        for (std::size_t band = 0; band < kDirectedBands; ++band) {
            const BandNorms& each = made.bands[band];
            const auto expect_column = [&](double value, std::size_t of_band) {
                const std::string column(kBandColumns[3 * band + of_band]);
                expect_near(value, number(row, column), row.at("window_end_ts_ns") + " " + column);
            };
            expect_column(each.wall_strength_norm, 0);
            expect_column(each.wall_erosion_norm, 1);
            expect_column(each.vacuum_norm, 2);
        }
        expect_near(made.above_score, number(row, "above_score"), "above_score");
        expect_near(made.below_score, number(row, "below_score"), "below_score");
        expect_near(made.vacuum_total_score, number(row, "vacuum_total_score"), "vacuum_total_score");
    }
    EXPECT_EQ(compared_, 27U * 40U);
}

}  // namespace
}  // namespace spymaster::physics
