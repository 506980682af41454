// The HTTP paths over real sockets.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "arrow_table.hpp"
#include "raw_client.hpp"
#include "serve/arrow_streams.hpp"
#include "serve/catalog.hpp"
#include "small_lake.hpp"

namespace spymaster::serve {
namespace {

using Json = nlohmann::json;

class Http : public testing::Test {
  protected:
    Http() { lake_.write(session_); }
    [[nodiscard]] HttpAnswer get(const std::string& target) const { return request(server_.port(), target); }
    [[nodiscard]] std::string range(std::string_view path, std::int64_t from, std::int64_t to) const {
        return std::string(path) +
               "?symbol=ESH6&dt=2026-01-06&start=" + std::to_string(end_of(session_, from)) +
               "&end=" + std::to_string(end_of(session_, to));
    }
    void write_web(const std::string& name, const std::string& text) const {
        const auto file = lake_.folder() / "web" / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << text;
    }

    TemporaryLake lake_;
    SmallSession session_{.windows = 130, .half_width = 5, .empty_window = 7};
    RunningServer server_{lake_.open(), {.web = lake_.folder() / "web", .version = "1.2.3"}};
};

TEST_F(Http, SaysHowItIs) {
    for (const auto* path : {"/health", "/livez", "/readyz"}) {
        const auto answer = get(path);
        EXPECT_EQ(answer.status, 200) << path;
        EXPECT_EQ(answer.body, R"({"status":"ok"})") << path;
        EXPECT_EQ(answer.headers.at("content-type"), "application/json");
    }
    EXPECT_EQ(Json::parse(get("/version").body), (Json{{"name", "spymaster"}, {"version", "1.2.3"}}));
}

TEST_F(Http, AnyOriginMayReadAndNoCredentialsAreTaken) {
    for (const auto* method : {"GET", "HEAD", "OPTIONS"}) {
        const auto answer = request(server_.port(), "/v1/catalog", method);
        EXPECT_EQ(answer.status, method == std::string_view("OPTIONS") ? 204 : 200);
        EXPECT_EQ(answer.headers.at("access-control-allow-origin"), "*");
        EXPECT_EQ(answer.headers.at("access-control-allow-headers"), "*");
        EXPECT_FALSE(answer.headers.contains("access-control-allow-credentials"));
    }
}

TEST_F(Http, OtherMethodsAreRefused) {
    for (const auto* method : {"POST", "PUT", "DELETE", "BREW"}) {
        const auto answer = request(server_.port(), "/v1/catalog", method);
        EXPECT_EQ(answer.status, 405) << method;
        EXPECT_EQ(answer.headers.at("allow"), "GET, HEAD, OPTIONS");
    }
    RawSocket socket(server_.port());
    socket.send("POST /v1/catalog HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
    const auto answer = read_answer(socket);
    EXPECT_EQ(answer.status, 405) << answer.body;
}

TEST_F(Http, HeadHasTheHeadOfGet) {
    for (const std::string& target : {std::string("/v1/catalog"), range("/v1/flow", 0, 5)}) {
        RawSocket socket(server_.port());
        socket.send("HEAD " + target + " HTTP/1.1\r\nHost: x\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n");
        const auto head = read_answer(socket, true);
        const auto whole = get(target);
        EXPECT_EQ(head.status, 200);
        EXPECT_EQ(head.headers.at("content-length"), std::to_string(whole.body.size()));
        EXPECT_EQ(head.headers.at("content-type"), whole.headers.at("content-type"));
        EXPECT_EQ(read_answer(socket).body,
                  R"({"status":"ok"})");  // the connection goes on, with no body between
    }
}

TEST_F(Http, CatalogListsWholeSessionsNewestFirst) {
    lake_.write({.symbol = "ESH4", .date = {2023, 12, 25}, .windows = 2, .old_manifest = true});
    lake_.write_snapshots_only({.symbol = "ESM6"});
    lake_.write({.symbol = "ESZ6", .date = {2026, 11, 20}, .windows = 3});
    std::this_thread::sleep_for(Catalog::kMaxAge);
    const auto sessions = Json::parse(get("/v1/catalog").body)["sessions"];
    ASSERT_EQ(sessions.size(), 3U);
    EXPECT_EQ(sessions[0]["dt"], "2026-11-20");
    const Json expected{{"product_type", "future_mbo"},
                        {"symbol", "ESH6"},
                        {"dt", "2026-01-06"},
                        {"first_window_end_ts_ns", std::to_string(end_of(session_, 0))},
                        {"last_window_end_ts_ns", std::to_string(end_of(session_, 129))},
                        {"window_count", 130},
                        {"tick_int", "250000000"},
                        {"price_increment_int", "250000000"},
                        {"half_width_ticks", 5},
                        {"session", "09:30-09:40"},
                        {"source", "simulated"},
                        {"options", nullptr},
                        {"surfaces", {"snap", "velocity", "forecast", "book_snapshot"}},
                        {"norm_calibration", nullptr},
                        {"fresh", true}};
    EXPECT_EQ(sessions[1], expected);
    EXPECT_EQ(sessions[2]["dt"], "2023-12-25");
    EXPECT_EQ(sessions[2]["price_increment_int"],
              "250000000");  // its manifest is silent: prices move in ticks
}

TEST(EmptyLake, HasNoSessionsAndIsReady) {
    const TemporaryLake lake;
    const RunningServer server(lake.open());
    EXPECT_EQ(request(server.port(), "/v1/catalog").body, R"({"sessions":[]})");
    EXPECT_EQ(request(server.port(), "/readyz").status, 200);
}

TEST_F(Http, SnapshotsAreTheWholeTable) {
    const auto answer = get("/v1/snapshots.arrow?symbol=ESH6&dt=2026-01-06");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.headers.at("content-type"), "application/vnd.apache.arrow.stream");
    auto table = read_arrow(answer.body);
    EXPECT_EQ(table.error, "");
    const auto contract = (*lake_.open().dataset("silver.future_mbo.book_snapshot_1s"))->contract;
    ASSERT_EQ(table.schema.size(), contract.fields.size());
    for (std::size_t i = 0; i < contract.fields.size(); ++i) {
        EXPECT_TRUE(table.schema[i].starts_with(contract.fields[i].name + " ")) << table.schema[i];
    }
    ASSERT_EQ(table.integers["window_end_ts_ns"].size(), 130U);
    for (std::int64_t k = 0; k < 130; ++k) {
        const auto row = static_cast<std::size_t>(k);
        EXPECT_EQ(table.integers["window_end_ts_ns"][row], end_of(session_, k));
        EXPECT_EQ(table.integers["book_valid"][row], valid_of(k) ? 1 : 0);
        EXPECT_EQ(table.integers["trade_count"][row], k);
        EXPECT_EQ(table.reals["mid_price"][row], mid_of(session_, k));
    }
}

TEST_F(Http, VelocityRangeIsOneBatchAWindow) {
    const auto answer = get(range("/v1/velocity.arrow", 3, 125));
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_TRUE(answer.whole);
    EXPECT_EQ(answer.headers.at("transfer-encoding"), "chunked");
    auto table = read_arrow(answer.body);
    EXPECT_EQ(table.error, "");
    EXPECT_EQ(table.batch_rows, std::vector<std::int64_t>(122, 22));  // of 123 windows one is empty
    std::size_t row = 0;
    for (std::int64_t k = 3; k <= 125; ++k) {
        if (k == session_.empty_window) continue;
        for (const char side : {'A', 'B'}) {
            for (int x = -5; x <= 5; ++x, ++row) {
                ASSERT_EQ(table.integers["window_end_ts_ns"][row], end_of(session_, k));
                ASSERT_EQ(table.texts["side"][row], std::string(1, side));
                ASSERT_EQ(table.reals["Omega"][row], field_of(session_, k, side, x, 6));
            }
        }
    }
    EXPECT_EQ(read_arrow(get(range("/v1/velocity.arrow", 500, 600)).body).error,
              "");  // no window: an empty stream
    EXPECT_EQ(get("/v1/velocity.arrow?symbol=ESH4&dt=2026-01-06&start=0&end=1").status, 404);
}

TEST_F(Http, VelocityRangeForHttp10EndsWithTheConnection) {
    RawSocket socket(server_.port());
    socket.send("GET " + range("/v1/velocity.arrow", 0, 20) + " HTTP/1.0\r\n\r\n");
    const auto answer = read_answer(socket);
    EXPECT_FALSE(answer.headers.contains("transfer-encoding"));
    const auto table = read_arrow(answer.body);
    EXPECT_EQ(table.error, "");
    EXPECT_EQ(table.batch_rows.size(), 20U);
}

TEST(VelocityRangeLimit, Is1800Windows) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 1801, .half_width = 0};
    lake.write(session);
    const RunningServer server(lake.open());
    const auto range = [&](std::int64_t last) {
        return "/v1/velocity.arrow?symbol=ESH6&dt=2026-01-06&start=0&end=" +
               std::to_string(end_of(session, last));
    };
    EXPECT_EQ(request(server.port(), range(1800)).status, 400);
    EXPECT_EQ(read_arrow(request(server.port(), range(1799)).body).batch_rows.size(), 1800U);
}

