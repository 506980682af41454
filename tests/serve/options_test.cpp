// The options surface over real sockets: stream, range answer and catalogue.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include <nlohmann/json.hpp>

#include "stream_window.hpp"

namespace spymaster::serve {
namespace {

using Json = nlohmann::json;
using market::ProductType;

std::string options_range(const SmallSession& session, std::int64_t from, std::int64_t to) {
    return "/v1/options.arrow?symbol=" + session.symbol + "&dt=" + session.date.iso() +
           "&start=" + std::to_string(end_of(session, from)) + "&end=" + std::to_string(end_of(session, to));
}

Json catalog_entry(std::uint16_t port) {
    return Json::parse(request(port, "/v1/catalog").body)["sessions"].at(0);
}

double opened(const RunningServer& server, const std::string& labels) {
    return server.metric("spymaster_sessions_opened_total{" + labels + "}");
}

TEST(Options, SumsOfAWindowAreThoseTakenByHand) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 1};
    lake.write(session);
    lake.write_options(session, {.half_width = 20});
    const RunningServer server(lake.open());
    StreamSocket stream(server.port(), kAll);
    auto options = read_window(stream).options;
    EXPECT_EQ(options.integers["rel_ticks"], (std::vector<std::int64_t>{-20, 0, 20}));
    EXPECT_EQ(options.integers["spot_ref_price_int"], std::vector<std::int64_t>(3, 4'810'000'000'000));
    EXPECT_EQ(options.integers["window_end_ts_ns"], std::vector<std::int64_t>(3, 1'767'709'800'000'000'000));
    // Of x + 0.1 (C, A), 1e15 (C, B), -1e15 (P, A), x + 0.3 (P, B), in this order: doubles near 1e15 are 0.125
    // apart, so the first becomes a multiple of that; at 0, 0.125 + 0.3. Any other order gives another sum.
    EXPECT_EQ(options.reals["liquidity_velocity"],
              (std::vector<double>{-19.875 + (-20 + 0.3), 0.125 + 0.3, 20.125 + 20.3}));
}

TEST(Options, EveryWindowHasThemOrAnEmptyStream) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 12, .half_width = 200, .empty_window = 3};
    const SmallChain chain{.half_width = 200, .first = 2, .last = 11, .empty_window = 3, .seed = 5};
    lake.write(session);
    lake.write_options(session, chain);
    const RunningServer server(lake.open());
    StreamSocket stream(server.port(), kAll);
    for (std::int64_t k = 0; k < session.windows; ++k) {
        const auto window = read_window(stream);
        expect_schemas(window);
        expect_values(window, session, k, 200, &chain);
        if (has_options(chain, k)) {
            EXPECT_EQ(window.options.batch_rows, std::vector<std::int64_t>{21});
        }
    }
    EXPECT_EQ(stream.read().close_code(), 1000);
    EXPECT_EQ(opened(server, R"(options="read",product_type="future_mbo")"), 1.0);
}

// The bytes of the surfaces of the book do not depend on whether there are options.
TEST(Options, LeaveTheOtherMessagesAsTheyAre) {
    const SmallSession session{.windows = 1};
    const auto bytes_of = [&](bool with_options) {
        const TemporaryLake lake;
        lake.write(session);
        if (with_options) lake.write_options(session, {});
        const RunningServer server(lake.open());
        StreamSocket stream(server.port(), kAll);
        std::vector<std::string> messages;
        for (int i = 0; i < 9; ++i) messages.push_back(stream.read().bytes);
        return messages;
    };
    const auto without = bytes_of(false);
    const auto with = bytes_of(true);
    for (std::size_t i = 0; i < 9; ++i) {
        if (i != 6 && i != 8) {  // their obstacles move the forecast
            EXPECT_EQ(without[i], with[i]) << i;
        }
        EXPECT_EQ(without[6].size(), 4U + 344U);
    }  // schema and end, docs/protocol.md
    EXPECT_GT(with[6].size(), without[6].size());
}

// Several row groups and runs, with room for one run: sought back and forth.
TEST(Options, AreFoundWhereverTheStreamGoes) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 900, .half_width = 1};
    const SmallChain chain{.half_width = 400, .step = 20, .empty_window = 450};
    lake.write(session);
    lake.write_options(session, chain);
    ASSERT_GT(900 * 4 * 41, static_cast<std::int64_t>(lake::kRowGroupRows));
    const RunningServer server(lake.open(), {.cache_bytes = 1});
    StreamSocket stream(server.port(), "/v1/velocity/stream?skip_minutes=0&speed=1e-3");
    expect_values(read_window(stream), session, 0, 1, &chain);
    for (const std::int64_t k : {748, 898, 10, 450, 747, 0}) {
        stream.send_text(R"({"type":"seek","window_end_ts_ns":")" + std::to_string(end_of(session, k)) +
                         R"("})");
        EXPECT_EQ(Json::parse(stream.read().payload)["type"], "state");
        expect_values(read_window(stream), session, k, 1, &chain);
    }
}

