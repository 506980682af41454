// The forecast over real sockets: stream, range answer, calibrations and explanation.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <thread>

#include <nlohmann/json.hpp>

#include "expected_forecast.hpp"
#include "stream_window.hpp"

namespace spymaster::serve {
namespace {

using Json = nlohmann::json;
using market::ProductType;

constexpr forecast::Parameters kFitted{.beta = 40.0, .gamma = 0.625};
constexpr const char* kStill = "/v1/velocity/stream?skip_minutes=0&speed=1e-3";

std::string query_of(const SmallSession& session) {
    return "symbol=" + session.symbol + "&dt=" + session.date.iso();
}

std::string range_of(const SmallSession& session, std::int64_t from, std::int64_t to) {
    return "/v1/forecast.arrow?" + query_of(session) + "&start=" + std::to_string(end_of(session, from)) +
           "&end=" + std::to_string(end_of(session, to));
}

std::string explain_of(const SmallSession& session, std::int64_t k) {
    return "/v1/forecast/explain?" + query_of(session) +
           "&window_end_ts_ns=" + std::to_string(end_of(session, k));
}

double windows_with(const RunningServer& server, const std::string& forecast) {
    return server.metric("spymaster_forecast_windows_total{forecast=\"" + forecast + "\"}");
}

// A calibration is called after the moment its training ended.
std::string name_at(std::int64_t ts_ns) {
    std::string name = market::format_utc(ts_ns);
    std::erase_if(name, [](char c) { return c == '-' || c == ':'; });
    return name;
}

TEST(Forecast, IsThatOfTheEngineWithAndWithoutOptions) {
    const SmallSession session{.windows = 30, .half_width = 200, .empty_window = 9};
    const SmallChain chain{.half_width = 200, .seed = 1};
    for (const auto* options : {static_cast<const SmallChain*>(nullptr), &chain}) {
        const TemporaryLake lake;
        lake.write(session);
        if (options != nullptr) lake.write_options(session, *options);
        const RunningServer server(lake.open());
        StreamSocket stream(server.port(), kAll);
        std::int64_t given = 0;
        std::int64_t moving = 0;
        for (std::int64_t k = 0; k < session.windows; ++k) {
            const auto window = read_window(stream);
            EXPECT_EQ(window.forecast_problem, "");
            const auto expected = forecast_of(session, options, k);
            expect_forecast(window.forecast, expected);
            EXPECT_EQ(expected.given, k != 9 && valid_of(k) && window_valid_of(k));
            given += expected.given ? 1 : 0;
            moving += expected.path.back().predicted_tick_delta != 0 ? 1 : 0;
        }
        EXPECT_GT(moving, 5);
        EXPECT_EQ(windows_with(server, "uncalibrated"), static_cast<double>(given));
        EXPECT_EQ(windows_with(server, "invalid"), static_cast<double>(30 - given));
        EXPECT_EQ(windows_with(server, "calibrated"), 0.0);
        EXPECT_EQ(windows_with(server, "failed"), 0.0);
        EXPECT_EQ(server.metric("spymaster_forecast_seconds_count"), static_cast<double>(given));
    }
}

// Options change what is forecast, so that the test above could tell.
TEST(Forecast, SeesTheObstaclesOfOptions) {
    const SmallSession session{.windows = 12, .half_width = 200};
    const SmallChain chain{.half_width = 200};
    int differ = 0;
    for (std::int64_t k = 0; k < session.windows; ++k)
        differ += forecast_of(session, nullptr, k) == forecast_of(session, &chain, k) ? 0 : 1;
    EXPECT_GT(differ, 3);
}

TEST(Forecast, OfSharesTakesNoObstaclesFromQuotedOptions) {
    const TemporaryLake lake;
    const SmallSession session{
        .symbol = "SPY", .windows = 8, .half_width = 100, .product = ProductType::equity_mbo};
    lake.write(session);
    lake.write_options(session, {.half_width = 50, .step = 2});
    const RunningServer server(lake.open());
    StreamSocket stream(server.port(), std::string(kAll) + "&symbol=SPY");
    for (std::int64_t k = 0; k < session.windows; ++k)
        expect_forecast(read_window(stream).forecast, forecast_of(session, nullptr, k));
}

// What is beyond the ticks that are streamed still counts: the whole grid is seen.
TEST(Forecast, SeesAGridWiderThanWhatIsStreamed) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 4, .half_width = 450};
    lake.write(session);
    const RunningServer server(lake.open());
    StreamSocket stream(server.port(), kAll);
    for (std::int64_t k = 0; k < session.windows; ++k)
        expect_forecast(read_window(stream).forecast, forecast_of(session, nullptr, k));
}

