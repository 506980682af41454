// The stream for clients that steer: pause, resume, seek, speed, step.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "raw_client.hpp"
#include "small_lake.hpp"

namespace spymaster::serve {
namespace {

using Json = nlohmann::json;

// Texts of a stream, with the windows passed over: what is of interest here is their order.
class Steered {
  public:
    Steered(std::uint16_t port, std::string_view query)
        : stream_(port, "/v1/velocity/stream?skip_minutes=0&" + std::string(query)) {}

    void say(const Json& message) { stream_.send_text(message.dump()); }
    // The next batch_start, state or error; {"type":"close"} at the end.
    Json next() {
        while (true) {
            const auto message = stream_.read();
            if (message.opcode == 8 || message.opcode == 0)
                return {{"type", "close"}, {"code", message.close_code()}};
            if (message.opcode != 1) continue;
            auto json = Json::parse(message.payload);
            if (json["type"] != "surface_header") return json;
        }
    }
    std::int64_t next_window() {
        const auto json = next();
        EXPECT_EQ(json["type"], "batch_start") << json;
        return std::stoll(json.value("window_end_ts_ns", "0"));
    }
    Json next_state() {
        auto json = next();
        EXPECT_EQ(json["type"], "state") << json;
        return json;
    }
    StreamSocket& stream() { return stream_; }

  private:
    StreamSocket stream_;
};

class Steering : public testing::Test {
  protected:
    [[nodiscard]] std::string at(std::int64_t k) const { return std::to_string(end_of(session_, k)); }

    struct WrittenLake : TemporaryLake {
        explicit WrittenLake(const SmallSession& session) { write(session); }
    };
    SmallSession session_{.windows = 100};
    WrittenLake lake_{session_};
    RunningServer server_{lake_.open()};
    // A pace so slow that nothing but the first window comes by itself during a test.
    Steered still_{server_.port(), "speed=0.0001"};
};

TEST_F(Steering, StateHasItsFields) {
    EXPECT_EQ(still_.next_window(), end_of(session_, 0));
    still_.say({{"type", "pause"}});
    const Json expected{{"type", "state"},           {"playing", false}, {"speed", 0.0001},
                        {"window_end_ts_ns", at(0)}, {"ended", false},   {"dropped_windows", 0}};
    EXPECT_EQ(still_.next_state(), expected);
    still_.say({{"type", "resume"}});
    EXPECT_EQ(still_.next_state()["playing"], true);
    still_.say({{"type", "speed"}, {"speed", 0.25}});
    EXPECT_EQ(still_.next_state()["speed"], 0.25);
}

TEST_F(Steering, SeekAnswersThenSendsTheWindowAlsoWhenPaused) {
    still_.next_window();
    still_.say({{"type", "pause"}});
    still_.next_state();
    for (const std::int64_t k : {70, 3, 99, 0}) {
        still_.say({{"type", "seek"}, {"window_end_ts_ns", at(k)}});
        const auto state = still_.next_state();
        EXPECT_EQ(state["window_end_ts_ns"], at(k));
        EXPECT_EQ(state["playing"], false);
        EXPECT_EQ(still_.next_window(), end_of(session_, k));
        if (k == 99) {
            EXPECT_EQ(still_.next_state()["ended"], true);
        }
    }
}

TEST_F(Steering, StepsBothWays) {
    still_.next_window();
    std::int64_t k = 0;
    for (const int windows : {1, 1, 10, -5, -1}) {
        still_.say({{"type", "step"}, {"windows", windows}});
        EXPECT_EQ(still_.next_state()["playing"], false);
        k += windows;
        EXPECT_EQ(still_.next_window(), end_of(session_, k));
    }
}

TEST_F(Steering, ABadMessageIsAnsweredAndTheStreamGoesOn) {
    still_.next_window();
    for (const auto* text :
         {"hello", "{}", R"({"type":"speed","speed":0})", R"({"type":"seek","window_end_ts_ns":5})"}) {
        still_.stream().send_text(text);
        const auto error = still_.next();
        EXPECT_EQ(error["type"], "error") << text;
        EXPECT_TRUE(error["message"].is_string());
    }
    still_.say({{"type", "step"}});
    still_.next_state();
    EXPECT_EQ(still_.next_window(), end_of(session_, 1));
}

TEST_F(Steering, EveryMessageIsAnsweredInOrder) {
    still_.next_window();
    for (int i = 1; i <= 50; ++i) still_.say({{"type", "speed"}, {"speed", 0.0001 / i}});
    for (int i = 1; i <= 50; ++i) EXPECT_EQ(still_.next_state()["speed"], 0.0001 / i);
}

TEST_F(Steering, StaysAtTheEndAndGoesBack) {
    Steered steered(server_.port(), "speed=0.0001");
    steered.say({{"type", "speed"}, {"speed", 1e6}});  // before the session is open, maybe
    std::int64_t last = 0;
    int windows = 0;
    Json state;
    while (true) {
        auto message = steered.next();
        if (message["type"] == "state") {
            state = message;
            if (state["ended"] == true) break;
        } else {
            ASSERT_EQ(message["type"], "batch_start");
            last = std::stoll(message["window_end_ts_ns"].get<std::string>());
            windows += 1;
        }
    }
    EXPECT_EQ(windows, 100);
    EXPECT_EQ(last, end_of(session_, 99));
    EXPECT_EQ(state["window_end_ts_ns"], at(99));
    steered.say({{"type", "seek"}, {"window_end_ts_ns", at(97)}});
    EXPECT_EQ(steered.next_state()["ended"], false);
    for (std::int64_t k = 97; k < 100; ++k) EXPECT_EQ(steered.next_window(), end_of(session_, k));
    EXPECT_EQ(steered.next_state()["ended"], true);
}

TEST_F(Steering, AnOverlongMessageClosesTheConnection) {
    still_.next_window();
    still_.stream().send_text(std::string(5000, ' '));
    EXPECT_EQ(still_.next(), (Json{{"type", "close"}, {"code", 1009}}));
}

TEST_F(Steering, StoppingTheServerSaysGoodbye) {
    still_.next_window();
    server_.server().stop();
    EXPECT_EQ(still_.next(), (Json{{"type", "close"}, {"code", 1001}}));
}

TEST_F(Steering, AClientMayClose) {
    still_.next_window();
    still_.stream().send_frame(8, "\x03\xe8");
    EXPECT_EQ(still_.next(), (Json{{"type", "close"}, {"code", 1000}}));
    EXPECT_EQ(still_.stream().read().opcode, 0);
}

}  // namespace
}  // namespace spymaster::serve