TEST(Options, BeyondThe400TicksAreNotSent) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 1};
    lake.write(session);
    lake.write_options(session, {.half_width = 440});
    const RunningServer server(lake.open());
    StreamSocket stream(server.port(), kAll);
    const SmallChain shown{.half_width = 400};
    expect_values(read_window(stream), session, 0, 3, &shown);
}

TEST(Options, ComeWithoutARestart) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 3};
    const SmallChain chain{};
    const SmallChain again{.seed = 7};
    lake.write(session);
    const RunningServer server(lake.open());
    const auto expect_chain = [&](const SmallChain* expected) {
        StreamSocket stream(server.port(), kAll);
        for (std::int64_t k = 0; k < 3; ++k) expect_values(read_window(stream), session, k, 3, expected);
    };
    expect_chain(nullptr);
    EXPECT_EQ(catalog_entry(server.port())["options"], nullptr);
    lake.write_options(session, chain);
    expect_chain(&chain);
    lake.write_options(session, again);
    expect_chain(&again);
    std::filesystem::remove(lake.options_folder(session) / "_SUCCESS");  // as while it is written anew
    expect_chain(nullptr);
    EXPECT_EQ(opened(server, R"(options="none",product_type="future_mbo")"), 2.0);
    EXPECT_EQ(opened(server, R"(options="read",product_type="future_mbo")"), 2.0);
}

TEST(Options, ThatAreStaleAreShownAndSaidToBe) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 3};
    const SmallChain chain{};
    lake.write(session);
    lake.write_options(session, chain);
    lake.write({.windows = 3, .seed = 1});  // the snapshots they were made from are gone
    const RunningServer server(lake.open());
    const auto entry = catalog_entry(server.port());
    EXPECT_EQ(entry["fresh"], true);
    EXPECT_EQ(entry["options"]["fresh"], false);
    StreamSocket stream(server.port(), kAll);
    const auto window = read_window(stream);
    EXPECT_EQ(window.options.integers,
              options_table(session, &chain, 0).integers);  // with the spot they are around
}

// Damaged, or of windows that the session has not: the rest plays, and who asks for options is told.
TEST(Options, ThatCannotBeReadStopNothingElse) {
    for (const bool damaged : {true, false}) {
        const TemporaryLake lake;
        const SmallSession session{.windows = 3};
        lake.write(session);
        if (damaged) {
            lake.write_options(session, {});
            std::filesystem::resize_file(lake.options_folder(session) / "part-00000.parquet", 100);
        } else {
            const SmallSession longer{.windows = 5};
            lake.write_options(longer, {});
        }
        const RunningServer server(lake.open());
        StreamSocket stream(server.port(), kAll);
        for (std::int64_t k = 0; k < 3; ++k) {
            const auto window = read_window(stream);
            EXPECT_EQ(window.end, end_of(session, k));
            EXPECT_EQ(window.velocity.batch_rows, std::vector<std::int64_t>{14});
            EXPECT_TRUE(window.options.batch_rows.empty());
            EXPECT_TRUE(window.forecast.batch_rows.empty());  // their obstacles would count
            EXPECT_NE(window.forecast_problem, "");
        }
        const auto answer = request(server.port(), options_range(session, 0, 2));
        EXPECT_EQ(answer.status, 500) << answer.body;
        EXPECT_NE(answer.body.find("option"), std::string::npos) << answer.body;
        EXPECT_EQ(opened(server, R"(options="unreadable",product_type="future_mbo")"), 1.0);
        if (damaged) {
            EXPECT_EQ(catalog_entry(server.port())["options"], nullptr);
        }
    }
}

// A strike between the steps that the manifest states is damage, not a row to be shown.
TEST(Options, OffTheGridOfStrikesAreRefused) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 1};
    lake.write(session);
    lake.write_options(session, {.half_width = 40, .step = 20});
    auto manifest = lake.options_folder(session) / "_MANIFEST.json";
    std::ifstream in(manifest);
    std::string text(std::istreambuf_iterator<char>(in), {});
    const auto at = text.find(R"("step_ticks": "20")");
    ASSERT_NE(at, std::string::npos);
    std::ofstream(manifest) << text.replace(at, 18, R"("step_ticks": "15")");
    const RunningServer server(lake.open());
    StreamSocket stream(server.port(), kAll);
    const auto message = stream.read();
    EXPECT_NE(message.payload.find("every 15 ticks"), std::string::npos) << message.payload;
    EXPECT_EQ(stream.read().close_code(), 1011);
}

