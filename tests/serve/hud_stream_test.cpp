// Surfaces that a client chooses, on both streams, over real sockets.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include <nlohmann/json.hpp>

#include "hud_lake.hpp"
#include "raw_client.hpp"

namespace spymaster::serve {
namespace {

using Json = nlohmann::json;
using Names = std::vector<std::string>;

const Names kSeven{"book_snapshot", "wall", "vacuum", "radar", "physics_bands", "gex", "gex_levels"};
constexpr const char* kVelocity = "/v1/velocity/stream?skip_minutes=0&speed=";
constexpr const char* kHud = "/v1/hud/stream?symbol=ESH6&dt=2026-01-06&speed=";

// The surfaces of one window as they came, and the last text read, which is what came instead if it was no window.
struct Came {
    std::int64_t end = 0;
    Names order;
    std::map<std::string, ArrowTable> tables;
    std::map<std::string, std::string> messages;  // as sent
    WsMessage instead;
};

void take_surface(StreamSocket& stream, const std::string& name, Came& came) {
    const auto message = stream.read();
    ASSERT_EQ(message.opcode, 2);
    came.order.push_back(name);
    came.tables[name] = read_arrow(message.payload);
    EXPECT_EQ(came.tables[name].error, "");
    EXPECT_LE(came.tables[name].batch_rows.size(), 1U);
    came.messages[name] = message.bytes;
}

Came read_velocity_window(StreamSocket& stream) {
    Came came;
    came.instead = stream.read();
    const auto start = Json::parse(came.instead.payload, nullptr, false);
    if (came.instead.opcode != 1 || start["type"] != "batch_start") return came;
    EXPECT_TRUE(start.contains("calibration"));
    came.end = std::stoll(start["window_end_ts_ns"].get<std::string>());
    for (const auto& name : start["surfaces"]) {
        EXPECT_EQ(stream.read().payload,
                  R"({"type":"surface_header","surface":")" + name.get<std::string>() + "\"}");
        take_surface(stream, name, came);
    }
    return came;
}

// The hud's windows have no message that begins them: so many surfaces are one.
Came read_hud_window(StreamSocket& stream, std::size_t surfaces = kSeven.size()) {
    Came came;
    for (std::size_t i = 0; i < surfaces; ++i) {
        came.instead = stream.read();
        const auto head = Json::parse(came.instead.payload, nullptr, false);
        if (came.instead.opcode != 1 || head["type"] != "hud_batch") return came;
        came.end = std::stoll(head["window_end_ts_ns"].get<std::string>());
        const auto name = head["surface"].get<std::string>();
        EXPECT_EQ(came.instead.payload, R"({"type":"hud_batch","surface":")" + name +
                                            R"(","window_end_ts_ns":")" + std::to_string(came.end) + "\"}");
        take_surface(stream, name, came);
    }
    return came;
}

Surface surface_of(const std::string& name) {
    return *find_surface(name, StreamKind::velocity);
}

double windows_of(const RunningServer& server, const std::string& name) {
    return server.metric("spymaster_surface_windows_total{surface=\"" + name + "\"}");
}

class Chosen : public testing::Test {
  protected:
    Chosen() {
        lake_.write(session_);
        write_tables(lake_, session_);
    }
    [[nodiscard]] std::string at(std::int64_t k) const { return std::to_string(end_of(session_, k)); }
    void expect_table(const Came& came, const std::string& name, std::int64_t k) const {
        ASSERT_TRUE(came.tables.contains(name)) << name;
        expect_same(came.tables.at(name), table_of(lake_, session_, {.surface = surface_of(name)}, k, k + 1));
    }

    TemporaryLake lake_;
    SmallSession session_{.windows = 130};
    RunningServer server_{lake_.open()};
};

