// /v1/velocity/stream over real sockets (spec 6), for clients that only listen.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "raw_client.hpp"
#include "serve/window_store.hpp"
#include "stream_window.hpp"

namespace spymaster::serve {
namespace {

using Json = nlohmann::json;

TEST(Stream, NineMessagesAWindowThenCloses) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 7, .half_width = 200, .empty_window = 2};
    lake.write(session);
    const RunningServer server(lake.open());
    StreamSocket stream(server.port(), kAll);
    ASSERT_EQ(stream.handshake().status, 101);
    EXPECT_EQ(stream.handshake().headers.at("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_FALSE(stream.handshake().headers.contains("sec-websocket-extensions"));
    for (std::int64_t k = 0; k < session.windows; ++k) {
        const auto window = read_window(stream);
        expect_schemas(window);
        expect_values(window, session, k, 200);
    }
    EXPECT_EQ(stream.read().close_code(), 1000);
}

TEST(Stream, DropsRowsBeyond400Ticks) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 2, .half_width = 403};
    lake.write(session);
    const RunningServer server(lake.open());
    StreamSocket stream(server.port(), kAll);
    for (std::int64_t k = 0; k < session.windows; ++k) expect_values(read_window(stream), session, k, 400);
}

// More rows than a row group and more windows than a run of the cache, with a cache that holds no two runs.
TEST(Stream, ADayLargerThanTheCacheComesWholeAndInOrder) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 170, .half_width = 200, .empty_window = 100};
    lake.write(session);
    ASSERT_GT(session.windows * 802, static_cast<std::int64_t>(lake::kRowGroupRows));
    ASSERT_GT(static_cast<std::size_t>(session.windows), 2 * WindowStore::kRun);
    const RunningServer server(lake.open(), {.cache_bytes = 1});
    StreamSocket stream(server.port(), kAll);
    for (std::int64_t k = 0; k < session.windows; ++k) expect_values(read_window(stream), session, k, 200);
    EXPECT_EQ(stream.read().close_code(), 1000);
    EXPECT_EQ(server.metric("spymaster_ws_windows_sent_total"), 170.0);
    EXPECT_EQ(server.metric("spymaster_ws_dropped_windows_total"), 0.0);
    EXPECT_LT(server.metric("spymaster_window_cache_bytes"), 61 * 70'000.0);
}

TEST(Stream, SkipsMinutesByDefaultFive) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 303, .half_width = 1};
    lake.write(session);
    const RunningServer server(lake.open());
    StreamSocket five(server.port(), "/v1/velocity/stream?speed=1e6");
    for (std::int64_t k = 300; k < 303; ++k) expect_values(read_window(five), session, k, 1);
    EXPECT_EQ(five.read().close_code(), 1000);
    StreamSocket three(server.port(), "/v1/velocity/stream?speed=1e6&skip_minutes=3");
    expect_values(read_window(three), session, 180, 1);
    StreamSocket all(server.port(), "/v1/velocity/stream?speed=1e6&skip_minutes=9223372036854775807");
    EXPECT_EQ(all.read().close_code(), 1000);
}

TEST(Stream, ResumesAfterAWindow) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 8};
    lake.write(session);
    const RunningServer server(lake.open());
    const auto after = [&](std::int64_t ts) {
        return "/v1/velocity/stream?speed=1e6&after_window_end_ts_ns=" + std::to_string(ts);
    };
    StreamSocket on_a_window(server.port(), after(end_of(session, 5)));
    expect_values(read_window(on_a_window), session, 6, 3);
    expect_values(read_window(on_a_window), session, 7, 3);
    EXPECT_EQ(on_a_window.read().close_code(), 1000);
    StreamSocket between(server.port(), after(end_of(session, 5) - 1));
    EXPECT_EQ(read_window(between).end, end_of(session, 5));
    StreamSocket before(server.port(), after(0));
    EXPECT_EQ(read_window(before).end, end_of(session, 0));
}

TEST(Stream, TwoClientsGetTheSameBytesEncodedOnce) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 20, .half_width = 200};
    lake.write(session);
    const RunningServer server(lake.open());
    StreamSocket first(server.port(), kAll);
    StreamSocket second(server.port(), kAll);
    for (std::int64_t k = 0; k < session.windows; ++k) {
        const auto window = read_window(first);
        ASSERT_FALSE(window.bytes.empty());
        EXPECT_EQ(window.bytes, read_window(second).bytes);
    }
    EXPECT_EQ(server.metric("spymaster_window_encode_seconds_count"), 20.0);
    while (server.metric("spymaster_ws_windows_sent_total") < 40.0) {  // counted once the write has ended
    }
    EXPECT_EQ(server.metric("spymaster_ws_windows_sent_total"), 40.0);
}

TEST(Stream, ARootNamesTheOnlyContractOfTheDay) {
    const TemporaryLake lake;
    lake.write({.symbol = "ESH4", .date = {2023, 12, 25}, .windows = 1});
    const RunningServer server(lake.open());
    StreamSocket stream(server.port(), std::string(kAll) + "&symbol=ES&dt=2023-12-25");
    EXPECT_EQ(read_window(stream).end, end_of({}, 0));
    lake.write({.symbol = "ESM4", .date = {2023, 12, 25}, .windows = 1});
    StreamSocket which(server.port(), std::string(kAll) + "&symbol=ES&dt=2023-12-25");
    const auto error = Json::parse(which.read().payload);
    EXPECT_EQ(error["type"], "error");
    EXPECT_NE(error["message"].get<std::string>().find("ESH4, ESM4"), std::string::npos);
    EXPECT_EQ(which.read().close_code(), 1011);
}

