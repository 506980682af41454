// The regression behind beta and gamma (spec 5.9): by hand, against a plain evaluation that keeps its samples, and whether its
// errors tell the truth.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "study_days.hpp"

namespace spymaster::forecast::testing {
namespace {

using ::testing::HasSubstr;

PathFit fit_of(std::initializer_list<StudyDay> days) {
    PathRegression regression;
    for (const StudyDay& day : days) regression.add(day);
    return regression.fit().value();
}

StudyDay with_drives(StudyDay day, std::initializer_list<double> drives) {
    auto second = day.seconds.begin();
    for (const double drive : drives) (second++)->drive = drive;
    return day;
}

TEST(PathRegression, IsWhatTheHandComputes) {
    // (x1, x2, y): (1, 1, 2), (2, -1, -1), so S11 5, S12 -1, S22 2, S1y 0, S2y 3 and D 9.
    const PathFit fit = fit_of({with_drives(day_of(std::array<std::int64_t, 4>{0, 1, 3, 2}), {9, 1, -1, 9})});
    EXPECT_EQ(fit.samples, 2);
    EXPECT_EQ(fit.a, 3.0 / 9.0);
    EXPECT_EQ(fit.b, 15.0 / 9.0);
    EXPECT_EQ(fit.parameters.gamma, 1.0 - 3.0 / 9.0);
    EXPECT_EQ(fit.parameters.beta, 15.0 / 9.0);
    EXPECT_NEAR(fit.r_squared, 1.0, 1e-15) << "two numbers through two samples";
    EXPECT_EQ(fit.a_std_error, 0.0) << "nothing to tell an error from";
    EXPECT_EQ(fit.b_std_error, 0.0);
}

TEST(PathRegression, WithoutPushFitsTheMoveAlone) {
    // Pairs (1, 2), (2, -1), (-1, 1): S11 6, S1y -1.
    const PathFit still = fit_of({day_of(std::array<std::int64_t, 5>{0, 1, 3, 2, 3})});
    EXPECT_EQ(still.a, -1.0 / 6.0);
    EXPECT_EQ(still.b, 0.0);
    EXPECT_EQ(still.b_std_error, 0.0);
    // e: 2 + 1/6, -1 + 2/6, 1 - 1/6; sum x1x1 e2 over S11 squared, times 3/2.
    EXPECT_NEAR(still.a_std_error, std::sqrt(1.5 * (169.0 / 36 + 4 * 16.0 / 36 + 25.0 / 36)) / 6.0, 1e-15);
    EXPECT_EQ(still.parameters.gamma, 1.0) << "a below 0";
    EXPECT_EQ(still.parameters.beta, 0.0);
    // A push that is nothing but the last move says no more than it: D is 0 too.
    const PathFit echo =
        fit_of({with_drives(day_of(std::array<std::int64_t, 5>{0, 1, 3, 2, 3}), {0, 2, 4, -2, 0})});
    EXPECT_EQ(echo.a, still.a);
    EXPECT_EQ(echo.b, 0.0);
}

TEST(PathRegression, ParametersStayWithinTheirRange) {
    // Faster and faster against the push: a above 1, b below 0.
    const PathFit fit =
        fit_of({with_drives(day_of(std::array<std::int64_t, 6>{0, 1, 3, 7, 16, 33}), {0, -1, 1, -2, 1, 0})});
    EXPECT_GT(fit.a, 1.0);
    EXPECT_LT(fit.b, 0.0);
    EXPECT_EQ(fit.parameters.gamma, 0.0);
    EXPECT_EQ(fit.parameters.beta, 0.0);
}

TEST(PathRegression, RefusesWhatCannotBeFitted) {
    PathRegression nothing;
    nothing.add(day_of(std::array<std::int64_t, 2>{1, 2}));
    EXPECT_EQ(nothing.samples(), 0);
    EXPECT_THAT(nothing.fit().error().message, HasSubstr("three valid seconds in a row"));
    PathRegression frozen;
    frozen.add(with_drives(day_of(std::array<std::int64_t, 4>{5, 5, 5, 6}), {1, 1, 1, 1}));
    EXPECT_THAT(frozen.fit().error().message, HasSubstr("in 2 samples the spot never moved"));
    PathRegression endless;
    endless.add(
        with_drives(day_of(std::array<std::int64_t, 5>{5, 6, 5, 6, 4}), {1e200, 1e200, -1e200, 1e200, 0}));
    EXPECT_THAT(endless.fit().error().message, HasSubstr("too large to sum"));
}

TEST(PathRegression, NeverStraddlesDaysOrGaps) {
    const std::array<std::int64_t, 6> spots{0, 1, 3, 2, 5, 4};
    PathRegression halves;
    halves.add(day_of(std::span(spots).first(3), 0));
    halves.add(day_of(std::span(spots).last(3), 1));
    EXPECT_EQ(halves.samples(), 2) << "one a half; the whole has four";
    StudyDay gap = day_of(spots);
    gap.seconds.erase(gap.seconds.begin() + 3);
    PathRegression around;
    around.add(gap);
    EXPECT_EQ(around.samples(), 1) << "only 0 1 3 are three in a row";
}

TEST(PathRegression, WhatStandsInInvalidSecondsDoesNotMatter) {
    Noise noise(3);
    StudyDay day = planted({}, 300, 0, noise);
    std::mt19937_64 one(1), other(2);
    StudyDay again = day;
    for (std::size_t i = 0; i < day.seconds.size(); i += 7)
        spoil(day.seconds[i], one), spoil(again.seconds[i], other);
    const PathFit a = fit_of({day});
    const PathFit b = fit_of({again});
    EXPECT_EQ(a.samples, b.samples);
    EXPECT_EQ(a.samples, 4 * 42 + 3)
        << "of seven seconds in a row six are valid, four of them with both neighbours";
    EXPECT_EQ(a.a, b.a);
    EXPECT_EQ(a.b, b.b);
    EXPECT_EQ(a.a_std_error, b.a_std_error);
}

// With the samples kept: normal equations in long double, White's errors from the residuals themselves.
struct PlainFit {
    long double a = 0, b = 0, a_std_error = 0, b_std_error = 0, r_squared = 0;
};

PlainFit plain_fit(const StudyDay& day) {
    struct Row {
        long double x1, x2, y;
    };
    std::vector<Row> rows;
    for (std::size_t i = 1; i + 1 < day.seconds.size(); ++i) {
        const auto* s = &day.seconds[i];
        rows.push_back({static_cast<long double>(s[0].spot_tick - s[-1].spot_tick), s[0].drive,
                        static_cast<long double>(s[1].spot_tick - s[0].spot_tick)});
    }
    // Gram-Schmidt: x2 without its share of x1, so that each coefficient comes out by itself.
    long double s11 = 0, s12 = 0, q22 = 0, q2y = 0, s1y = 0, syy = 0, left = 0;
    for (const Row& r : rows) s11 += r.x1 * r.x1, s12 += r.x1 * r.x2, s1y += r.x1 * r.y, syy += r.y * r.y;
    const long double share = s12 / s11;
    for (const Row& r : rows) {
        const long double q = r.x2 - share * r.x1;
        q22 += q * q, q2y += q * r.y;
    }
    PlainFit fit;
    fit.b = q2y / q22;
    fit.a = s1y / s11 - fit.b * share;
    // The influence of a sample on a and on b.
    long double var_a = 0, var_b = 0;
    for (const Row& r : rows) {
        const long double e = r.y - fit.a * r.x1 - fit.b * r.x2;
        const long double on_b = (r.x2 - share * r.x1) / q22;
        const long double on_a = r.x1 / s11 - share * on_b;
        var_a += on_a * on_a * e * e, var_b += on_b * on_b * e * e, left += e * e;
    }
    const auto n = static_cast<long double>(rows.size());
    fit.a_std_error = std::sqrt(var_a * n / (n - 2));
    fit.b_std_error = std::sqrt(var_b * n / (n - 2));
    fit.r_squared = 1 - left / syy;
    return fit;
}

TEST(PathRegression, IsTheSameAsWithSamplesKept) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Noise noise(seed);
        StudyDay day =
            planted({.a = noise.unit() - 0.3, .b = 2 * noise.unit() - 1, .decay = 0.8}, 400, 0, noise);
        // Whatever the scale of the push: fields have none of their own.
        const double scale = std::pow(10.0, static_cast<double>(seed % 13) - 6.0);
        for (Observation& second : day.seconds) second.drive *= scale;
        const PathFit fit = fit_of({day});
        const PlainFit plain = plain_fit(day);
        const auto expect_near = [&](double value, long double expected) {
            EXPECT_NEAR(value, static_cast<double>(expected), 1e-10 * std::abs(static_cast<double>(expected)))
                << "seed " << seed;
        };
        expect_near(fit.a, plain.a);
        expect_near(fit.b, plain.b);
        expect_near(fit.a_std_error, plain.a_std_error);
        expect_near(fit.b_std_error, plain.b_std_error);
        expect_near(fit.r_squared, plain.r_squared);
    }
}