TEST_F(Chosen, TheHudSendsSevenTablesAWindowThenTheEnd) {
    StreamSocket stream(server_.port(), std::string(kHud) + "1e6");
    ASSERT_EQ(stream.handshake().status, 101);
    for (std::int64_t k = 0; k < 130; ++k) {
        const auto came = read_hud_window(stream);
        ASSERT_EQ(came.end, end_of(session_, k));
        EXPECT_EQ(came.order, kSeven);
        for (const auto& name : kSeven) {
            if (name != "book_snapshot") expect_table(came, name, k);
        }
        EXPECT_EQ(came.tables.at("book_snapshot").integers.at("trade_count"), std::vector<std::int64_t>{k});
    }
    const auto end = stream.read();
    EXPECT_EQ(end.opcode, 1);
    EXPECT_EQ(end.payload, R"({"type":"end"})");
    EXPECT_EQ(stream.read().close_code(), 1000);
    for (const auto* name : {"snap", "velocity", "options", "forecast"})
        EXPECT_EQ(windows_of(server_, name), 0.0) << name;
}

TEST_F(Chosen, TheHudStartsWhereItIsTold) {
    const auto stream_from = [&](std::int64_t ts) {
        return std::string(kHud) + "1e6&surfaces=gex,physics,snap&start_ts_ns=" + std::to_string(ts);
    };
    StreamSocket on(server_.port(), stream_from(end_of(session_, 128)));
    const auto came = read_hud_window(on, 3);
    EXPECT_EQ(came.end, end_of(session_, 128));
    EXPECT_EQ(came.order, (Names{"book_snapshot", "physics_bands", "gex"}));
    EXPECT_EQ(read_hud_window(on, 3).end, end_of(session_, 129));
    EXPECT_EQ(on.read().payload, R"({"type":"end"})");
    EXPECT_EQ(on.read().close_code(), 1000);
    StreamSocket between(server_.port(), stream_from(end_of(session_, 77) - 1));
    EXPECT_EQ(read_hud_window(between, 3).end, end_of(session_, 77));
    StreamSocket after(server_.port(), stream_from(end_of(session_, 129) + 1));
    EXPECT_EQ(after.read().payload, R"({"type":"end"})");
    EXPECT_EQ(after.read().close_code(), 1000);
}

TEST_F(Chosen, TheVelocityStreamSendsWhatIsAskedFor) {
    StreamSocket stream(server_.port(), std::string(kVelocity) + "1e6&surfaces=gex_levels,wall,snap,wall");
    for (std::int64_t k = 0; k < 130; ++k) {
        const auto came = read_velocity_window(stream);
        ASSERT_EQ(came.end, end_of(session_, k));
        EXPECT_EQ(came.order, (Names{"snap", "wall", "gex_levels"}));
        EXPECT_EQ(came.tables.at("snap").schema.size(), 4U);
        expect_table(came, "wall", k);
        expect_table(came, "gex_levels", k);
    }
    EXPECT_EQ(stream.read().close_code(), 1000);
    for (const auto name : kSurfaceNames) {
        const bool asked = name == "snap" || name == "wall" || name == "gex_levels";
        EXPECT_EQ(windows_of(server_, std::string(name)), asked ? 130.0 : 0.0) << name;
    }
}

TEST_F(Chosen, ClientsShareWhatIsEncodedWhateverTheirStream) {
    StreamSocket hud(server_.port(), std::string(kHud) + "1e6");
    StreamSocket velocity(server_.port(), std::string(kVelocity) + "1e6&surfaces=velocity,radar,wall");
    StreamSocket four(server_.port(), std::string(kVelocity) + "1e6");
    for (std::int64_t k = 0; k < 130; ++k) {
        const auto ours = read_hud_window(hud);
        const auto theirs = read_velocity_window(velocity);
        EXPECT_EQ(ours.messages.at("radar"), theirs.messages.at("radar"));
        EXPECT_EQ(ours.messages.at("wall"), theirs.messages.at("wall"));
        EXPECT_EQ(theirs.messages.at("velocity"), read_velocity_window(four).messages.at("velocity"));
    }
    for (const auto* name : {"velocity", "radar", "wall", "gex", "snap"})
        EXPECT_EQ(windows_of(server_, name), 130.0) << name;
}