TEST(Stream, ASessionThatIsNotThereIsSaidThenClosed) {
    const TemporaryLake lake;
    lake.write_snapshots_only({.symbol = "ESM6"});
    const RunningServer server(lake.open());
    for (const auto* symbol : {"ESH6", "ESM6"}) {  // not there; not whole
        StreamSocket stream(server.port(), std::string(kAll) + "&symbol=" + symbol);
        ASSERT_EQ(stream.handshake().status, 101);
        const auto message = stream.read();
        EXPECT_EQ(message.opcode, 1);
        const auto error = Json::parse(message.payload);
        EXPECT_EQ(error["type"], "error");
        EXPECT_NE(error["message"].get<std::string>().find(symbol), std::string::npos);
        EXPECT_EQ(stream.read().close_code(), 1011);
    }
}

TEST(Stream, BadParametersAreRefusedBeforeTheUpgrade) {
    const TemporaryLake lake;
    const RunningServer server(lake.open());
    for (const auto* query : {"speed=0", "speed=nan", "skip_minutes=-1", "dt=yesterday", "symbol=../../etc",
                              "symbol=%2e%2e%2f%2e%2e%2fetc", "after_window_end_ts_ns=soon", "symbol=%"}) {
        const StreamSocket stream(server.port(), std::string("/v1/velocity/stream?") + query);
        EXPECT_EQ(stream.handshake().status, 400) << query;
        EXPECT_TRUE(Json::parse(stream.handshake().body)["error"].is_string()) << query;
    }
    EXPECT_EQ(StreamSocket(server.port(), "/v1/other").handshake().status, 404);
    EXPECT_EQ(request(server.port(), "/v1/velocity/stream").status, 426);
}

TEST(Stream, AReplacedSessionIsReadAnew) {
    const TemporaryLake lake;
    lake.write({.windows = 2});
    const RunningServer server(lake.open());
    StreamSocket old(server.port(), "/v1/velocity/stream?skip_minutes=0&speed=1e-3");
    expect_values(read_window(old), {.windows = 2}, 0, 3);  // still there, waiting for its second window
    const SmallSession replaced{.windows = 3, .seed = 77};
    lake.write(replaced);
    StreamSocket stream(server.port(), kAll);
    for (std::int64_t k = 0; k < 3; ++k) expect_values(read_window(stream), replaced, k, 3);
    old.send_text(R"({"type":"step"})");
    EXPECT_EQ(Json::parse(old.read().payload)["type"], "state");
    expect_values(read_window(old), {.windows = 2}, 1, 3);  // of the day it began with
}

TEST(Stream, NamesItsVersionToThoseWhoAsk) {
    const TemporaryLake lake;
    lake.write({.windows = 1});
    const RunningServer server(lake.open());
    const StreamSocket asks(server.port(), kAll, 0, "Sec-WebSocket-Protocol: other, spymaster.v1\r\n");
    EXPECT_EQ(asks.handshake().headers.at("sec-websocket-protocol"), "spymaster.v1");
    const StreamSocket does_not(server.port(), kAll);
    EXPECT_FALSE(does_not.handshake().headers.contains("sec-websocket-protocol"));
}

// A client that does not read: at 100 windows a second its buffers are full in no time, and it misses windows; another
// client beside it misses none.
TEST(Stream, ASlowClientIsConflatedAndHoldsUpNobody) {
    const TemporaryLake lake;
    const SmallSession session{.windows = 200, .half_width = 200};
    lake.write(session);
    const RunningServer server(lake.open(), {.send_buffer_bytes = 4096});
    StreamSocket slow(server.port(), "/v1/velocity/stream?speed=100&skip_minutes=0", 4096);
    StreamSocket quick(server.port(), "/v1/velocity/stream?speed=1e6&skip_minutes=0");
    for (std::int64_t k = 0; k < session.windows; ++k) EXPECT_EQ(read_window(quick).end, end_of(session, k));
    EXPECT_EQ(quick.read().close_code(), 1000);
    // The schedule of the slow one is over before it reads: whatever it missed, it gets the last window.
    std::this_thread::sleep_for(std::chrono::milliseconds{2500});
    std::vector<std::int64_t> ends;
    while (true) {
        const auto window = read_window(slow);
        if (window.end == 0) {
            EXPECT_EQ(window.instead.close_code(), 1000);
            break;
        }
        ends.push_back(window.end);
    }
    EXPECT_TRUE(std::is_sorted(ends.begin(), ends.end()));
    EXPECT_EQ(std::adjacent_find(ends.begin(), ends.end()), ends.end());
    EXPECT_LT(ends.size(), 200U);
    EXPECT_EQ(ends.front(), end_of(session, 0));
    EXPECT_EQ(ends.back(), end_of(session, 199));
    EXPECT_EQ(server.metric("spymaster_ws_dropped_windows_total"), 200.0 - static_cast<double>(ends.size()));
}

}  // namespace
}  // namespace spymaster::serve