TEST(OpenSessions, TheLeastRecentlyUsedGoesFirst) {
    const TemporaryLake lake;
    for (const auto* symbol : {"ESH6", "ESM6", "ESU6"}) lake.write({.symbol = symbol, .windows = 1});
    const RunningServer server(lake.open(), {.max_open_sessions = 2});
    const auto opened_after =
        [&](const std::string& symbol) {  // no window is read, so nothing holds the session
            const auto target = "/v1/velocity.arrow?symbol=" + symbol + "&dt=2026-01-06&start=0&end=1";
            EXPECT_EQ(request(server.port(), target).status, 200);
            return server.metric(
                R"(spymaster_sessions_opened_total{options="none",product_type="future_mbo"})");
        };
    EXPECT_EQ(opened_after("ESH6"), 1.0);
    EXPECT_EQ(opened_after("ESM6"), 2.0);
    EXPECT_EQ(opened_after("ESH6"), 2.0);
    EXPECT_EQ(opened_after("ESU6"), 3.0);  // ESM6 goes
    EXPECT_EQ(opened_after("ESH6"), 3.0);
    EXPECT_EQ(opened_after("ESM6"), 4.0);  // ESU6 goes
    EXPECT_EQ(opened_after("ESH6"), 4.0);
}

TEST_F(Http, FlowSumsAreOfTheWindowsAfterStart) {
    const auto answer = get(range("/v1/flow", 10, 12));
    ASSERT_EQ(answer.status, 200) << answer.body;
    const Json expected{{"product_type", "future_mbo"},
                        {"symbol", "ESH6"},
                        {"dt", "2026-01-06"},
                        {"start", std::to_string(end_of(session_, 10))},
                        {"end", std::to_string(end_of(session_, 12))},
                        {"window_count", 2},
                        {"trade_count", 11 + 12},
                        {"sides",
                         {{"A", {{"added", 23.0}, {"pulled", 230.0}, {"filled", 2300.0}}},
                          {"B", {{"added", 46.0}, {"pulled", 460.0}, {"filled", 4600.0}}}}}};
    EXPECT_EQ(Json::parse(answer.body), expected);

    // Only the ask of window 12 and the bid of window 14 would be between these prices; the range ends with 12.
    const auto price = std::to_string(spot_of(session_, 12) + 250'000'000);
    const auto narrow =
        Json::parse(get(range("/v1/flow", 10, 12) + "&price_low=" + price + "&price_high=" + price).body);
    EXPECT_EQ(narrow["sides"]["A"]["added"], 12.0);
    EXPECT_EQ(narrow["sides"]["B"]["added"], 0.0);
    EXPECT_EQ(get("/v1/flow?symbol=ESH6&dt=2026-01-06&start=5").status, 400);
    EXPECT_EQ(get("/v1/flow?symbol=ESH6&dt=2026-01-07&start=5&end=6").status, 404);
}

