// The whole second against the plain evaluation, bit for bit, on random fields of many grids; and what a second that is
// not valid gives.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>

#include "fields_of_a_second.hpp"
#include "forecast/forecaster.hpp"
#include "plain_forecast.hpp"

namespace spymaster::forecast {
namespace {

using testing::OwnFields;

// Value by value, so that a failure says which.
void expect_same(const Forecast1s& forecast, const Forecast1s& expected) {
    RC_ASSERT(forecast.given);
    for (const auto way : {&Forecast1s::up, &Forecast1s::down}) {
        RC_ASSERT((forecast.*way).wall == (expected.*way).wall);
        RC_ASSERT((forecast.*way).D == (expected.*way).D);
        RC_ASSERT((forecast.*way).vacuum == (expected.*way).vacuum);
        RC_ASSERT((forecast.*way).reinforce == (expected.*way).reinforce);
        RC_ASSERT((forecast.*way).run_score == (expected.*way).run_score);
        RC_ASSERT((forecast.*way).corridor == (expected.*way).corridor);
    }
    RC_ASSERT(forecast.velocity == expected.velocity);
    RC_ASSERT(forecast.force == expected.force);
    RC_ASSERT(forecast.damping == expected.damping);
    RC_ASSERT(forecast.drive == expected.drive);
    for (std::size_t h = 0; h < kHorizons; ++h) {
        RC_ASSERT(forecast.delta[h] == expected.delta[h]);
        RC_ASSERT(forecast.path[h].predicted_tick_delta == expected.path[h].predicted_tick_delta);
        RC_ASSERT(forecast.path[h].predicted_spot_tick == expected.path[h].predicted_spot_tick);
        RC_ASSERT(forecast.path[h].confidence == expected.path[h].confidence);
    }
}

struct Case {
    market::Grid grid;
    std::optional<market::Grid> options;
    Sampling sampling = Sampling::ahead;
    Parameters parameters;
    Second second;
};

void expect_the_plain_forecast(const Case& c, const OwnFields& fields, const std::vector<double>& obstacles) {
    Forecaster forecaster(c.grid, c.options, c.sampling);
    testing::PlainSecond plain = testing::plain_second(c.second, fields.view(), c.grid, c.parameters);
    plain.literal = c.sampling == Sampling::literal;
    if (c.options) plain.option_obstacles = testing::plain_obstacles(obstacles, *c.options);
    expect_same(forecaster.forecast(c.second, fields.view(), obstacles, c.parameters),
                testing::PlainForecast(plain).run());
}

// Grids narrower than the reach of walls, as wide, equities', futures', and wider than a path can come.
const std::vector<int> kHalfWidths{1, 2, 16, 40, 63, 64, 65, 100, 143, 144, 145, 146, 200};

RC_GTEST_PROP(Forecaster, IsThePlainForecast, (std::uint64_t seed)) {
    std::mt19937_64 random(seed);
    const auto uniform = [&](double from, double to) {
        return std::uniform_real_distribution<>(from, to)(random);
    };
    Case c{.grid = testing::prices_to(*rc::gen::elementOf(kHalfWidths)),
           .options = {},
           .sampling = *rc::gen::element(Sampling::ahead, Sampling::literal),
           .parameters = {.beta = uniform(0.0, 6.0), .gamma = uniform(0.0, 1.0)},
           .second = testing::valid_second(*rc::gen::inRange(-12, 13))};
    const OwnFields fields =
        testing::random_fields(random, c.grid.half_width_ticks, *rc::gen::element(0.1, 1.0, 30.0));
    std::vector<double> obstacles;
    if (*rc::gen::arbitrary<bool>()) {
        const int step = *rc::gen::element(1, 2, 20, 30);
        c.options = testing::strikes_to(step * *rc::gen::inRange(1, 200 / step + 2), step);
        obstacles = testing::random_obstacles(random, static_cast<std::size_t>(c.options->rows_per_side()));
    }
    expect_the_plain_forecast(c, fields, obstacles);
}

RC_GTEST_PROP(Forecaster, OfAnEquityIsThePlainForecast, (std::uint64_t seed)) {
    std::mt19937_64 random(seed);
    Case c{.grid = market::product_of(market::ProductType::equity_mbo).grid,
           .options = {},
           .parameters = {},
           .second = testing::valid_second(4)};
    c.second.spot_ref_price_int = 475'500'000'000;
    c.second.previous_spot_ref_price_int = 475'000'000'000;
    expect_the_plain_forecast(c, testing::random_fields(random, c.grid.half_width_ticks), {});
}

TEST(Forecaster, OneForecastLeavesNothingBehind) {
    std::mt19937_64 random(5);
    const OwnFields first = testing::random_fields(random, 200);
    const OwnFields second = testing::random_fields(random, 200);
    const auto strikes = testing::strikes_to(200, 20);
    const std::vector<double> obstacles = testing::random_obstacles(random, 21);
    Forecaster used(testing::prices_to(200), strikes);
    used.forecast(testing::valid_second(3), first.view(), obstacles, {});
    used.forecast({}, {}, {}, {});
    Forecaster fresh(testing::prices_to(200), strikes);
    EXPECT_EQ(used.forecast(testing::valid_second(-2), second.view(), {}, {}),
              fresh.forecast(testing::valid_second(-2), second.view(), {}, {}));
}

TEST(Forecaster, OptionsNotGivenAreOptionsOfNoObstacle) {
    std::mt19937_64 random(6);
    const OwnFields fields = testing::random_fields(random, 200);
    Forecaster with(testing::prices_to(200), testing::strikes_to(200, 20));
    Forecaster without(testing::prices_to(200));
    const Forecast1s expected = without.forecast(testing::valid_second(1), fields.view(), {}, {});
    EXPECT_EQ(with.forecast(testing::valid_second(1), fields.view(), {}, {}), expected);
    const std::vector<double> nothing(21, 0.0);
    EXPECT_EQ(with.forecast(testing::valid_second(1), fields.view(), nothing, {}), expected);
}

TEST(Forecaster, ASecondThatIsNotValidOrWithoutSpotIsNotForecast) {
    std::mt19937_64 random(7);
    const OwnFields fields = testing::random_fields(random, 200);
    Forecaster forecaster(testing::prices_to(200));
    Forecast1s nothing;
    nothing.window_end_ts_ns = testing::kEnd;
    Second second = testing::valid_second(3);
    ASSERT_TRUE(forecaster.forecast(second, fields.view(), {}, {}).given);
    second.valid = false;
    EXPECT_EQ(forecaster.forecast(second, fields.view(), {}, {}), nothing);
    EXPECT_EQ(forecaster.forecast(second, {}, {}, {}), nothing);
    for (const std::int64_t spot : {std::int64_t{0}, std::int64_t{-1}}) {
        second.valid = true;
        second.spot_ref_price_int = spot;
        EXPECT_EQ(forecaster.forecast(second, fields.view(), {}, {}), nothing);
    }
}

TEST(Forecaster, WithoutASecondBeforeThePathStartsAtRest) {
    std::mt19937_64 random(8);
    const OwnFields fields = testing::random_fields(random, 200);
    Forecaster forecaster(testing::prices_to(200));
    Second second = testing::valid_second();
    const Forecast1s at_rest = forecaster.forecast(second, fields.view(), {}, {});
    EXPECT_EQ(at_rest.velocity, 0.0);
    second.previous_spot_ref_price_int = 0;
    EXPECT_EQ(forecaster.forecast(second, fields.view(), {}, {}), at_rest);
}

TEST(Forecaster, AMovedForecasterGoesOn) {
    std::mt19937_64 random(9);
    const OwnFields fields = testing::random_fields(random, 64);
    Forecaster first(testing::prices_to(64));
    const Forecast1s expected = first.forecast(testing::valid_second(1), fields.view(), {}, {});
    Forecaster second = std::move(first);
    EXPECT_EQ(second.forecast(testing::valid_second(1), fields.view(), {}, {}), expected);
}

TEST(OptionObstacles, AreSummedOverRightAndSideAtAStrike) {
    const market::Grid strikes = testing::strikes_to(40, 20);
    physics::PhysicsSurface1s surface(strikes, physics::Axis::strikes);
    std::vector<double>& omega = surface[physics::Field::Omega];
    ASSERT_EQ(omega.size(), 20U);
    for (std::size_t row = 0; row < omega.size(); ++row)
        omega[row] = std::pow(10.0, static_cast<double>(row / 5)) * static_cast<double>(row % 5);
    std::vector<double> by_strike(5, -1.0);
    sum_option_obstacles(surface, by_strike);
    EXPECT_EQ(by_strike, (std::vector<double>{0.0, 1111.0, 2222.0, 3333.0, 4444.0}));
}

}  // namespace
}  // namespace spymaster::forecast