TEST_F(Chosen, TablesThatAreNotThereAreEmptyWithTheirSchemas) {
    const TemporaryLake bare;
    bare.write({.windows = 2});
    const RunningServer server(bare.open());
    StreamSocket stream(server.port(), std::string(kHud) + "1e6");
    const auto came = read_hud_window(stream);
    EXPECT_EQ(came.order, kSeven);
    for (const auto& name : kSeven) {
        if (name == "book_snapshot") continue;
        EXPECT_TRUE(came.tables.at(name).batch_rows.empty()) << name;
        EXPECT_EQ(came.tables.at(name).schema,
                  table_of(lake_, session_, {.surface = surface_of(name)}, 0, 0).schema);
    }
}

TEST_F(Chosen, AnotherChoiceHoldsFromTheNextWindowOn) {
    StreamSocket stream(server_.port(), std::string(kVelocity) + "0.0001");
    EXPECT_EQ(read_velocity_window(stream).order, (Names{"snap", "velocity", "options", "forecast"}));
    EXPECT_EQ(windows_of(server_, "vacuum"), 0.0);
    std::int64_t k = 0;
    const auto choose = [&](const Json& surfaces) {
        stream.send_text(Json{{"type", "surfaces"}, {"surfaces", surfaces}}.dump());
        return Json::parse(stream.read().payload);
    };
    const auto expect_order = [&](const Names& order) {
        stream.send_text(R"({"type":"step"})");
        EXPECT_EQ(Json::parse(stream.read().payload)["type"], "state");
        const auto came = read_velocity_window(stream);
        EXPECT_EQ(came.end, end_of(session_, ++k));
        EXPECT_EQ(came.order, order);
        if (came.tables.contains("vacuum")) expect_table(came, "vacuum", k);
    };
    const auto state = choose(Json::array({"vacuum", "velocity"}));
    EXPECT_EQ(state["type"], "state");
    EXPECT_EQ(state["window_end_ts_ns"], at(0));
    EXPECT_EQ(state["playing"], true);
    expect_order({"velocity", "vacuum"});
    for (const auto& bad :
         {Json::array({"vacuum", "walls"}), Json::array(), Json("wall"), Json::array({1}), Json()}) {
        const auto answer = choose(bad);
        EXPECT_EQ(answer["type"], "error") << bad;
        expect_order({"velocity", "vacuum"});
    }
    EXPECT_NE(choose(Json::array({"walls"})).value("message", "").find("gex_levels"), std::string::npos);
    EXPECT_EQ(choose(Json::array({"physics"}))["type"], "state");
    expect_order({"physics_bands"});
}

TEST_F(Chosen, TheHudIsSteeredAndStaysAtTheEnd) {
    StreamSocket stream(server_.port(), std::string(kHud) + "0.0001&surfaces=radar");
    EXPECT_EQ(read_hud_window(stream, 1).end, end_of(session_, 0));
    stream.send_text(R"({"type":"pause"})");
    EXPECT_EQ(Json::parse(stream.read().payload)["playing"], false);
    for (const std::int64_t k : {100, 3, 129}) {
        stream.send_text(R"({"type":"seek","window_end_ts_ns":")" + at(k) + R"("})");
        EXPECT_EQ(Json::parse(stream.read().payload)["window_end_ts_ns"], at(k));
        const auto came = read_hud_window(stream, 1);
        EXPECT_EQ(came.end, end_of(session_, k));
        expect_table(came, "radar", k);
    }
    const auto state = Json::parse(stream.read().payload);
    EXPECT_EQ(state["type"], "state");
    EXPECT_EQ(state["ended"], true);
    stream.send_text(R"({"type":"surfaces","surfaces":["snap"]})");
    EXPECT_EQ(Json::parse(stream.read().payload)["type"], "state");
    stream.send_text(R"({"type":"step","windows":-1})");
    EXPECT_EQ(Json::parse(stream.read().payload)["type"], "state");
    EXPECT_EQ(read_hud_window(stream, 1).order, Names{"book_snapshot"});
}