TEST(Forecast, IsTheSameBytesWhereverTheStreamBegins) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 200, .half_width = 200, .empty_window = 70};
    lake.write(session);
    lake.write_options(session, {.half_width = 200});
    lake.write_calibration("ES", end_of(session, 100), kFitted);
    std::vector<std::string> whole;
    {
        const RunningServer server(lake.open());
        StreamSocket stream(server.port(), kAll);
        for (std::int64_t k = 0; k < session.windows; ++k) whole.push_back(read_window(stream).bytes);
    }
    const RunningServer server(lake.open(), {.cache_bytes = 1});
    StreamSocket stream(server.port(), kStill);
    EXPECT_TRUE(read_window(stream).bytes == whole[0]);
    for (const std::int64_t k : {198, 71, 70, 101, 100, 3, 153}) {
        stream.send_text(R"({"type":"seek","window_end_ts_ns":")" + std::to_string(end_of(session, k)) +
                         R"("})");
        EXPECT_EQ(Json::parse(stream.read().payload)["type"], "state");
        EXPECT_TRUE(read_window(stream).bytes == whole[static_cast<std::size_t>(k)]) << k;
    }
}

TEST(Calibrations, ComeChangeAndGoWithoutARestart) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 6, .half_width = 30};
    const auto trained_until = end_of(session, 0) - 1'000'000'000;
    lake.write(session);
    const RunningServer server(lake.open());
    const auto expect_parameters = [&](const std::string& name, const forecast::Parameters& parameters) {
        StreamSocket stream(server.port(), kAll);
        for (std::int64_t k = 0; k < session.windows; ++k) {
            const auto window = read_window(stream);
            EXPECT_EQ(window.calibration, name);
            expect_forecast(window.forecast, forecast_of(session, nullptr, k, parameters));
        }
        EXPECT_EQ(stream.read().close_code(), 1000);
    };
    expect_parameters("", {});
    const auto path = lake.write_calibration("ES", trained_until, kFitted);
    expect_parameters(name_at(trained_until), kFitted);
    const forecast::Parameters other{.beta = 0.0, .gamma = 0.0};
    lake.write_calibration("ES", trained_until, other);
    expect_parameters(name_at(trained_until), other);
    lake.write_calibration("ESH6", trained_until - 1'000'000'000, kFitted);  // its own goes before its root's
    expect_parameters(name_at(trained_until - 1'000'000'000), kFitted);
    std::filesystem::remove_all(path.parent_path().parent_path());
    expect_parameters("", {});
    EXPECT_GT(windows_with(server, "calibrated"), 0.0);
}

// In force from the first window that ends after the training: never on what it was trained on.
TEST(Calibrations, TakeOverInTheMiddleOfASession) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 12, .half_width = 30};
    const forecast::Parameters later{.beta = 7.0, .gamma = 0.125};
    lake.write(session);
    lake.write_calibration("ES", end_of(session, 3), kFitted);
    lake.write_calibration("ES", end_of(session, 8) - 1, later);
    lake.write_calibration("ES", end_of(session, 11), kFitted);
    const RunningServer server(lake.open());
    StreamSocket stream(server.port(), kAll);
    for (std::int64_t k = 0; k < session.windows; ++k) {
        const auto window = read_window(stream);
        const auto parameters = k <= 3 ? forecast::Parameters{} : k < 8 ? kFitted : later;
        EXPECT_EQ(window.calibration, k <= 3  ? ""
                                      : k < 8 ? name_at(end_of(session, 3))
                                              : name_at(end_of(session, 8) - 1));
        expect_forecast(window.forecast, forecast_of(session, nullptr, k, parameters));
        const auto explained = Json::parse(request(server.port(), explain_of(session, k)).body);
        EXPECT_EQ(explained["parameters"]["beta"], parameters.beta);
        EXPECT_EQ(explained["calibration"].is_null(), k <= 3);
    }
    const auto listed =
        Json::parse(request(server.port(), "/v1/calibration?" + query_of(session)).body)["calibrations"];
    ASSERT_EQ(listed.size(), 2U);  // the third is never in force here
    EXPECT_EQ(listed[0]["name"], name_at(end_of(session, 3)));
    EXPECT_EQ(listed[1]["name"], name_at(end_of(session, 8) - 1));
}

