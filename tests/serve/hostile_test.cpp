// Bytes and behaviour that no honest client shows: the server answers or hangs up, and goes on for the others.
#include <gtest/gtest.h>

#include <random>

#include "raw_client.hpp"
#include "small_lake.hpp"

namespace spymaster::serve {
namespace {

class Hostile : public testing::Test {
  protected:
    Hostile() { lake_.write({.windows = 3}); }
    void expect_alive(const RunningServer& server) const {
        EXPECT_EQ(request(server.port(), "/health").status, 200);
    }
    TemporaryLake lake_;
};

constexpr const char* kStill = "/v1/velocity/stream?skip_minutes=0&speed=0.0001";

TEST_F(Hostile, GarbageInsteadOfARequest) {
    const RunningServer server(lake_.open());
    std::mt19937 random(7);  // NOLINT: the same bytes every time
    for (int round = 0; round < 50; ++round) {
        std::string bytes;
        for (int i = 0; i < 200; ++i) bytes += static_cast<char>(random() & 0xFFU);
        RawSocket socket(server.port());
        socket.send(bytes + "\r\n\r\n");
        socket.close_writing();
        const auto answer = socket.read(std::string::npos);
        EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 400")) << answer;
    }
    expect_alive(server);
}

TEST_F(Hostile, AnEndlessHead) {
    const RunningServer server(lake_.open());
    RawSocket socket(server.port());
    socket.send("GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + std::string(20'000, 'a'));
    EXPECT_EQ(read_answer(socket).status, 431);
    expect_alive(server);
}

TEST_F(Hostile, AHeadThatNeverComes) {
    const RunningServer server(lake_.open(), {.header_timeout = std::chrono::milliseconds{100}});
    RawSocket silent(server.port());
    RawSocket half(server.port());
    half.send("GET / HTTP/1.1\r\nHos");
    EXPECT_EQ(silent.read(1), "");  // hung up
    EXPECT_EQ(half.read(1), "");
    expect_alive(server);
}

TEST_F(Hostile, GarbageInsteadOfFrames) {
    const RunningServer server(lake_.open());
    std::mt19937 random(11);  // NOLINT: the same bytes every time
    for (int round = 0; round < 50; ++round) {
        StreamSocket stream(server.port(), kStill);
        ASSERT_EQ(stream.handshake().status, 101);
        std::string bytes;
        for (int i = 0; i < 300; ++i) bytes += static_cast<char>(random() & 0xFFU);
        stream.socket().send(bytes);
        stream.socket().close_writing();
        while (stream.read().opcode != 0) {
        }
    }
    expect_alive(server);
    while (server.metric("spymaster_ws_clients") >
           0.0) {  // none stays behind; the server notices in its own time
    }
}

TEST_F(Hostile, FramesThatBreakTheRules) {
    const RunningServer server(lake_.open());
    const std::string unmasked = "\x81\x02hi";
    const std::string reserved_bits("\xF1\x80\x01\x02\x03\x04", 6);
    const std::string reserved_opcode("\x83\x80\x01\x02\x03\x04", 6);
    const std::string huge("\x81\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x02\x03\x04", 14);
    const std::string long_ping = std::string("\x89\xFE\x01\x00\x01\x02\x03\x04", 8) + std::string(256, 'x');
    const std::string bad_utf8("\x81\x82\x00\x00\x00\x00\xFF\xFE", 8);
    for (const auto& frame : {unmasked, reserved_bits, reserved_opcode, huge, long_ping, bad_utf8}) {
        StreamSocket stream(server.port(), kStill);
        stream.socket().send(frame);
        int close_code = 0;
        for (auto message = stream.read(); message.opcode != 0; message = stream.read()) {
            if (message.opcode == 8) close_code = message.close_code();
        }
        EXPECT_TRUE(close_code == 1002 || close_code == 1007 || close_code == 1009) << close_code;
    }
    expect_alive(server);
}

TEST_F(Hostile, PingsAreAnsweredBetweenWindows) {
    const RunningServer server(lake_.open());
    StreamSocket stream(server.port(), kStill);
    for (int i = 0; i < 100; ++i) stream.send_frame(9, std::to_string(i));
    std::string last;
    while (last != "99") {
        const auto message = stream.read();
        ASSERT_NE(message.opcode, 0);
        if (message.opcode == 10) last = message.payload;
    }
}

TEST_F(Hostile, VanishingAtAnyMoment) {
    const RunningServer server(lake_.open());
    for (int bytes = 0; bytes < 4000; bytes += 100) {
        StreamSocket stream(server.port(), "/v1/velocity/stream?skip_minutes=0&speed=1e6");
        stream.socket().read(static_cast<std::size_t>(bytes));
    }
    expect_alive(server);
}

TEST_F(Hostile, MoreClientsThanMayBe) {
    const RunningServer server(lake_.open(), {.max_clients = 2});
    StreamSocket first(server.port(), kStill);
    {
        StreamSocket second(server.port(), kStill);
        EXPECT_EQ(StreamSocket(server.port(), kStill).handshake().status, 503);
        second.send_frame(8, "\x03\xe8");
        while (second.read().opcode != 0) {
        }
    }
    while (server.metric("spymaster_ws_clients") >
           1.0) {  // the server notices the end of the second in its own time
    }
    EXPECT_EQ(StreamSocket(server.port(), kStill).handshake().status, 101);
}

TEST_F(Hostile, MoreSessionsThanMayBeOpen) {
    lake_.write({.symbol = "ESM6", .windows = 3});
    const RunningServer server(lake_.open(), {.max_open_sessions = 1});
    {
        StreamSocket first(server.port(), kStill);
        first.read();
        StreamSocket other(server.port(), std::string(kStill) + "&symbol=ESM6");
        EXPECT_NE(other.read().payload.find("error"), std::string::npos);
        EXPECT_EQ(other.read().close_code(), 1011);
    }
    while (server.metric("spymaster_ws_clients") > 0.0) {
    }
    // Nobody watches the first any more; a read that is still on its way may hold it a little longer.
    std::string answer;
    for (int attempt = 0; attempt < 10'000 && answer.find("batch_start") == std::string::npos; ++attempt)
        answer = StreamSocket(server.port(), std::string(kStill) + "&symbol=ESM6").read().payload;
    EXPECT_NE(answer.find("batch_start"), std::string::npos) << answer;
}

TEST_F(Hostile, AServerThatStopsWhileClientsCome) {
    for (int round = 0; round < 5; ++round) {
        const RunningServer server(lake_.open());
        StreamSocket playing(server.port(), "/v1/velocity/stream?skip_minutes=0&speed=1e6");
        const StreamSocket opening(server.port(), kStill);
        RawSocket half(server.port());
        half.send("GET /v1/cat");
    }
}

}  // namespace
}  // namespace spymaster::serve
