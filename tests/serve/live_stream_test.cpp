// Sessions that are live, over real sockets: what a client sees of one is what it sees of the same session replayed, byte
// for byte, whatever it does meanwhile.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <thread>

#include <nlohmann/json.hpp>

#include "fake_market.hpp"
#include "hud_lake.hpp"
#include "raw_client.hpp"
#include "serve/playback.hpp"

namespace spymaster::serve {
namespace {

using Json = nlohmann::json;

const std::string kEverySurface =
    "snap,velocity,options,forecast,book_snapshot,wall,vacuum,radar,physics_bands,gex,gex_levels";
const std::string kVelocity = "/v1/velocity/stream?symbol=ESH6&surfaces=" + kEverySurface;
const std::string kHud = "/v1/hud/stream?symbol=ESH6";

// A window as it came: all its messages; or what came instead.
struct Came {
    std::string end;
    std::string bytes;
    Json text;  // that came instead: a state, an error; {"type":"close"}
    int close_code = 0;
};

// Reads what comes on a stream; what is said about the feed is kept apart.
class Reader {
  public:
    Reader(const RunningServer& server, const std::string& target, std::size_t hud_surfaces = 0,
           int receive_buffer = 0)
        : stream_(server.port(), target, receive_buffer), hud_surfaces_(hud_surfaces) {
        EXPECT_EQ(stream_.handshake().status, 101);
    }

    void say(const Json& message) { stream_.send_text(message.dump()); }
    Came next() {
        auto message = next_but_feed();
        if (message.opcode != 1) return {{}, {}, {{"type", "close"}}, message.close_code()};
        auto json = Json::parse(message.payload);
        if (json["type"] != "batch_start" && json["type"] != "hud_batch") return {{}, {}, json, 0};
        Came came{json["window_end_ts_ns"], message.bytes, {}, 0};
        const bool velocity = json["type"] == "batch_start";
        const std::size_t more = velocity ? 2 * json["surfaces"].size() : 2 * hud_surfaces_ - 1;
        for (std::size_t i = 0; i < more; ++i) {
            message = stream_.read();
            const bool is_text = message.opcode == 1;
            EXPECT_TRUE(!is_text || Json::parse(message.payload)["type"] != "feed") << "within a window";
            came.bytes += message.bytes;
        }
        return came;
    }
    // The next state; windows before it are passed over.
    Json next_state() {
        while (true) {
            auto came = next();
            if (came.end.empty()) return came.text;
        }
    }
    // The message that comes next, which has to be of the feed.
    Json next_feed() { return Json::parse(stream_.read().payload); }
    [[nodiscard]] const std::vector<Json>& feeds() const { return feeds_; }

  private:
    WsMessage next_but_feed() {
        while (true) {
            auto message = stream_.read();
            if (message.opcode != 1) return message;
            auto json = Json::parse(message.payload);
            if (json["type"] != "feed") return message;
            feeds_.push_back(std::move(json));
        }
    }
    StreamSocket stream_;
    std::size_t hud_surfaces_;
    std::vector<Json> feeds_;
};

class Live : public testing::Test {
  protected:
    struct WrittenLake : TemporaryLake {
        WrittenLake(const SmallSession& session, const SmallChain& chain) {
            write(session);
            write_tables(*this, session);
            write_options(session, chain);
            write_calibration("ES", end_of(session, 3), {.beta = 0.5, .gamma = 0.25});
        }
    };
    [[nodiscard]] static ServeOptions options() {
        ServeOptions options;
        options.live = {.windows = 60, .explained = 100};
        return options;
    }
    // The session as it is replayed, window by window.
    std::vector<Came> replayed(const std::string& stream, std::size_t hud_surfaces = 0) {
        Reader reader(server_, stream + "&dt=2026-01-06&speed=1e6&skip_minutes=0", hud_surfaces);
        std::vector<Came> windows;
        for (std::int64_t k = 0; k < session_.windows; ++k) windows.push_back(reader.next());
        return windows;
    }
    [[nodiscard]] std::string at(std::int64_t k) const { return std::to_string(end_of(session_, k)); }
    void expect_window(const Came& came, const std::vector<Came>& expected, std::int64_t k) const {
        ASSERT_EQ(came.end, at(k)) << came.text;
        EXPECT_TRUE(came.bytes == expected[static_cast<std::size_t>(k)].bytes) << "window " << k;
    }
    void expect_same_answer(const std::string& path, const std::string& query) const {
        const auto live = request(server_.port(), path + "?symbol=ESH6&dt=live" + query);
        const auto lake = request(server_.port(), path + "?symbol=ESH6&dt=2026-01-06" + query);
        EXPECT_EQ(live.status, 200) << path << query << live.body.substr(0, 300);
        EXPECT_TRUE(live.whole);
        EXPECT_TRUE(live.body == lake.body) << path << query;
        for (const auto& [name, value] : lake.headers) {
            if (!name.starts_with("x-hud-")) continue;
            EXPECT_EQ(live.headers.at(name), value) << path << query;
        }
    }