// Flow of several row groups: the range is found without reading from the beginning.
TEST(Flow, IsFoundInALaterRowGroup) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 70'000, .half_width = 0};  // two flow rows a window
    ASSERT_GT(2 * session.windows, static_cast<std::int64_t>(lake::kRowGroupRows));
    lake.write(session);
    const RunningServer server(lake.open());
    for (const std::int64_t k : {0, 61'438, 61'439, 61'440, 69'998}) {
        const auto answer = request(
            server.port(), "/v1/flow?symbol=ESH6&dt=2026-01-06&start=" + std::to_string(end_of(session, k)) +
                               "&end=" + std::to_string(end_of(session, k + 1)));
        EXPECT_EQ(Json::parse(answer.body)["sides"]["A"]["added"], static_cast<double>(k + 1)) << answer.body;
    }
}

TEST_F(Http, ServesThePage) {
    write_web("index.html", "<p>page</p>");
    write_web("assets/index-4f2a.js", "code()");
    for (const auto* path : {"/", "/index.html", "/?symbol=ES"}) {
        const auto answer = get(path);
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, "<p>page</p>");
        EXPECT_EQ(answer.headers.at("content-type"), "text/html; charset=utf-8");
        EXPECT_EQ(answer.headers.at("cache-control"), "no-cache");
    }
    const auto script = get("/assets/index-4f2a.js");
    EXPECT_EQ(script.body, "code()");
    EXPECT_EQ(script.headers.at("content-type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(script.headers.at("cache-control"), "public, max-age=31536000, immutable");
}

TEST_F(Http, SaysHowToBuildThePage) {
    const auto answer = get("/");
    EXPECT_EQ(answer.status, 404);
    EXPECT_NE(answer.body.find("make web"), std::string::npos);
}

TEST_F(Http, PathTricksGetNothing) {
    write_web("index.html", "page");
    write_web(".secret", "secret");
    std::ofstream(lake_.folder() / "outside.txt") << "secret";
    std::filesystem::create_symlink(lake_.folder() / "outside.txt", lake_.folder() / "web" / "link.txt");
    std::filesystem::create_directory(lake_.folder() / "web" / "assets");
    for (const auto* path :
         {"/../outside.txt", "/%2e%2e/outside.txt", "/..%2foutside.txt", "/assets/../../outside.txt",
          "/assets/%2e%2e/%2e%2e/outside.txt", "//etc/passwd", "/%2fetc/passwd", "/.secret", "/link.txt",
          "/assets", "/assets/", "/index.html/", "/..\\outside.txt", "/index.html%20", "/nothing.js"}) {
        const auto answer = get(path);
        EXPECT_EQ(answer.status, 404) << path;
        EXPECT_TRUE(Json::parse(answer.body)["error"].is_string()) << path;
        EXPECT_EQ(answer.body.find("secret"), std::string::npos) << path;
    }
    EXPECT_EQ(get("/index.html%00.js").status, 400);
    for (const auto* path :
         {"/v1/snapshots.arrow?symbol=..&dt=2026-01-06", "/v1/snapshots.arrow?symbol=ESH6&dt=..",
          "/v1/snapshots.arrow?symbol=%2e%2e%2f%2e%2e&dt=2026-01-06"}) {
        EXPECT_EQ(get(path).status, 400) << path;
    }
    EXPECT_EQ(get("/v1/nothing").status, 404);
}

TEST_F(Http, CountsItself) {
    EXPECT_EQ(get("/health").status, 200);
    EXPECT_EQ(get("/nothing").status, 404);
    const auto text = get("/metrics");
    EXPECT_TRUE(text.headers.at("content-type").starts_with("text/plain; version=0.0.4"));
    for (const auto* line :
         {"spymaster_build_info{version=\"1.2.3\"} 1", "spymaster_http_requests_total{code=\"200\"} 1",
          "spymaster_http_requests_total{code=\"404\"} 1", "spymaster_ws_clients 0",
          "spymaster_ws_windows_sent_total 0", "spymaster_ws_dropped_windows_total 0",
          "spymaster_window_encode_seconds_count 0", "spymaster_window_cache_bytes 0",
          "spymaster_ws_last_send_lag_seconds 0"}) {
        EXPECT_NE(text.body.find(std::string(line) + "\n"), std::string::npos) << line << "\n" << text.body;
    }
}

}  // namespace
}  // namespace spymaster::serve
