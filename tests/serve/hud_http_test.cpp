// /v1/hud/bootstrap and /v1/hud/surfaces, and what the catalogue says of surfaces, over real sockets.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "hud_lake.hpp"
#include "raw_client.hpp"
#include "serve/catalog.hpp"

namespace spymaster::serve {
namespace {

using Json = nlohmann::json;

constexpr const char* kSession = "?symbol=ESH6&dt=2026-01-06";

std::string windows_of(const RunningServer& server, Surface surface) {
    return std::to_string(static_cast<std::int64_t>(
        server.metric("spymaster_surface_windows_total{surface=\"" + std::string(name_of(surface)) + "\"}")));
}

class Hud : public testing::Test {
  protected:
    Hud() {
        lake_.write(session_);
        write_tables(lake_, session_);
    }
    [[nodiscard]] HttpAnswer get(const std::string& path, const std::string& query = "") const {
        return request(server_.port(), "/v1/hud/" + path + kSession + query);
    }
    [[nodiscard]] std::string at(std::int64_t k) const { return std::to_string(end_of(session_, k)); }

    TemporaryLake lake_;
    SmallSession session_{.windows = 130};
    RunningServer server_{lake_.open()};
};

TEST_F(Hud, ATableIsOnTheWireAsItIsInTheLake) {
    for (const auto surface : kTables) {
        if (surface == Surface::book_snapshot) continue;
        const SmallTable table{.surface = surface};
        const std::string name(name_of(surface));
        const auto answer = get("surfaces", "&surface=" + name);
        ASSERT_EQ(answer.status, 200) << answer.body;
        EXPECT_TRUE(answer.whole);
        EXPECT_EQ(answer.headers.at("content-type"), "application/vnd.apache.arrow.stream");
        EXPECT_EQ(answer.headers.at("transfer-encoding"), "chunked");
        const auto expected = table_of(lake_, session_, table, 0, 130);
        expect_same(read_arrow(answer.body), expected);
        const auto& headers = answer.headers;
        EXPECT_EQ(headers.at("x-hud-symbol"), "ESH6");
        EXPECT_EQ(headers.at("x-hud-dt"), "2026-01-06");
        EXPECT_EQ(headers.at("x-hud-surface"), name);
        EXPECT_EQ(headers.at("x-hud-start-ts-ns"), at(0));
        EXPECT_EQ(headers.at("x-hud-end-ts-ns"), at(129));
        EXPECT_EQ(headers.at("x-hud-windows"), "130");
        EXPECT_EQ(headers.at("x-hud-rows"), std::to_string(expected.integers.at("window_end_ts_ns").size()));
        for (const auto& [header, value] : headers) {
            if (header.starts_with("x-hud-")) {
                auto exposed = headers.at("access-control-expose-headers");
                for (auto& c : exposed) c = static_cast<char>(std::tolower(c));
                EXPECT_NE(exposed.find(header), std::string::npos) << header;
            }
        }
    }
}

TEST_F(Hud, BookSnapshotIsTheWholeSnapshot) {
    const auto hud = read_arrow(get("surfaces", "&surface=book_snapshot").body);
    const auto whole =
        read_arrow(request(server_.port(), std::string("/v1/snapshots.arrow") + kSession).body);
    EXPECT_EQ(hud.batch_rows, std::vector<std::int64_t>(130, 1));
    EXPECT_EQ(whole.integers.at("trade_count")[129], 129);
    expect_same(hud, whole);
}

TEST_F(Hud, ARangeHasBothItsEnds) {
    const auto range = [&](const std::string& bounds) { return get("surfaces", "&surface=wall" + bounds); };
    const SmallTable wall{.surface = Surface::wall};
    expect_same(read_arrow(range("&start_ts_ns=" + at(5) + "&end_ts_ns=" + at(70)).body),
                table_of(lake_, session_, wall, 5, 71));
    expect_same(read_arrow(range("&start_ts_ns=" + std::to_string(end_of(session_, 5) + 1)).body),
                table_of(lake_, session_, wall, 6, 130));
    const auto one = range("&start_ts_ns=" + at(3) + "&end_ts_ns=" + at(3));
    expect_same(read_arrow(one.body), table_of(lake_, session_, wall, 3, 4));
    EXPECT_EQ(one.headers.at("x-hud-start-ts-ns"), at(3));
    EXPECT_EQ(one.headers.at("x-hud-end-ts-ns"), at(3));
    EXPECT_EQ(one.headers.at("x-hud-rows"), "3");
    // Window 4 has no row of the wall, though the session has the window.
    const auto none = range("&start_ts_ns=" + at(4) + "&end_ts_ns=" + at(4));
    EXPECT_EQ(none.status, 404);
    EXPECT_NE(none.body.find("no rows"), std::string::npos) << none.body;
    for (const auto* bounds : {"&end_ts_ns=5", "&start_ts_ns=9000000000000000000"}) {
        const auto empty = range(bounds);
        EXPECT_EQ(empty.status, 404);
        EXPECT_NE(empty.body.find("no window"), std::string::npos) << empty.body;
        EXPECT_EQ(get("bootstrap", "&end_ts_ns=5").status, 404);
    }
}

TEST_F(Hud, OldNamesAreUnderstoodAndAnsweredWithTheNew) {
    const auto physics = get("surfaces", "&surface=physics");
    EXPECT_EQ(physics.headers.at("x-hud-surface"), "physics_bands");
    expect_same(read_arrow(physics.body),
                table_of(lake_, session_, {.surface = Surface::physics_bands}, 0, 130));
    const auto snap = get("surfaces", "&surface=snap");
    EXPECT_EQ(snap.headers.at("x-hud-surface"), "book_snapshot");
    EXPECT_EQ(snap.body, get("surfaces", "&surface=book_snapshot").body);
}

TEST_F(Hud, OtherSurfacesComeWithoutACountOfRows) {
    for (const std::string name : {"velocity", "forecast"}) {
        const auto answer = get("surfaces", "&surface=" + name);
        EXPECT_EQ(answer.headers.at("x-hud-windows"), "130");
        EXPECT_FALSE(answer.headers.contains("x-hud-rows"));
        EXPECT_EQ(answer.body, request(server_.port(), "/v1/" + name + ".arrow" + kSession +
                                                           "&start=" + at(0) + "&end=" + at(129))
                                   .body);
    }
}

TEST_F(Hud, AnUnknownSurfaceIsRefusedBeforeAnythingIsLoaded) {
    for (const auto* path : {"bootstrap", "surfaces"}) {
        const auto answer = get(path, "&surface=walls");
        EXPECT_EQ(answer.status, 400);
        EXPECT_NE(answer.body.find("walls"), std::string::npos);
        for (const auto name : kSurfaceNames) EXPECT_NE(answer.body.find(name), std::string::npos) << name;
    }
    EXPECT_EQ(request(server_.port(), "/metrics").body.find("spymaster_sessions_opened_total{"),
              std::string::npos);
}

TEST_F(Hud, BadParametersAreNamed) {
    const auto expect_bad = [&](const std::string& target, const char* name) {
        const auto answer = request(server_.port(), "/v1/hud/" + target);
        EXPECT_EQ(answer.status, 400) << target;
        EXPECT_NE(Json::parse(answer.body)["error"].get<std::string>().find(name), std::string::npos)
            << answer.body;
    };
    expect_bad("surfaces?symbol=ESH6&dt=2026-01-06", "surface");
    expect_bad("surfaces?dt=2026-01-06&surface=wall", "symbol");
    expect_bad("surfaces?symbol=ESH6&surface=wall", "dt");
    expect_bad("bootstrap?dt=2026-01-06", "symbol");
    expect_bad("bootstrap?symbol=ESH6&dt=2026-01-06&end_ts_ns=now", "end_ts_ns");
    expect_bad("bootstrap?symbol=..%2f..&dt=2026-01-06", "symbol");
    expect_bad("bootstrap?symbol=ESH6&dt=2026-01-06&product_type=gold", "product_type");
    expect_bad("surfaces?symbol=ESH6&dt=2026-01-06&surface=wall&start_ts_ns=1e3", "start_ts_ns");
    expect_bad("surfaces?symbol=ESH6&dt=2026-01-06&surface=wall&surface=wall", "surface");
    expect_bad("surfaces?symbol=ESH6&dt=2026-01-06&surface=wall&start_ts_ns=2&end_ts_ns=1", "end_ts_ns");
    EXPECT_EQ(request(server_.port(), "/v1/hud/stream" + std::string(kSession)).status, 426);
    EXPECT_EQ(request(server_.port(), "/v1/hud/nothing" + std::string(kSession)).status, 404);
}

TEST_F(Hud, WhatIsNotThereIsSaidWithTheCommandThatMakesIt) {
    EXPECT_EQ(request(server_.port(), "/v1/hud/bootstrap?symbol=ESH6&dt=2026-01-07").status, 404);
    lake_.write({.symbol = "SPY", .windows = 3, .product = market::ProductType::equity_mbo});
    const auto options = get("bootstrap", "&surface=options");
    EXPECT_EQ(options.status, 404);
    EXPECT_NE(
        options.body.find("spymaster run --product-type future_option_mbo --symbol ESH6 --dt 2026-01-06 "
                          "--dataset physics_surface_1s"),
        std::string::npos)
        << options.body;
    const auto answer = request(server_.port(), "/v1/hud/surfaces?symbol=SPY&dt=2026-01-06&surface=gex");
    EXPECT_EQ(answer.status, 404);
    EXPECT_NE(answer.body.find("silver.equity_option_mbo.gex_surface_1s"), std::string::npos) << answer.body;
    EXPECT_NE(answer.body.find("spymaster run --product-type equity_option_mbo --symbol SPY --dt 2026-01-06 "
                               "--dataset gex_surface_1s"),
              std::string::npos)
        << answer.body;
}

TEST_F(Hud, HeadHasTheHeadersAndNothingIsEncoded) {
    const auto head =
        request(server_.port(), std::string("/v1/hud/surfaces") + kSession + "&surface=wall", "HEAD");
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.headers.at("x-hud-windows"), "130");
    EXPECT_EQ(windows_of(server_, Surface::wall), "0");
}

TEST_F(Hud, OnlyWhatIsAskedForIsReadAndOnlyOnce) {
    EXPECT_EQ(get("surfaces", "&surface=radar").status, 200);
    EXPECT_EQ(get("surfaces", "&surface=radar").status, 200);
    for (const auto surface : kSurfaces)
        EXPECT_EQ(windows_of(server_, surface), surface == Surface::radar ? "130" : "0") << name_of(surface);
}

TEST_F(Hud, AReplacedTableIsNoticed) {
    const auto expect_wall = [&](std::int64_t seed) {
        expect_same(read_arrow(get("surfaces", "&surface=wall").body),
                    table_of(lake_, session_, {.surface = Surface::wall, .seed = seed}, 0, 130));
    };
    expect_wall(0);
    write_table(lake_, session_, {.surface = Surface::wall, .seed = 9});
    expect_wall(9);
    const auto opened = [&] {
        return server_.metric(R"(spymaster_sessions_opened_total{options="none",product_type="future_mbo"})");
    };
    EXPECT_EQ(opened(), 2.0);
    write_table(lake_, session_, {.surface = Surface::wall, .seed = 9});  // the same bytes: the same manifest
    expect_wall(9);
    EXPECT_EQ(opened(), 2.0);
    const auto folder = lake_.open().partition_path(table_of(session_.key(), Surface::wall));
    ASSERT_TRUE(folder.ok());
    std::filesystem::remove_all(*folder);
    EXPECT_EQ(get("surfaces", "&surface=wall").status, 404);
}

TEST_F(Hud, TablesOfOtherWindowsAreRefused) {
    const SmallSession longer{.windows = 131};
    write_table(lake_, longer, {.surface = Surface::radar});
    const auto answer = get("surfaces", "&surface=radar");
    EXPECT_EQ(answer.status, 500);
    EXPECT_NE(answer.body.find("radar_vacuum_1s"), std::string::npos) << answer.body;
    EXPECT_EQ(get("surfaces", "&surface=wall").status, 200);
}

TEST_F(Hud, TheCatalogueTellsSurfacesAndCalibration) {
    const auto entry = [&] {
        std::this_thread::sleep_for(Catalog::kMaxAge);
        return Json::parse(request(server_.port(), "/v1/catalog").body)["sessions"].at(0);
    };
    Json all = Json::array();
    for (const auto name : kSurfaceNames) {
        if (name != "options") all.push_back(name);
    }
    EXPECT_EQ(entry()["surfaces"], all);
    EXPECT_EQ(entry()["norm_calibration"], nullptr);
    write_table(lake_, session_, {.surface = Surface::physics_bands, .calibration = "bootstrap"});
    EXPECT_EQ(entry()["norm_calibration"], (Json{{"kind", "bootstrap"}}));
    write_table(lake_, session_, {.surface = Surface::physics_bands, .calibration = "2026-01-05"});
    EXPECT_EQ(entry()["norm_calibration"], (Json{{"kind", "session"}, {"dt", "2026-01-05"}}));
}

// The same for a share, whose tables are of other datasets; and ES is the contract of the day.
TEST(HudOfProducts, AreOfTheSessionsOwnPartitions) {
    const TemporaryLake lake;
    const SmallSession share{.symbol = "SPY", .windows = 4, .product = market::ProductType::equity_mbo};
    const SmallSession future{.windows = 4};
    for (const auto& session : {share, future}) {
        lake.write(session);
        for (const auto surface : kTables) {
            if (surface != Surface::book_snapshot)
                write_table(lake, session, {.surface = surface, .seed = session.symbol == "SPY" ? 1 : 2});
        }
    }
    const RunningServer server(lake.open());
    for (const auto surface : {Surface::wall, Surface::gex}) {
        const auto get = [&](const std::string& symbol) {
            return request(server.port(), "/v1/hud/surfaces?symbol=" + symbol +
                                              "&dt=2026-01-06&surface=" + std::string(name_of(surface)));
        };
        expect_same(read_arrow(get("SPY").body),
                    table_of(lake, share, {.surface = surface, .seed = 1}, 0, 4));
        const auto by_root = get("ES");
        EXPECT_EQ(by_root.headers.at("x-hud-symbol"), "ESH6");
        expect_same(read_arrow(by_root.body), table_of(lake, future, {.surface = surface, .seed = 2}, 0, 4));
    }
}

TEST(HudRing, Is1800Windows) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 1810, .half_width = 0};
    lake.write(session);
    write_table(lake, session, {.surface = Surface::gex_levels});
    const RunningServer server(lake.open());
    const auto bootstrap = [&](const std::string& query) {
        return request(server.port(), "/v1/hud/bootstrap" + std::string(kSession) + query);
    };
    const auto newest = bootstrap("&surface=gex_levels");
    EXPECT_EQ(newest.headers.at("x-hud-windows"), "1800");
    EXPECT_EQ(newest.headers.at("x-hud-start-ts-ns"), std::to_string(end_of(session, 10)));
    EXPECT_EQ(newest.headers.at("x-hud-end-ts-ns"), std::to_string(end_of(session, 1809)));
    expect_same(read_arrow(newest.body), table_of(lake, session, {.surface = Surface::gex_levels}, 10, 1810));
    const auto earlier = bootstrap("&end_ts_ns=" + std::to_string(end_of(session, 1805)));
    EXPECT_EQ(earlier.headers.at("x-hud-surface"), "book_snapshot");
    EXPECT_EQ(earlier.headers.at("x-hud-start-ts-ns"), std::to_string(end_of(session, 6)));
    const auto ends = read_arrow(earlier.body).integers.at("window_end_ts_ns");
    ASSERT_EQ(ends.size(), 1800U);
    EXPECT_EQ(ends.front(), end_of(session, 6));
    EXPECT_EQ(ends.back(), end_of(session, 1805));
    EXPECT_EQ(bootstrap("&end_ts_ns=" + std::to_string(end_of(session, 4) - 1)).headers.at("x-hud-windows"),
              "4");
    // A range has no such bound.
    const auto day = request(server.port(), "/v1/hud/surfaces" + std::string(kSession) + "&surface=snap");
    EXPECT_EQ(day.headers.at("x-hud-windows"), "1810");
}

