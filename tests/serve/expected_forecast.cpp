#include "expected_forecast.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "serve/arrow_streams.hpp"

namespace spymaster::serve {

namespace {

std::vector<double> obstacles_of(const SmallChain& chain, std::int64_t k) {
    std::vector<double> sums;
    for (int x = -chain.half_width; x <= chain.half_width; x += chain.step) {
        const auto row = [&](char right, char side) { return obstacle_of(chain, k, right, side, x); };
        sums.push_back(((row('C', 'A') + row('C', 'B')) + row('P', 'A')) + row('P', 'B'));
    }
    return sums;
}

}  // namespace

bool covers(const SmallChain& chain, const SmallSession& session) {
    for (std::int64_t k = 0; k < session.windows; ++k)
        if (!has_options(chain, k)) return false;
    return true;
}

forecast::Forecast1s forecast_of(const SmallSession& session, const SmallChain* chain, std::int64_t k,
                                 const forecast::Parameters& parameters) {
    auto grid = market::product_of(session.product).grid;
    grid.half_width_ticks = session.half_width;
    std::map<std::string_view, std::vector<double>> fields;
    for (const char side : {'A', 'B'}) {
        for (int x = -session.half_width; x <= session.half_width; ++x) {
            for (const auto* name : {"u_near", "u_p_slow"}) fields[name].push_back(cell_of(k, side, x, name));
            for (std::size_t field = 0; field < kVelocityFields.size(); ++field)
                fields[kVelocityFields[field]].push_back(field_of(session, k, side, x, field));
        }
    }
    std::optional<market::Grid> options;
    std::vector<double> obstacles;
    if (chain != nullptr && session.product == market::ProductType::future_mbo) {
        options = market::product_of(market::ProductType::future_option_mbo).grid;
        options->half_width_ticks = chain->half_width;
        options->step_ticks = chain->step;
        obstacles = obstacles_of(*chain, k);
    }
    const forecast::Second second{end_of(session, k), spot_of(session, k),
                                  k > 0 ? spot_of(session, k - 1) : 0, valid_of(k) && window_valid_of(k)};
    forecast::Forecaster forecaster(grid, options);
    return forecaster.forecast(
        second, {fields["u_near"], fields["u_p_slow"], fields["Omega"], fields["pressure_grad"]}, obstacles,
        parameters);
}

void append_rows(ArrowTable& table, const forecast::Forecast1s& forecast) {
    const std::size_t rows = forecast.given ? 31 : 1;
    const std::size_t before = table.integers["horizon_s"].size();
    for (std::size_t row = 0; row < rows; ++row) {
        const bool scores = forecast.given && row == 0;
        const bool path = forecast.given && row > 0;
        const auto step = path ? forecast.path[row - 1] : forecast::PathStep{};
        const auto real = [&](const char* name, bool there, double value) {
            table.reals[name].push_back(there ? value : 0.0);
            if (!there) table.nulls[name].push_back(before + row);
        };
        const auto integer = [&](const char* name, bool there, std::int64_t value) {
            table.integers[name].push_back(there ? value : 0);
            if (!there) table.nulls[name].push_back(before + row);
        };
        integer("window_end_ts_ns", true, forecast.window_end_ts_ns);
        integer("horizon_s", true, static_cast<std::int64_t>(row));
        integer("predicted_spot_tick", path, step.predicted_spot_tick);
        integer("predicted_tick_delta", path, step.predicted_tick_delta);
        real("confidence", path, step.confidence);
        real("RunScore_up", scores, forecast.up.run_score);
        real("RunScore_down", scores, forecast.down.run_score);
        integer("D_up", scores, forecast.up.D);
        integer("D_down", scores, forecast.down.D);
    }
}

void expect_forecast(const ArrowTable& surface, const forecast::Forecast1s& forecast) {
    ArrowTable expected;
    append_rows(expected, forecast);
    EXPECT_EQ(surface.integers, expected.integers);
    EXPECT_EQ(surface.reals, expected.reals);
    EXPECT_EQ(surface.nulls, expected.nulls);
    EXPECT_EQ(surface.batch_rows, std::vector<std::int64_t>{forecast.given ? 31 : 1});
}

}  // namespace spymaster::serve