    SmallSession session_{.windows = 200, .empty_window = 7};
    SmallChain chain_;
    WrittenLake lake_{session_, chain_};
    RunningServer server_{lake_.open(), options()};
    FakeMarket market_{lake_, session_, server_.server().live(), &chain_};
};

TEST_F(Live, AFollowerGetsTheBytesOfTheReplay) {
    const auto expected = replayed(kVelocity);
    const auto expected_hud = replayed(kHud, 7);
    market_.begin();
    Reader velocity(server_, kVelocity + "&dt=live");
    Reader hud(server_, kHud + "&dt=live", 7);
    for (std::int64_t k = 0; k < session_.windows; ++k) {
        std::thread feed([&] { market_.tell(k); });
        expect_window(velocity.next(), expected, k);
        expect_window(hud.next(), expected_hud, k);
        feed.join();
    }
    market_.end();
    EXPECT_EQ(velocity.next().close_code, 1000);
    EXPECT_EQ(hud.next().text, Json({{"type", "end"}}));
    EXPECT_EQ(hud.next().close_code, 1000);
    EXPECT_EQ(server_.metric("spymaster_live_windows_total"), 200.0);
    // A window that was closed before a client's session was open is not timed: of each client the first may be.
    const double timed = server_.metric("spymaster_live_window_latency_seconds_count");
    EXPECT_GE(timed, 398.0);
    EXPECT_LE(timed, 400.0);
    EXPECT_EQ(server_.metric("spymaster_window_compute_seconds_count"), 200.0);
}

TEST_F(Live, WhoComesLateGetsTheNewestAndReadsTheRest) {
    const auto expected = replayed(kVelocity);
    market_.begin();
    market_.tell_through(149);
    Reader late(server_, kVelocity + "&dt=live");
    expect_window(late.next(), expected, 149);
    market_.tell(150);
    expect_window(late.next(), expected, 150);

    Reader again(server_, kVelocity + "&dt=live&after_window_end_ts_ns=" + at(20));
    for (std::int64_t k = 21; k <= 150; ++k) expect_window(again.next(), expected, k);
    market_.tell(151);
    expect_window(again.next(), expected, 151);
    expect_window(late.next(), expected, 151);

    Reader all(server_, kVelocity + "&dt=live&skip_minutes=0&speed=1e6");
    for (std::int64_t k = 0; k <= 151; ++k) expect_window(all.next(), expected, k);
    market_.tell(152);
    expect_window(all.next(), expected, 152);

    Reader beyond(server_, kVelocity + "&dt=live&after_window_end_ts_ns=" + at(154));
    market_.tell_through(155);
    expect_window(beyond.next(), expected, 155);
}

TEST_F(Live, RangesAreThoseOfTheLake) {
    market_.begin();
    market_.tell_through(session_.windows - 1);
    for (const auto surface : kTables) {
        const auto named = "&surface=" + std::string(name_of(surface));
        expect_same_answer("/v1/hud/surfaces", named);
        expect_same_answer("/v1/hud/bootstrap", named);
        expect_same_answer("/v1/hud/surfaces", named + "&start_ts_ns=" + at(59) + "&end_ts_ns=" + at(141));
    }
    for (const auto* path : {"/v1/velocity.arrow", "/v1/options.arrow", "/v1/forecast.arrow"}) {
        expect_same_answer(path, "&start=" + at(0) + "&end=" + at(199));
        expect_same_answer(path, "&start=" + at(139) + "&end=" + at(141));
    }
    for (const std::int64_t k : {100, 101, 107, 199})
        expect_same_answer("/v1/forecast/explain", "&window_end_ts_ns=" + at(k));
    expect_same_answer("/v1/calibration", "");
    const auto old =
        request(server_.port(), "/v1/forecast/explain?symbol=ESH6&dt=live&window_end_ts_ns=" + at(99));
    EXPECT_EQ(old.status, 404);
    EXPECT_NE(old.body.find("dt=2026-01-06"), std::string::npos) << old.body;
}

TEST_F(Live, RangesAreReadWhileItGrows) {
    market_.begin();
    market_.tell_through(9);
    std::thread feed([&] { market_.tell_through(session_.windows - 1); });
    const auto whole =
        request(server_.port(), "/v1/velocity.arrow?symbol=ESH6&dt=2026-01-06&start=0&end=" + at(199));
    const auto lake = read_arrow(whole.body);
    for (std::int64_t seen = 0; seen < session_.windows;) {
        const auto live =
            request(server_.port(), "/v1/velocity.arrow?symbol=ESH6&dt=live&start=0&end=" + at(199));
        ASSERT_TRUE(live.whole) << live.body;
        const auto table = read_arrow(live.body);
        ASSERT_EQ(table.error, "");
        const auto& ends = table.integers.at("window_end_ts_ns");
        ASSERT_LE(ends.size(), lake.integers.at("window_end_ts_ns").size());
        EXPECT_TRUE(
            std::ranges::equal(ends, std::span(lake.integers.at("window_end_ts_ns")).first(ends.size())));
        EXPECT_TRUE(
            std::ranges::equal(table.reals.at("rho"), std::span(lake.reals.at("rho")).first(ends.size())));
        seen = (ends.back() - end_of(session_, 0)) / 1'000'000'000 + 1;
    }
    feed.join();
}

TEST_F(Live, SeekingBackAndReturning) {
    const auto expected = replayed(kVelocity);
    market_.begin();
    market_.tell_through(180);
    Reader reader(server_, kVelocity + "&dt=live&speed=0.0001");
    expect_window(reader.next(), expected, 180);
    reader.say({{"type", "seek"}, {"window_end_ts_ns", at(30)}});
    auto state = reader.next_state();
    EXPECT_EQ(state["live"], false);
    EXPECT_EQ(state["window_end_ts_ns"], at(30));
    expect_window(reader.next(), expected, 30);
    market_.tell_through(185);  // nothing of it comes
    reader.say({{"type", "step"}});
    EXPECT_EQ(reader.next_state()["playing"], false);
    expect_window(reader.next(), expected, 31);
    reader.say({{"type", "live"}});
    state = reader.next_state();
    EXPECT_EQ(state["live"], true);
    EXPECT_EQ(state["playing"], true);
    EXPECT_EQ(state["dropped_windows"], 0);
    expect_window(reader.next(), expected, 185);
    market_.tell(186);
    expect_window(reader.next(), expected, 186);

    reader.say({{"type", "speed"}, {"speed", 1e6}});
    EXPECT_EQ(reader.next_state()["live"], false);
    market_.tell(187);
    EXPECT_EQ(reader.next().text["live"], true) << "the replay has reached the edge";
    expect_window(reader.next(), expected, 187);
    market_.end();
    state = reader.next_state();
    EXPECT_EQ(state["ended"], true);
    EXPECT_EQ(state["live"], false);
    reader.say({{"type", "live"}});
    EXPECT_EQ(reader.next().text["type"], "error");
    reader.say({{"type", "seek"}, {"window_end_ts_ns", at(0)}});
    EXPECT_EQ(reader.next_state()["ended"], false);
    expect_window(reader.next(), expected, 0);
}

TEST_F(Live, APausedClientGetsNothingAndGoesOnWhereItWas) {
    const auto expected = replayed(kHud, 7);
    market_.begin();
    market_.tell_through(2);
    Reader reader(server_, kHud + "&dt=live&speed=1e6", 7);
    expect_window(reader.next(), expected, 2);
    reader.say({{"type", "pause"}});
    EXPECT_EQ(reader.next_state()["live"], false);
    market_.tell_through(150);
    reader.say({{"type", "resume"}});
    EXPECT_EQ(reader.next().text["type"], "state");
    for (std::int64_t k = 3; k <= 150; ++k) expect_window(reader.next(), expected, k);
}

TEST_F(Live, AReplayIsNotLive) {
    Reader reader(server_, kVelocity + "&dt=2026-01-06&skip_minutes=0&speed=0.0001");
    reader.say({{"type", "live"}});
    EXPECT_EQ(reader.next_state()["type"], "error");
    reader.say({{"type", "pause"}});
    EXPECT_FALSE(reader.next_state().contains("live"));
    EXPECT_TRUE(reader.feeds().empty());
}

TEST_F(Live, WhoIsThereBeforeTheFirstWindowWaits) {
    market_.begin();
    Reader reader(server_, kVelocity + "&dt=live");
    EXPECT_EQ(reader.next_feed()["state"], "connecting");
    const auto answer = request(server_.port(), "/v1/hud/bootstrap?symbol=ESH6&dt=live&surface=wall");
    EXPECT_EQ(answer.status, 404) << answer.body;
    market_.tell(0);
    EXPECT_EQ(reader.next().end, at(0));
    Reader hud(server_, kHud + "&dt=live&start_ts_ns=" + at(3), 7);
    market_.tell_through(4);
    EXPECT_EQ(hud.next().end, at(3));
}

// Few bytes fit into the kernel's buffers, and the windows are large: the client blocks the sending of one.
TEST(LiveSlow, ASlowClientGoesOnWithTheNewest) {
    const SmallSession session{.windows = 120, .half_width = 400};
    const TemporaryLake lake;
    lake.write(session);
    ServeOptions options;
    options.send_buffer_bytes = 4096;
    RunningServer server(lake.open(), options);
    FakeMarket market(lake, session, server.server().live());
    market.begin();
    market.tell(0);
    Reader slow(server, "/v1/velocity/stream?symbol=ESH6&dt=live", 0, 4096);
    EXPECT_EQ(slow.next().end, std::to_string(end_of(session, 0)));
    market.tell_through(119);
    std::this_thread::sleep_for(Playback::kLagTolerance + std::chrono::milliseconds{100});
    std::vector<std::string> ends;
    while (ends.empty() || ends.back() != std::to_string(end_of(session, 119))) {
        const auto came = slow.next();
        ASSERT_NE(came.end, "") << came.text;
        ASSERT_TRUE(ends.empty() || ends.back() < came.end) << "in order";
        ends.push_back(came.end);
    }
    EXPECT_LT(ends.size(), 60U);
    EXPECT_EQ(server.metric("spymaster_ws_dropped_windows_total"), 119.0 - static_cast<double>(ends.size()));
    slow.say({{"type", "pause"}});
    EXPECT_EQ(slow.next_state()["dropped_windows"], 119 - ends.size());
}

}  // namespace
}  // namespace spymaster::serve