// Windows whose rows lie in two row groups, with a cache that holds no two runs.
TEST(HudRowGroups, AreCrossed) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 130, .half_width = 0};
    const SmallTable wall{.surface = Surface::wall, .dense = 700};
    lake.write(session);
    write_table(lake, session, wall);
    const RunningServer server(lake.open(), {.cache_bytes = 1});
    const auto answer = request(server.port(), "/v1/hud/surfaces" + std::string(kSession) + "&surface=wall");
    ASSERT_GT(std::stoll(answer.headers.at("x-hud-rows")), static_cast<std::int64_t>(lake::kRowGroupRows));
    expect_same(read_arrow(answer.body), table_of(lake, session, wall, 0, 130));
}

TEST(HudBusy, IsSaidWithRetryAfter) {
    const TemporaryLake lake;
    lake.write({.windows = 3});
    lake.write({.symbol = "ESM6", .windows = 3});
    const RunningServer server(lake.open(), {.max_open_sessions = 1});
    StreamSocket stream(server.port(), "/v1/velocity/stream?skip_minutes=0&speed=0.0001");
    ASSERT_NE(stream.read().payload.find("batch_start"), std::string::npos);
    const auto answer = request(server.port(), "/v1/hud/bootstrap?symbol=ESM6&dt=2026-01-06");
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.headers.at("retry-after"), "1");
    const RunningServer none(lake.open(), {.max_busy_requests = 0});
    EXPECT_EQ(request(none.port(), "/v1/hud/bootstrap?symbol=ESM6&dt=2026-01-06").status, 503);
}

}  // namespace
}  // namespace spymaster::serve
