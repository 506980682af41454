// Vacuum, bands and the calibration of their norms: each formula at its edges, the engines against a plain twin on random
// walls, and what holds whatever the walls.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <limits>

#include "physics/bands/ease.hpp"
#include "physics/bands/total_score.hpp"
#include "physics/bands/way_score.hpp"
#include "physics/calibration/norm_calibration.hpp"
#include "physics/calibration/quantile.hpp"
#include "physics/obstacle/resting_mass.hpp"
#include "physics/vacuum/pull_add_log.hpp"
#include "physics/vacuum/share_log.hpp"
#include "physics/vacuum/vacuum_score.hpp"
#include "physics/vacuum/wall_erosion.hpp"
#include "plain_vacuum.hpp"
#include "random_walls.hpp"

namespace spymaster::physics {
namespace {

using market::Side;
using testing::PlainVacuum;
using testing::random_walls;
using testing::WallHabits;
using windows::Compatibility;
using windows::WallRow1s;
using windows::Window;

constexpr market::PriceDelta kTick{250};
constexpr std::int64_t kSpot = 1'000'000;

TEST(VacuumFormulas, AtTheirEdges) {
    EXPECT_EQ(pull_add_log(0, 0), 0.0);
    EXPECT_EQ(pull_add_log(7, 7), 0.0);
    EXPECT_EQ(pull_add_log(7, 0), std::log(8.0));
    EXPECT_EQ(pull_add_log(0, 3), std::log(0.25));
    EXPECT_EQ(resting_mass(0), 0.0);
    EXPECT_EQ(wall_erosion(5), 0.0);
    EXPECT_EQ(wall_erosion(-5), 5.0);
    EXPECT_FALSE(std::signbit(wall_erosion(0.0)));
    EXPECT_EQ(share_log(0), 0.0);
    EXPECT_EQ(share_log(1), std::log1p(1.0));
    EXPECT_EQ(ease(1, 1, 0), 1.0);
    EXPECT_EQ(ease(0, 0, 1), 0.0);
    EXPECT_EQ(ease(0.5, 0, 1), 0.25);
    EXPECT_EQ(way_score(1, 0), 0.60);
    EXPECT_EQ(way_score(0, 1), 0.40);
    EXPECT_EQ(total_score(1, 0.5), 0.75);
}

TEST(VacuumFormulas, NormIsTheShareOfTheWayAndStaysInIt) {
    const Bounds bounds{-2.0, 2.0};
    EXPECT_EQ(norm(-9, bounds), 0.0);
    EXPECT_EQ(norm(-2, bounds), 0.0);
    EXPECT_EQ(norm(-1, bounds), 0.25);
    EXPECT_EQ(norm(0, bounds), 0.5);
    EXPECT_EQ(norm(2, bounds), 1.0);
    EXPECT_EQ(norm(1e300, bounds), 1.0);
}

TEST(NormBounds, OfABootstrapAreTheDocumented) {
    const NormBounds bounds = NormBounds::bootstrap();
    EXPECT_EQ(bounds[Metric::pull_add_log], (Bounds{-2, 2}));
    EXPECT_EQ(bounds[Metric::log1p_pull_intensity_rest], (Bounds{0, 0.5}));
    EXPECT_EQ(bounds[Metric::log1p_erosion_norm], (Bounds{0, 0.5}));
    EXPECT_EQ(bounds[Metric::d2_pull_add_log], (Bounds{-1, 1}));
    EXPECT_EQ(bounds[Metric::wall_strength_log], (Bounds{0, 10}));
    EXPECT_EQ(bounds[Metric::gex_abs], (Bounds{0, 1e6}));
}

TEST(NormBounds, ThatAreEqualAreOneApartAndOnesInReverseAreRefused) {
    MetricBounds stated = kBootstrapBounds;
    stated[0] = {3.0, 3.0};
    stated[5] = {2.0, 1.0};  // that nothing is normed by
    const auto bounds = NormBounds::of(stated);
    ASSERT_TRUE(bounds.ok());
    EXPECT_EQ((*bounds)[Metric::pull_add_log], (Bounds{3.0, 4.0}));
    const double infinity = std::numeric_limits<double>::infinity();
    for (const Bounds& bad : {Bounds{1.0, 0.5}, Bounds{0.0, infinity}, Bounds{-infinity, 0.0},
                              Bounds{std::nan(""), 0.0}, Bounds{1e300, 1e300}}) {
        stated[3] = bad;
        const auto refused = NormBounds::of(stated);
        ASSERT_FALSE(refused.ok()) << bad.q05 << " " << bad.q95;
        EXPECT_NE(refused.error().message.find("d2_pull_add_log"), std::string::npos);
    }
}

TEST(Quantile, IsOnTheLineBetweenTwoValues) {
    std::vector<double> one{7.0};
    EXPECT_EQ(quantile(one, 0.05), 7.0);
    EXPECT_EQ(quantile(one, 0.95), 7.0);
    std::vector<double> few{30.0, 10.0, 20.0};
    EXPECT_EQ(quantile(few, 0.0), 10.0);
    EXPECT_EQ(quantile(few, 0.25), 15.0);
    EXPECT_EQ(quantile(few, 0.5), 20.0);
    EXPECT_EQ(quantile(few, 1.0), 30.0);
    std::vector<double> eleven{10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
    EXPECT_EQ(quantile(eleven, 0.05), 0.5);
    EXPECT_EQ(quantile(eleven, 0.95), 9.5);
}

TEST(Bands, OfEveryDistance) {
    const auto place_of = [](Side side, std::int32_t ticks, Compatibility rules = Compatibility::corrected) {
        return band_place({.price_int = kSpot + ticks * kTick.nanos, .side = side, .rel_ticks = ticks}, kSpot,
                          rules);
    };
    const Band expected[] = {Band::at,  Band::at,  Band::at,  Band::near, Band::near, Band::near, Band::mid,
                             Band::mid, Band::mid, Band::mid, Band::mid,  Band::mid,  Band::mid,  Band::mid,
                             Band::mid, Band::far, Band::far, Band::far,  Band::far,  Band::far,  Band::far};
    for (std::int32_t ticks = 0; ticks <= 20; ++ticks) {
        EXPECT_EQ(place_of(Side::ask, ticks), (BandPlace{Direction::above, expected[ticks], ticks}));
        EXPECT_EQ(place_of(Side::bid, -ticks), (BandPlace{Direction::below, expected[ticks], ticks}));
        if (ticks == 0) continue;
        EXPECT_FALSE(place_of(Side::ask, -ticks).has_value()) << "on the wrong side";
        EXPECT_FALSE(place_of(Side::bid, ticks).has_value());
    }
    EXPECT_FALSE(place_of(Side::ask, 21).has_value());
    EXPECT_FALSE(place_of(Side::bid, -600).has_value());
    EXPECT_FALSE(place_of(Side::ask, 0, Compatibility::reference).has_value());
    EXPECT_FALSE(band_place({.price_int = kSpot - 1, .side = Side::ask}, kSpot, Compatibility::corrected))
        << "an ask below spot, be it by less than a tick";
    EXPECT_EQ(ticks_of(Band::at) + ticks_of(Band::near) + ticks_of(Band::mid) + ticks_of(Band::far), 21);
}

Window window_of(std::vector<WallRow1s> wall) {
    Window window;
    window.snapshot.window_end_ts_ns = 1'000'000'000;
    window.snapshot.window_valid = true;
    window.wall_spot_ref_price_int = kSpot;
    window.wall = std::move(wall);
    return window;
}

PhysicsBands1s bands_of(const Window& window, Compatibility rules = Compatibility::corrected) {
    const NormBounds bounds = NormBounds::bootstrap();
    VacuumEngine engine(bounds, kTick, rules);
    return physics_bands(window, engine.update(window), bounds, rules);
}

TEST(Bands, OfAnEmptyBookAreEasyAndOfTheReferenceHard) {
    const PhysicsBands1s empty = bands_of(window_of({}));
    for (const BandNorms& band : empty.bands) EXPECT_EQ(band, (BandNorms{0.0, 0.0, 0.25}));
    EXPECT_EQ(empty.above_score, 0.275) << "half of 0.25, and 0.15 for no wall";
    EXPECT_EQ(empty.below_score, 0.275);
    EXPECT_EQ(empty.vacuum_total_score, 0.275);
    const PhysicsBands1s reference = bands_of(window_of({}), Compatibility::reference);
    for (const BandNorms& band : reference.bands) EXPECT_EQ(band, (BandNorms{}));
    EXPECT_EQ(reference.vacuum_total_score, 0.0);
}

TEST(Bands, AnEmptyTickCountsAsMuchAsALevel) {
    const auto level = [](std::int32_t ticks) {
        return WallRow1s{.price_int = kSpot + ticks * kTick.nanos,
                         .side = Side::ask,
                         .rel_ticks = ticks,
                         .depth_qty_rest = 9};
    };
    const double whole = std::log(10.0) / 10.0;
    const std::size_t near = place(Direction::above, Band::near);
    EXPECT_EQ(bands_of(window_of({level(3)})).bands[near].wall_strength_norm, std::log(10.0) / 3.0 / 10.0);
    EXPECT_EQ(bands_of(window_of({level(3)}), Compatibility::reference).bands[near].wall_strength_norm,
              whole);
    EXPECT_NEAR(bands_of(window_of({level(3), level(4), level(5)})).bands[near].wall_strength_norm, whole,
                1e-15);
    WallRow1s twin = level(5);
    twin.price_int -= 50;  // off the ticks, and of the same one
    const PhysicsBands1s four = bands_of(window_of({level(3), level(4), twin, level(5)}));
    EXPECT_NEAR(four.bands[near].wall_strength_norm, whole, 1e-15) << "each price counts, no tick is empty";
    const PhysicsBands1s at_spot = bands_of(window_of({level(0)}));
    EXPECT_GT(at_spot.bands[place(Direction::above, Band::at)].wall_strength_norm, 0.0);
    EXPECT_EQ(at_spot.bands[place(Direction::below, Band::at)].wall_strength_norm, 0.0);
}

RC_GTEST_PROP(VacuumProperty, EveryBitIsThePlainTwins, (std::uint64_t seed)) {
    const auto day = random_walls(seed);
    const PlainVacuum plain(day, kTick.nanos);
    const NormBounds bounds = NormBounds::bootstrap();
    VacuumEngine engine(bounds, kTick);
    NormCalibration calibration(kTick);
    for (std::size_t at = 0; at < day.size(); ++at) {
        const auto& rows = engine.update(day[at]);
        RC_ASSERT(rows.size() == day[at].wall.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            RC_ASSERT(rows[i] == plain.row(at, day[at].wall[i], bounds));
        RC_ASSERT(physics_bands(day[at], rows, bounds) == plain.bands(at, bounds));
        calibration.add(day[at]);
    }
    for (std::size_t metric = 0; metric < 5; ++metric) {
        const auto each = static_cast<Metric>(metric);
        RC_ASSERT(calibration.bounds(each) == plain.quantiles(each, bounds));
    }
}

RC_GTEST_PROP(VacuumProperty, ScoresAreZeroToOneWhateverTheWallsAndTheBounds, (std::uint64_t seed)) {
    auto day = random_walls(seed, {.windows = 10});
    for (Window& window : day) {
        for (WallRow1s& row : window.wall) {
            row.pull_qty_rest *= *rc::gen::element<std::int64_t>(1, 1'000'000'000'000);
            row.d1_depth_qty *= *rc::gen::element<std::int64_t>(1, 1'000'000'000'000);
        }
    }
    NormCalibration calibration(kTick);
    for (const Window& window : day) calibration.add(window);
    MetricBounds stated = kBootstrapBounds;
    for (std::size_t i = 0; i < stated.size(); ++i)
        stated[i] = calibration.bounds(static_cast<Metric>(i)).value_or(stated[i]);
    const auto bounds = NormBounds::of(stated);
    RC_ASSERT(bounds.ok());
    VacuumEngine engine(*bounds, kTick);
    const auto in_range = [](double x) { return x >= 0.0 && x <= 1.0; };
    for (const Window& window : day) {
        const auto& rows = engine.update(window);
        for (const VacuumRow1s& row : rows) RC_ASSERT(in_range(row.vacuum_score));
        const PhysicsBands1s bands = physics_bands(window, rows, *bounds);
        for (const BandNorms& band : bands.bands) {
            RC_ASSERT(in_range(band.wall_strength_norm) && in_range(band.wall_erosion_norm));
            RC_ASSERT(in_range(band.vacuum_norm));
        }
        RC_ASSERT(in_range(bands.above_score) && in_range(bands.below_score));
        RC_ASSERT(in_range(bands.vacuum_total_score));
    }
}

RC_GTEST_PROP(VacuumProperty, MoreErosionIsNeverLessVacuum, (std::uint64_t seed)) {
    auto day = random_walls(seed, {.windows = 1, .breaks = false});
    const NormBounds bounds = NormBounds::bootstrap();
    const auto before = VacuumEngine(bounds, kTick).update(day[0]);
    const PhysicsBands1s bands_before = physics_bands(day[0], before, bounds);
    for (WallRow1s& row : day[0].wall) row.d1_depth_qty -= *rc::gen::inRange(0, 40);
    const auto after = VacuumEngine(bounds, kTick).update(day[0]);
    for (std::size_t i = 0; i < before.size(); ++i)
        RC_ASSERT(after[i].vacuum_score >= before[i].vacuum_score);
    const PhysicsBands1s bands_after = physics_bands(day[0], after, bounds);
    RC_ASSERT(bands_after.above_score >= bands_before.above_score);
    RC_ASSERT(bands_after.below_score >= bands_before.below_score);
}

RC_GTEST_PROP(VacuumProperty, APartOfTheDayIsThatPartOfItsRowsAndACopyGoesOnFromThere, (std::uint64_t seed)) {
    const auto day = random_walls(seed);
    const auto cut = static_cast<std::size_t>(*rc::gen::inRange<int>(0, static_cast<int>(day.size())));
    const NormBounds bounds = NormBounds::bootstrap();
    std::vector<std::vector<VacuumRow1s>> whole;
    VacuumEngine engine(bounds, kTick);
    for (const Window& window : day) whole.push_back(engine.update(window));
    VacuumEngine part(bounds, kTick);
    for (std::size_t at = 0; at < cut; ++at) RC_ASSERT(part.update(day[at]) == whole[at]);
    VacuumEngine copy = part;
    for (const Window& window : random_walls(seed + 1)) part.update(window);  // what else may come
    for (std::size_t at = cut; at < day.size(); ++at) RC_ASSERT(copy.update(day[at]) == whole[at]);
}

}  // namespace
}  // namespace spymaster::physics
