#include "stream_window.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "expected_forecast.hpp"
#include "serve/arrow_streams.hpp"

namespace spymaster::serve {

namespace {

using Json = nlohmann::json;
using Strings = std::vector<std::string>;

}  // namespace

Window read_window(StreamSocket& stream) {
    Window window;
    auto message = stream.read();
    if (message.opcode != 1 || Json::parse(message.payload)["type"] != "batch_start") {
        window.instead = message;
        return window;
    }
    const auto start = Json::parse(message.payload);
    EXPECT_TRUE(start["window_end_ts_ns"].is_string());
    EXPECT_EQ(start["surfaces"], (Json{"snap", "velocity", "options", "forecast"}));
    EXPECT_TRUE(start.contains("calibration"));
    if (start["calibration"].is_string()) window.calibration = start["calibration"];
    window.forecast_problem = start.value("forecast_problem", "");
    window.end = std::stoll(start["window_end_ts_ns"].get<std::string>());
    window.bytes = message.bytes;
    for (auto* surface : {&window.snap, &window.velocity, &window.options, &window.forecast}) {
        const char* name = surface == &window.snap       ? "snap"
                           : surface == &window.velocity ? "velocity"
                           : surface == &window.options  ? "options"
                                                         : "forecast";
        message = stream.read();
        EXPECT_EQ(message.opcode, 1);
        EXPECT_EQ(message.payload, R"({"type":"surface_header","surface":")" + std::string(name) + "\"}");
        window.bytes += message.bytes;
        message = stream.read();
        EXPECT_EQ(message.opcode, 2);
        *surface = read_arrow(message.payload);
        EXPECT_EQ(surface->error, "");
        EXPECT_TRUE(surface->nulls.empty() || surface == &window.forecast);
        window.bytes += message.bytes;
    }
    return window;
}

void expect_schemas(const Window& window) {
    EXPECT_EQ(window.snap.schema, (Strings{"window_end_ts_ns int64", "mid_price double",
                                           "spot_ref_price_int int64", "book_valid bool"}));
    EXPECT_EQ(window.velocity.schema,
              (Strings{"window_end_ts_ns int64", "spot_ref_price_int int64", "rel_ticks int32", "side string",
                       "liquidity_velocity double", "rho double", "nu double", "kappa double",
                       "pressure_grad double", "u_wave_energy double", "Omega double"}));
    EXPECT_EQ(window.options.schema, (Strings{"window_end_ts_ns int64", "spot_ref_price_int int64",
                                              "rel_ticks int32", "liquidity_velocity double"}));
    EXPECT_EQ(window.forecast.schema,
              (Strings{"window_end_ts_ns int64", "horizon_s int32", "predicted_spot_tick int64",
                       "predicted_tick_delta int64", "confidence double", "RunScore_up double",
                       "RunScore_down double", "D_up int32", "D_down int32"}));
}

ArrowTable options_table(const SmallSession& session, const SmallChain* chain, std::int64_t k) {
    ArrowTable table;
    if (chain == nullptr || !has_options(*chain, k)) return table;
    for (int x = -chain->half_width; x <= chain->half_width; x += chain->step) {
        table.integers["window_end_ts_ns"].push_back(end_of(session, k));
        table.integers["spot_ref_price_int"].push_back(spot_of(session, k));
        table.integers["rel_ticks"].push_back(x);
        const auto row = [&](char right, char side) { return option_velocity_of(*chain, k, right, side, x); };
        table.reals["liquidity_velocity"].push_back(((row('C', 'A') + row('C', 'B')) + row('P', 'A')) +
                                                    row('P', 'B'));
    }
    return table;
}

void expect_values(const Window& window, const SmallSession& session, std::int64_t k, int shown_width,
                   const SmallChain* chain) {
    ASSERT_EQ(window.end, end_of(session, k));
    auto snap = window.snap;
    EXPECT_EQ(snap.integers["window_end_ts_ns"], std::vector<std::int64_t>{end_of(session, k)});
    EXPECT_EQ(snap.integers["spot_ref_price_int"], std::vector<std::int64_t>{spot_of(session, k)});
    EXPECT_EQ(snap.integers["book_valid"], std::vector<std::int64_t>{valid_of(k) ? 1 : 0});
    EXPECT_EQ(snap.reals["mid_price"], std::vector<double>{mid_of(session, k)});

    ArrowTable expected;
    for (const char side : {'A', 'B'}) {
        for (int x = -shown_width; x <= shown_width && k != session.empty_window; ++x) {
            expected.integers["window_end_ts_ns"].push_back(end_of(session, k));
            expected.integers["spot_ref_price_int"].push_back(spot_of(session, k));
            expected.integers["rel_ticks"].push_back(x);
            expected.texts["side"].emplace_back(1, side);
            for (std::size_t field = 0; field < kVelocityFields.size(); ++field) {
                expected.reals[std::string(kVelocityFields[field])].push_back(
                    field_of(session, k, side, x, field));
            }
        }
    }
    EXPECT_EQ(window.velocity.integers, expected.integers);
    EXPECT_EQ(window.velocity.texts, expected.texts);
    EXPECT_EQ(window.velocity.reals, expected.reals);
    const auto options = options_table(session, chain, k);
    EXPECT_EQ(window.options.integers, options.integers);
    EXPECT_EQ(window.options.reals, options.reals);
    EXPECT_EQ(window.options.batch_rows.size(), options.reals.empty() ? 0U : 1U);
    EXPECT_EQ(window.calibration, "");
    const bool obstacles = chain != nullptr && session.product == market::ProductType::future_mbo;
    if (obstacles && !covers(*chain, session)) {
        EXPECT_NE(window.forecast_problem, "");
        EXPECT_TRUE(window.forecast.batch_rows.empty());
    } else {
        EXPECT_EQ(window.forecast_problem, "");
        expect_forecast(window.forecast, forecast_of(session, chain, k));
    }
}

}  // namespace spymaster::serve