// Streams, ranges and explanations from several threads while the calibration is replaced: every forecast is made with
// the parameters of one of the two, and says so.
TEST(Calibrations, AreReplacedUnderManyClients) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 70, .half_width = 30};
    const auto trained_until = end_of(session, 0) - 1'000'000'000;
    const forecast::Parameters sets[]{kFitted, {.beta = 3.0, .gamma = 0.0}};
    lake.write(session);
    lake.write_calibration("ES", trained_until, sets[0]);
    std::vector<ArrowTable> expected[2];
    for (std::size_t set = 0; set < 2; ++set) {
        for (std::int64_t k = 0; k < session.windows; ++k)
            append_rows(expected[set].emplace_back(), forecast_of(session, nullptr, k, sets[set]));
    }
    const RunningServer server(lake.open(), {.cache_bytes = 1 << 20});
    const auto watch = [&] {
        StreamSocket stream(server.port(), kAll);
        for (std::size_t k = 0; k < 70; ++k) {
            const auto window = read_window(stream);
            EXPECT_EQ(window.forecast_problem, "");
            EXPECT_EQ(window.calibration, name_at(trained_until));
            EXPECT_TRUE(window.forecast.reals == expected[0][k].reals ||
                        window.forecast.reals == expected[1][k].reals)
                << k;
        }
    };
    const auto ask = [&] {
        for (std::int64_t k = 0; k < 20; ++k) {
            const auto explained = Json::parse(request(server.port(), explain_of(session, k)).body);
            const auto beta = explained["parameters"]["beta"].get<double>();
            EXPECT_TRUE(beta == sets[0].beta || beta == sets[1].beta) << beta;
            EXPECT_EQ(read_arrow(request(server.port(), range_of(session, 0, 69)).body).batch_rows.size(),
                      70U);
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) threads.emplace_back(watch);
    for (int i = 0; i < 2; ++i) threads.emplace_back(ask);
    for (std::size_t i = 1; i < 10; ++i) lake.write_calibration("ES", trained_until, sets[i % 2]);
    for (auto& thread : threads) thread.join();
}

// What cannot be read is neither left out nor taken for uncalibrated: the rest plays, and everything says why.
TEST(Calibrations, ThatAreDamagedStopTheForecastAloneAndSaySo) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 3};
    lake.write(session);
    const auto path = lake.write_calibration("ES", end_of(session, 0) - 1, kFitted);
    std::ofstream(path, std::ios::trunc) << R"({"format":1,"beta":)";
    const RunningServer server(lake.open());
    StreamSocket stream(server.port(), kAll);
    for (std::int64_t k = 0; k < session.windows; ++k) {
        const auto window = read_window(stream);
        EXPECT_EQ(window.end, end_of(session, k));
        EXPECT_EQ(window.velocity.batch_rows, std::vector<std::int64_t>{14});
        EXPECT_EQ(window.forecast.error, "");
        EXPECT_TRUE(window.forecast.batch_rows.empty());
        EXPECT_EQ(window.calibration, "");
        EXPECT_NE(window.forecast_problem.find(path.string()), std::string::npos) << window.forecast_problem;
    }
    EXPECT_EQ(stream.read().close_code(), 1000);
    EXPECT_EQ(windows_with(server, "failed"), 3.0);
    for (const auto& target :
         {range_of(session, 0, 2), "/v1/calibration?" + query_of(session), explain_of(session, 0)}) {
        const auto answer = request(server.port(), target);
        EXPECT_EQ(answer.status, 500) << target;
        EXPECT_NE(answer.body.find(path.filename().string()), std::string::npos) << answer.body;
    }
    EXPECT_EQ(request(server.port(), "/v1/catalog").status, 200);
    std::filesystem::remove(path);
    StreamSocket again(server.port(), kAll);
    expect_values(read_window(again), session, 0, 3);
}