TEST(PathRegression, FindsWhatWasPlantedAndItsErrorsAreHonest) {
    constexpr int kMarkets = 200;
    const Planted truth;
    double a_squares = 0.0, b_squares = 0.0;
    int a_within = 0, b_within = 0;
    for (std::uint64_t seed = 1; seed <= kMarkets; ++seed) {
        Noise noise(seed);
        const PathFit fit = fit_of({planted(truth, 600, 0, noise), planted(truth, 600, 1, noise)});
        const double a_off = (fit.a - truth.a) / fit.a_std_error;
        const double b_off = (fit.b - truth.b) / fit.b_std_error;
        a_squares += a_off * a_off, b_squares += b_off * b_off;
        a_within += std::abs(a_off) < 1.96 ? 1 : 0, b_within += std::abs(b_off) < 1.96 ? 1 : 0;
    }
    // Off by one error in the mean square, and by less than two of them 95 times of 100. Errors that took the
    // noise to be even would be a quarter too small for b, as it is the lively seconds that b is told by.
    EXPECT_NEAR(a_squares / kMarkets, 1.0, 0.25);
    EXPECT_NEAR(b_squares / kMarkets, 1.0, 0.25);
    EXPECT_NEAR(a_within, 0.95 * kMarkets, 8);
    EXPECT_NEAR(b_within, 0.95 * kMarkets, 8);
}

TEST(Calibrator, DoesNotSeeLaterDays) {
    Noise noise(5);
    const StudyDay first = planted({}, 300, 0, noise);
    const StudyDay second = planted({.b = 2.0}, 300, 1, noise);
    Calibrator both;
    both.add(first);
    const Calibration prefix = both.fit().value();
    both.add(second);
    Calibrator alone;
    alone.add(first);
    const Calibration expected = alone.fit().value();
    EXPECT_EQ(prefix.path.a, expected.path.a);
    EXPECT_EQ(prefix.path.b, expected.path.b);
    EXPECT_EQ(prefix.path.b_std_error, expected.path.b_std_error);
    EXPECT_EQ(prefix.order_flow.slope, expected.order_flow.slope);
    EXPECT_EQ(prefix.micro_price.adjustment, expected.micro_price.adjustment);
    EXPECT_EQ(both.samples(), 2 * 298);
    EXPECT_NE(both.fit().value().path.b, prefix.path.b);
}

}  // namespace
}  // namespace spymaster::forecast::testing