TEST_F(Chosen, BadParametersAreRefusedBeforeTheUpgrade) {
    for (const auto* target :
         {"/v1/hud/stream?dt=2026-01-06", "/v1/hud/stream?symbol=ESH6",
          "/v1/hud/stream?symbol=ESH6&dt=2026-01-06&speed=0",
          "/v1/hud/stream?symbol=ESH6&dt=2026-01-06&start_ts_ns=soon",
          "/v1/hud/stream?symbol=ESH6&dt=2026-01-06&surfaces=",
          "/v1/hud/stream?symbol=ESH6&dt=2026-01-06&surfaces=wall,",
          "/v1/hud/stream?symbol=ESH6&dt=2026-01-06&surfaces=wall&surfaces=gex",
          "/v1/velocity/stream?surfaces=walls", "/v1/velocity/stream?surfaces=wall%00"}) {
        const StreamSocket stream(server_.port(), target);
        EXPECT_EQ(stream.handshake().status, 400) << target;
        EXPECT_TRUE(Json::parse(stream.handshake().body)["error"].is_string()) << target;
    }
    StreamSocket unknown(server_.port(), "/v1/hud/stream?symbol=ESH7&dt=2026-01-06");
    EXPECT_EQ(Json::parse(unknown.read().payload)["type"], "error");
    EXPECT_EQ(unknown.read().close_code(), 1011);
}

// One run of windows at a time in memory; surfaces are added to it and let go of with it.
TEST_F(Chosen, AreFoundAgainAfterTheyWereLetGoOf) {
    const RunningServer server(lake_.open(), {.cache_bytes = 1});
    StreamSocket hud(server.port(), std::string(kHud) + "0.0001&surfaces=wall,gex");
    StreamSocket velocity(server.port(), std::string(kVelocity) + "0.0001&surfaces=wall,radar");
    read_hud_window(hud, 2);
    read_velocity_window(velocity);
    for (const std::int64_t k : {129, 2, 61, 119, 120, 59, 60}) {
        const auto seek = R"({"type":"seek","window_end_ts_ns":")" + at(k) + R"("})";
        for (auto* stream : {&hud, &velocity}) {
            stream->send_text(seek);
            EXPECT_EQ(Json::parse(stream->read().payload)["type"], "state");
        }
        const auto ours = read_hud_window(hud, 2);
        const auto theirs = read_velocity_window(velocity);
        expect_table(ours, "gex", k);
        expect_table(theirs, "radar", k);
        EXPECT_EQ(ours.messages.at("wall"), theirs.messages.at("wall"));
        if (k == 129) {  // the end is told to those who steer
            hud.read();
            velocity.read();
        }
    }
}

TEST_F(Chosen, AReplacedTableEndsAStreamThatAsksForItTooLate) {
    StreamSocket stream(server_.port(), std::string(kVelocity) + "0.0001");
    EXPECT_EQ(read_velocity_window(stream).end, end_of(session_, 0));
    write_table(lake_, session_, {.surface = Surface::wall, .seed = 4});
    stream.send_text(R"({"type":"surfaces","surfaces":["wall"]})");
    EXPECT_EQ(Json::parse(stream.read().payload)["type"], "state");
    stream.send_text(R"({"type":"step"})");
    EXPECT_EQ(Json::parse(stream.read().payload)["type"], "state");
    const auto error = Json::parse(stream.read().payload);
    ASSERT_EQ(error["type"], "error");
    EXPECT_NE(error["message"].get<std::string>().find("connect again"), std::string::npos);
    EXPECT_EQ(stream.read().close_code(), 1011);
    StreamSocket again(server_.port(), std::string(kVelocity) + "0.0001&surfaces=wall");
    expect_same(read_velocity_window(again).tables.at("wall"),
                table_of(lake_, session_, {.surface = Surface::wall, .seed = 4}, 0, 1));
}

TEST_F(Chosen, ADamagedTableStopsThoseWhoAskForItAlone) {
    const auto folder = lake_.open().partition_path(table_of(session_.key(), Surface::wall));
    ASSERT_TRUE(folder.ok());
    std::filesystem::resize_file(*folder / "part-00000.parquet", 100);
    StreamSocket whole(server_.port(), std::string(kHud) + "0.0001&surfaces=radar,gex");
    StreamSocket broken(server_.port(), std::string(kHud) + "0.0001&surfaces=radar,wall");
    expect_table(read_hud_window(whole, 2), "radar", 0);
    EXPECT_EQ(Json::parse(broken.read().payload)["type"], "error");
    EXPECT_EQ(broken.read().close_code(), 1011);
    whole.send_text(R"({"type":"seek","window_end_ts_ns":")" + at(125) + R"("})");
    EXPECT_EQ(Json::parse(whole.read().payload)["type"], "state");
    expect_table(read_hud_window(whole, 2), "radar", 125);
}