TEST(Forecast, IsNotMadeFromOptionsThatCannotBeRead) {
    const TemporaryLake lake;
    const SmallSession future{.windows = 3};
    const SmallSession share{.symbol = "SPY", .windows = 3, .product = ProductType::equity_mbo};
    for (const auto& session : {future, share}) {
        lake.write(session);
        lake.write_options(session, {.half_width = 40, .step = 20});
        std::filesystem::resize_file(lake.options_folder(session) / "part-00000.parquet", 100);
    }
    const RunningServer server(lake.open());
    StreamSocket of_future(server.port(), kAll);
    const auto window = read_window(of_future);
    EXPECT_TRUE(window.forecast.batch_rows.empty());
    EXPECT_NE(window.forecast_problem.find("option"), std::string::npos) << window.forecast_problem;
    StreamSocket of_share(server.port(), std::string(kAll) + "&symbol=SPY");  // nothing of them would count
    expect_forecast(read_window(of_share).forecast, forecast_of(share, nullptr, 0));
}

TEST(ForecastRange, IsOneBatchAWindow) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 130, .half_width = 20, .empty_window = 50};
    lake.write(session);
    const RunningServer server(lake.open());
    const auto answer = request(server.port(), range_of(session, 3, 125));
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_TRUE(answer.whole);
    EXPECT_EQ(answer.headers.at("content-type"), "application/vnd.apache.arrow.stream");
    EXPECT_EQ(answer.headers.at("access-control-allow-origin"), "*");
    const auto table = read_arrow(answer.body);
    EXPECT_EQ(table.error, "");
    ArrowTable expected;
    for (std::int64_t k = 3; k <= 125; ++k) {
        const auto forecast = forecast_of(session, nullptr, k);
        append_rows(expected, forecast);
        expected.batch_rows.push_back(forecast.given ? 31 : 1);
    }
    EXPECT_EQ(table.batch_rows, expected.batch_rows);
    EXPECT_EQ(table.integers, expected.integers);
    EXPECT_EQ(table.reals, expected.reals);
    EXPECT_EQ(table.nulls, expected.nulls);
}

TEST(ForecastRequests, HaveTheErrorsAndLimitsOfTheOthers) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 1801, .half_width = 1};
    lake.write(session);
    const RunningServer server(lake.open());
    EXPECT_EQ(request(server.port(), range_of(session, 0, 1800)).status, 400);
    const std::string day = "symbol=ESH6&dt=2026-01-06";
    const std::string end = "&window_end_ts_ns=" + std::to_string(end_of(session, 0));
    for (const auto& target :
         {"/v1/forecast.arrow?" + day + "&start=2", "/v1/forecast.arrow?" + day + "&start=2&end=1",
          std::string("/v1/calibration"), std::string("/v1/calibration?symbol=ESH6"),
          "/v1/calibration?" + day + "&product_type=future_option_mbo",
          std::string("/v1/calibration?symbol=..%2f..&dt=2026-01-06"), "/v1/calibration?" + day + "&dt=x",
          "/v1/forecast/explain?" + day, "/v1/forecast/explain?" + day + "&window_end_ts_ns=now",
          "/v1/forecast/explain?" + day + end + end,
          "/v1/forecast/explain?" + day + "&window_end_ts_ns=9223372036854775808",
          std::string("/v1/forecast/explain?dt=2026-01-06") + end}) {
        const auto answer = request(server.port(), target);
        EXPECT_EQ(answer.status, 400) << target;
        EXPECT_TRUE(Json::parse(answer.body)["error"].is_string()) << target;
    }
    const std::string other = "symbol=ESH4&dt=2026-01-06";
    for (const auto& target :
         {"/v1/forecast.arrow?" + other + "&start=1&end=2", "/v1/calibration?" + other,
          "/v1/forecast/explain?" + other + end, "/v1/forecast/explain?" + day + "&window_end_ts_ns=1",
          "/v1/forecast/explain?" + day + "&window_end_ts_ns=-9223372036854775808",
          std::string("/v1/forecast"), std::string("/v1/forecast/explain/")}) {
        EXPECT_EQ(request(server.port(), target).status, 404) << target;
    }
    for (const auto& target : {"/v1/calibration?" + day, "/v1/forecast/explain?" + day + end}) {
        const auto answer = request(server.port(), target);
        EXPECT_EQ(answer.status, 200) << answer.body;
        EXPECT_EQ(answer.headers.at("content-type"), "application/json");
        EXPECT_EQ(answer.headers.at("access-control-allow-origin"), "*");
        RawSocket socket(server.port());
        socket.send("HEAD " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
        const auto head = read_answer(socket, true);
        EXPECT_EQ(head.status, 200);
        EXPECT_EQ(head.headers.at("content-length"), answer.headers.at("content-length"));
        EXPECT_EQ(request(server.port(), target, "POST").status, 405);
    }
}