TEST(OptionsRange, IsOneBatchAWindow) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 130};
    const SmallChain chain{.half_width = 200, .first = 1, .empty_window = 70};
    lake.write(session);
    lake.write_options(session, chain);
    const RunningServer server(lake.open());
    const auto answer = request(server.port(), options_range(session, 0, 125));
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_TRUE(answer.whole);
    EXPECT_EQ(answer.headers.at("content-type"), "application/vnd.apache.arrow.stream");
    auto table = read_arrow(answer.body);
    EXPECT_EQ(table.error, "");
    EXPECT_EQ(table.schema, (std::vector<std::string>{"window_end_ts_ns int64", "spot_ref_price_int int64",
                                                      "rel_ticks int32", "liquidity_velocity double"}));
    EXPECT_EQ(table.batch_rows, std::vector<std::int64_t>(124, 21));  // of 126 windows two have none
    ArrowTable expected;
    for (std::int64_t k = 0; k <= 125; ++k) {
        for (auto& [name, values] : options_table(session, &chain, k).integers)
            expected.integers[name].insert(expected.integers[name].end(), values.begin(), values.end());
        for (auto& [name, values] : options_table(session, &chain, k).reals)
            expected.reals[name].insert(expected.reals[name].end(), values.begin(), values.end());
    }
    EXPECT_EQ(table.integers, expected.integers);
    EXPECT_EQ(table.reals, expected.reals);
}

TEST(OptionsRange, HasTheErrorsAndLimitsOfVelocity) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 1801, .half_width = 0};
    lake.write(session);
    const RunningServer server(lake.open());
    EXPECT_EQ(request(server.port(), options_range(session, 0, 1800)).status, 400);
    const auto none = read_arrow(request(server.port(), options_range(session, 0, 1799)).body);
    EXPECT_EQ(none.error, "");
    EXPECT_EQ(none.schema.size(), 4U);
    EXPECT_TRUE(none.batch_rows.empty());
    EXPECT_EQ(request(server.port(), "/v1/options.arrow?symbol=ESH6&dt=2026-01-06&start=2").status, 400);
    EXPECT_EQ(request(server.port(), "/v1/options.arrow?symbol=ESH6&dt=2026-01-06&start=2&end=1").status,
              400);
    EXPECT_EQ(request(server.port(), "/v1/options.arrow?symbol=ESH4&dt=2026-01-06&start=1&end=2").status,
              404);
}

TEST(OptionsCatalog, SaysWhatThereIs) {
    const TemporaryLake lake;
    const SmallSession session{.symbol = "SPY", .windows = 10, .product = ProductType::equity_mbo};
    lake.write(session);
    lake.write_options(session, {.half_width = 50, .step = 2, .first = 1});
    const RunningServer server(lake.open());
    EXPECT_EQ(catalog_entry(server.port())["options"], (Json{{"product_type", "equity_option_mbo"},
                                                             {"tick_int", "500000000"},
                                                             {"half_width_ticks", 50},
                                                             {"step_ticks", 2},
                                                             {"window_count", 9},
                                                             {"fresh", true}}));
}

// Streams, ranges and catalogue from several threads while the options are replaced: every window is whole, with
// the options of one of the two partitions.
TEST(Options, AreReplacedUnderManyClients) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 150, .half_width = 20};
    const SmallChain chains[]{{}, {.seed = 3}};
    lake.write(session);
    lake.write_options(session, chains[0]);
    const RunningServer server(lake.open(), {.cache_bytes = 1 << 20});
    const auto watch = [&] {
        StreamSocket stream(server.port(), kAll);
        for (std::int64_t k = 0; k < session.windows; ++k) {
            const auto window = read_window(stream);
            ASSERT_EQ(window.end, end_of(session, k));
            const bool first = window.options.reals == options_table(session, &chains[0], k).reals;
            EXPECT_TRUE(first || window.options.reals == options_table(session, &chains[1], k).reals) << k;
        }
    };
    const auto ask = [&] {
        for (int i = 0; i < 5; ++i) {
            const auto options = read_arrow(request(server.port(), options_range(session, 0, 149)).body);
            EXPECT_EQ(options.error, "");
            EXPECT_EQ(options.batch_rows, std::vector<std::int64_t>(150, 5));
            EXPECT_EQ(request(server.port(), "/v1/catalog").status, 200);
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) threads.emplace_back(watch);
    for (int i = 0; i < 2; ++i) threads.emplace_back(ask);
    for (int i = 1; i < 6; ++i) lake.write_options(session, chains[i % 2]);
    for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace spymaster::serve
