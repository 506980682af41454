// Calibrations for tests, made up.
#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <string>

#include "pipeline/calibration/calibration_store.hpp"
#include "temporary_lake.hpp"

namespace spymaster::pipeline {

// One that was trained on two days, until this instant; every number needs all of its digits.
inline StoredCalibration awkward_calibration(const std::string& symbol, std::int64_t trained_until_ns) {
    StoredCalibration stored;
    stored.product_type = "future_mbo";
    stored.symbol = symbol;
    stored.session = "09:30-12:30";
    forecast::PathFit& path = stored.calibration.path;
    path.parameters = {0.1 + 0.2, 1.0 / 3.0};
    path.a = std::nextafter(2.0 / 3.0, 1.0);
    path.b = -std::numeric_limits<double>::denorm_min();
    path.a_std_error = std::numeric_limits<double>::min();
    path.b_std_error = std::numeric_limits<double>::max();
    path.r_squared = -0.0;
    path.samples = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = 0; i < forecast::kStudyHorizons.size(); ++i) {
        stored.calibration.order_flow.slope[i] = -1e-3 / (1.0 + static_cast<double>(i));
        stored.calibration.order_flow.slope_std_error[i] = 1e-300 * static_cast<double>(i);
        stored.calibration.order_flow.samples[i] = static_cast<std::int64_t>(i);
    }
    double value = 0.1;
    for (auto& spread : stored.calibration.micro_price.adjustment)
        for (double& adjustment : spread) adjustment = (value *= -1.1);
    stored.calibration.micro_price.samples = 12;
    stored.calibration.confidence_scale = {
        .edges = {0.0, 0.0, std::numeric_limits<double>::denorm_min(), 1e-300, 1.0 / 3.0, 1.0 / 3.0,
                  0.1 + 0.7, std::nextafter(1.0, 0.0), 1.0},
        .forecasts = 1'234'567};
    const std::string hash(64, 'a');
    constexpr std::int64_t kDay = 86'400'000'000'000;
    for (const std::int64_t before : {kDay, std::int64_t{0}}) {
        const std::int64_t last = trained_until_ns - before;
        stored.days.push_back({.symbol = "ESH6",
                               .date = market::utc_date(last),
                               .first_window_end_ts_ns = last - 600'000'000'000,
                               .last_window_end_ts_ns = last,
                               .samples = 17,
                               .manifests = {{"gold.future_mbo.physics_surface_1s", hash}}});
    }
    stored.contracts = {{"gold.future_mbo.physics_surface_1s", hash},
                        {"silver.future_mbo.book_snapshot_1s", hash}};
    stored.engine_sha256 = std::string(64, '0');
    return stored;
}

inline void expect_same_bits(double a, double b) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(a), std::bit_cast<std::uint64_t>(b)) << a << " " << b;
}

inline void expect_equal(const StoredCalibration& a, const StoredCalibration& b) {
    EXPECT_EQ(a.product_type, b.product_type);
    EXPECT_EQ(a.symbol, b.symbol);
    EXPECT_EQ(a.session, b.session);
    const forecast::PathFit &x = a.calibration.path, &y = b.calibration.path;
    expect_same_bits(x.parameters.beta, y.parameters.beta);
    expect_same_bits(x.parameters.gamma, y.parameters.gamma);
    expect_same_bits(x.a, y.a);
    expect_same_bits(x.b, y.b);
    expect_same_bits(x.a_std_error, y.a_std_error);
    expect_same_bits(x.b_std_error, y.b_std_error);
    expect_same_bits(x.r_squared, y.r_squared);
    EXPECT_EQ(x.samples, y.samples);
    for (std::size_t i = 0; i < forecast::kStudyHorizons.size(); ++i) {
        expect_same_bits(a.calibration.order_flow.slope[i], b.calibration.order_flow.slope[i]);
        expect_same_bits(a.calibration.order_flow.slope_std_error[i],
                         b.calibration.order_flow.slope_std_error[i]);
        EXPECT_EQ(a.calibration.order_flow.samples[i], b.calibration.order_flow.samples[i]);
    }
    for (std::size_t spread = 0; spread < a.calibration.micro_price.adjustment.size(); ++spread)
        for (std::size_t state = 0; state < a.calibration.micro_price.adjustment[spread].size(); ++state)
            expect_same_bits(a.calibration.micro_price.adjustment[spread][state],
                             b.calibration.micro_price.adjustment[spread][state]);
    EXPECT_EQ(a.calibration.micro_price.samples, b.calibration.micro_price.samples);
    EXPECT_EQ(a.calibration.confidence_scale, b.calibration.confidence_scale);
    ASSERT_EQ(a.days.size(), b.days.size());
    for (std::size_t i = 0; i < a.days.size(); ++i) {
        EXPECT_EQ(a.days[i].symbol, b.days[i].symbol);
        EXPECT_EQ(a.days[i].date, b.days[i].date);
        EXPECT_EQ(a.days[i].first_window_end_ts_ns, b.days[i].first_window_end_ts_ns);
        EXPECT_EQ(a.days[i].last_window_end_ts_ns, b.days[i].last_window_end_ts_ns);
        EXPECT_EQ(a.days[i].samples, b.days[i].samples);
        EXPECT_EQ(a.days[i].manifests, b.days[i].manifests);
    }
    EXPECT_EQ(a.contracts, b.contracts);
    EXPECT_EQ(a.engine_sha256, b.engine_sha256);
}

}  // namespace spymaster::pipeline