// On the scale of SmallLake's calibrations: the first three edges are 0, then they are 0.125 apart.
Json tenth(const forecast::PathStep& step) {
    if (step.predicted_tick_delta == 0) return nullptr;
    if (step.confidence <= 0.0) return 1;
    return std::min(10, 3 + static_cast<int>(std::ceil(step.confidence / 0.125)));
}

TEST(Explanation, IsWhatTheStreamSaysAndWhy) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 12, .half_width = 200, .empty_window = 8};
    const SmallChain chain{.half_width = 200};
    const auto trained_until = end_of(session, 0) - 1;
    lake.write(session);
    lake.write_options(session, chain);
    lake.write_calibration("ES", trained_until, kFitted);
    const RunningServer server(lake.open());
    for (std::int64_t k = 0; k < session.windows; ++k) {
        const auto answer = request(server.port(), explain_of(session, k));
        ASSERT_EQ(answer.status, 200) << answer.body;
        const auto said = Json::parse(answer.body);
        const auto forecast = forecast_of(session, &chain, k, kFitted);
        EXPECT_EQ(said["product_type"], "future_mbo");
        EXPECT_EQ(said["window_end_ts_ns"], std::to_string(end_of(session, k)));
        EXPECT_EQ(said["spot_ref_price_int"], std::to_string(spot_of(session, k)));
        EXPECT_EQ(said["previous_spot_ref_price_int"],
                  k == 0 ? "0" : std::to_string(spot_of(session, k - 1)));
        EXPECT_EQ(said["book_valid"], valid_of(k));
        EXPECT_EQ(said["window_valid"], window_valid_of(k));
        EXPECT_EQ(said["calibration"], name_at(trained_until));
        EXPECT_EQ(said["parameters"], (Json{{"beta", 40.0}, {"gamma", 0.625}}));
        EXPECT_EQ(said["sampling"], "ahead");
        EXPECT_EQ(said["given"], forecast.given);
        if (!forecast.given) {
            for (const auto* name : {"force", "damping", "drive", "velocity", "up", "down", "path"})
                EXPECT_TRUE(said.at(name).is_null()) << name;
            continue;
        }
        EXPECT_EQ(said["option_strikes"], 21);
        EXPECT_EQ(said["force"], forecast.force);
        EXPECT_EQ(said["damping"], forecast.damping);
        EXPECT_EQ(said["drive"], forecast.drive);
        EXPECT_EQ(said["velocity"], forecast.velocity);
        for (const auto& [name, way] : {std::pair("up", forecast.up), std::pair("down", forecast.down)}) {
            EXPECT_EQ(said[name], (Json{{"D", way.D},
                                        {"wall", way.wall},
                                        {"vacuum", way.vacuum},
                                        {"reinforce", way.reinforce},
                                        {"run_score", way.run_score},
                                        {"corridor", way.corridor}}));
        }
        ASSERT_EQ(said["path"].size(), 30U);
        for (std::size_t i = 0; i < 30; ++i) {
            const auto& step = forecast.path[i];
            EXPECT_EQ(said["path"][i],
                      (Json{{"horizon_s", i + 1},
                            {"delta", forecast.delta[i]},
                            {"predicted_tick_delta", step.predicted_tick_delta},
                            {"predicted_spot_tick", std::to_string(step.predicted_spot_tick)},
                            {"confidence", step.confidence},
                            {"confidence_tenth", tenth(step)}}));
        }
    }
}

}  // namespace
}  // namespace spymaster::serve