// A client that does not read, beside one that does: the first misses windows and gets whole ones, the other all.
TEST(ChosenBySlowClients, AreConflatedAWindowAtATime) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 200, .half_width = 1};
    lake.write(session);
    write_table(lake, session, {.surface = Surface::wall, .dense = 100});
    write_table(lake, session, {.surface = Surface::radar});
    const RunningServer server(lake.open(), {.send_buffer_bytes = 4096});
    const std::string query = "&surfaces=wall,radar";
    StreamSocket slow(server.port(), std::string(kHud) + "100" + query, 4096);
    StreamSocket quick(server.port(), std::string(kHud) + "1e6" + query);
    for (std::int64_t k = 0; k < 200; ++k) EXPECT_EQ(read_hud_window(quick, 2).end, end_of(session, k));
    std::this_thread::sleep_for(std::chrono::milliseconds{2500});  // its schedule is over before it reads
    std::vector<std::int64_t> ends;
    Came came;
    while ((came = read_hud_window(slow, 2)).order.size() == 2) {
        EXPECT_EQ(came.order, (Names{"wall", "radar"}));
        for (auto& [name, table] : came.tables) {
            for (const auto end : table.integers["window_end_ts_ns"]) EXPECT_EQ(end, came.end);
        }
        ends.push_back(came.end);
    }
    EXPECT_EQ(came.instead.payload, R"({"type":"end"})");
    EXPECT_EQ(slow.read().close_code(), 1000);
    EXPECT_TRUE(std::is_sorted(ends.begin(), ends.end()));
    EXPECT_LT(ends.size(), 200U);
    EXPECT_EQ(ends.back(), end_of(session, 199));
    EXPECT_EQ(server.metric("spymaster_ws_dropped_windows_total"), 200.0 - static_cast<double>(ends.size()));
}

// From several threads while tables are replaced: every window is whole, and of one of the two partitions.
TEST(ChosenByMany, WhileTablesAreReplaced) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 150, .half_width = 3};
    const SmallTable walls[]{{.surface = Surface::wall}, {.surface = Surface::wall, .seed = 3}};
    lake.write(session);
    write_table(lake, session, walls[0]);
    const RunningServer server(lake.open(), {.cache_bytes = 1 << 16});
    std::vector<ArrowTable> expected;
    for (const auto& wall : walls) expected.push_back(table_of(lake, session, wall, 0, 150));
    const auto watch = [&] {
        StreamSocket stream(server.port(), std::string(kVelocity) + "1e6&surfaces=velocity,wall,radar");
        std::int64_t k = 0;
        auto came = read_velocity_window(stream);
        for (; came.order.size() == 3; came = read_velocity_window(stream), ++k)
            EXPECT_EQ(came.end, end_of(session, k));
        const auto message = came.instead;  // the end, or that the wall was replaced before it was first read
        if (message.opcode == 8)
            EXPECT_EQ(k, 150);
        else
            EXPECT_NE(message.payload.find("connect again"), std::string::npos) << message.payload;
    };
    const auto ask = [&] {
        for (int i = 0; i < 5; ++i) {
            const auto answer =
                request(server.port(), "/v1/hud/surfaces?symbol=ESH6&dt=2026-01-06&surface=wall");
            if (answer.status != 200 || !answer.whole) continue;
            const auto table = read_arrow(answer.body);
            EXPECT_EQ(table.error, "");
            EXPECT_TRUE(table.integers == expected[0].integers || table.integers == expected[1].integers);
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) threads.emplace_back(watch);
    for (int i = 0; i < 2; ++i) threads.emplace_back(ask);
    for (int i = 1; i < 6; ++i) write_table(lake, session, walls[i % 2]);
    for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace spymaster::serve
