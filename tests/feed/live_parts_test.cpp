// The parts of the live feed, each by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <thread>

#include "feed/live/byte_ring.hpp"
#include "feed/live/control_lines.hpp"
#include "feed/live/dbn_stream.hpp"
#include "feed/live/feed_clock.hpp"
#include "feed/live/markers.hpp"
#include "feed/live/market_memory.hpp"
#include "feed/live/recording.hpp"
#include "feed/live/recording_path.hpp"
#include "feed/live/session_plan.hpp"
#include "live_records.hpp"

namespace spymaster::feed::live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

TEST(LiveOptions, WhatCannotBeSentIsRefused) {
    const auto refused = [](auto change) {
        LiveOptions options = options_for("/nowhere", {books()});
        change(options);
        const auto made = LiveFeed::create(options);
        return !made.ok() && made.error().code == ErrorCode::usage;
    };
    EXPECT_FALSE(refused([](LiveOptions&) {}));
    EXPECT_TRUE(refused([](LiveOptions& o) { o.key.clear(); }));
    EXPECT_TRUE(refused([](LiveOptions& o) { o.key = "db-key\nwith-lines"; }));
    EXPECT_TRUE(refused([](LiveOptions& o) { o.dataset = "A/B"; }));
    EXPECT_TRUE(refused([](LiveOptions& o) { o.subscriptions.clear(); }));
    EXPECT_TRUE(refused([](LiveOptions& o) { o.subscriptions[0].symbols = {"ES|FUT"}; }));
    EXPECT_TRUE(
        refused([](LiveOptions& o) { o.subscriptions[0].start = 1, o.subscriptions[0].snapshot = true; }));
    EXPECT_TRUE(refused([](LiveOptions& o) { o.heartbeat_interval_s = 1; }));
    EXPECT_TRUE(refused([](LiveOptions& o) { o.gateway = "localhost:http"; }));
    LiveOptions options = options_for("/nowhere", {books()});
    EXPECT_EQ(destination_of(options)->host, "glbx-mdp3.lsg.databento.com");
    options.gateway = "[::1]:99";
    EXPECT_EQ(destination_of(options)->host, "::1");
}

TEST(ControlLines, FieldsOfALine) {
    EXPECT_EQ(field("success=1|session_id=17|", "session_id"), "17");
    EXPECT_EQ(field("cram=a=b", "cram"), "a=b");
    EXPECT_EQ(field("success=1|session_id=", "session_id"), "");
    EXPECT_EQ(field("xsuccess=1", "success"), std::nullopt);
    EXPECT_EQ(field("success", "success"), std::nullopt);
    EXPECT_EQ(field("", "success"), std::nullopt);
}

TEST(ControlLines, AChallengeIsAnsweredWithoutTheKey) {
    // sha256("c|db-12345678"), by sha256sum.
    EXPECT_EQ(challenge_response("c", "db-12345678"),
              "5f2e1792d99be602a49a414ebff9d6bec7c95c3ede48668305726a1b3bf3bbf1-45678");
}

TEST(ControlLines, FiveHundredSymbolsALine) {
    LiveSubscription subscription = books();
    subscription.symbols.clear();
    for (int i = 0; i < 1001; ++i) subscription.symbols.push_back(fmt::format("S{}", i));
    const std::string lines = subscription_lines(subscription, 3);
    EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 3);
    EXPECT_THAT(lines, HasSubstr("|id=3|symbols=S0,S1,"));
    EXPECT_THAT(lines, HasSubstr(",S499|snapshot=0|is_last=0\n"));
    EXPECT_THAT(lines, HasSubstr("symbols=S1000|snapshot=0|is_last=1\n"));
}

RC_GTEST_PROP(DbnStream, RecordsDoNotDependOnTheCuts, ()) {
    Bytes bytes = metadata_bytes();
    Bytes records;
    const auto kinds = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 3));
    for (const int kind : kinds) {
        if (kind == 0) append(records, mbo(1, kNine, 1));
        if (kind == 1) append(records, system_message(1));
        if (kind == 2) append(records, cmbp1(1, kNine, 1));
    }
    append_all(bytes, records);
    DbnStream stream;
    Bytes seen;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t count = std::min(*rc::gen::inRange<std::size_t>(1, 200), bytes.size() - at);
        const auto fed = stream.feed(std::span(bytes).subspan(at, count), [&](const std::byte* record) {
            append_all(seen, {record, dbn::load<dbn::RecordHeader>(record).size()});
            return true;
        });
        RC_ASSERT(fed.ok());
        at += count;
    }
    RC_ASSERT(seen == records);
    const auto head = stream.metadata_bytes();
    RC_ASSERT(Bytes(head.begin(), head.end()) == metadata_bytes());
}

TEST(DbnStream, WhatIsNoRecordIsRefused) {
    DbnStream stream;
    ASSERT_TRUE(stream.feed(metadata_bytes(), [](const std::byte*) { return true; }).ok());
    const Bytes zeros(64);
    // In two parts: seen as soon as the type is.
    ASSERT_TRUE(stream.feed(std::span(zeros).first(1), [](const std::byte*) { return true; }).ok());
    const auto refused = stream.feed(std::span(zeros).subspan(1), [](const std::byte*) { return true; });
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::malformed);
}

TEST(ByteRing, BytesComeInOrderThroughALittleRing) {
    ByteRing ring(1);
    constexpr std::size_t kTotal = 4'000'000;
    std::thread producer([&] {
        std::uint8_t next = 0;
        for (std::size_t sent = 0, round = 0; sent < kTotal; ++round) {
            const auto room = ring.reserve(std::chrono::milliseconds(10));
            if (room.empty()) continue;
            const std::size_t count = std::min({room.size(), 1 + round * 7919 % 6000, kTotal - sent});
            for (std::size_t i = 0; i < count; ++i) room[i] = std::byte{next++};
            sent += count;
            ring.commit(count, static_cast<std::int64_t>(sent));
        }
    });
    std::uint8_t expected = 0;
    std::size_t received = 0;
    bool right = true;
    while (received < kTotal) {
        const auto chunk = ring.front(std::chrono::milliseconds(10));
        if (!chunk) continue;
        for (const std::byte byte : chunk->bytes) right &= byte == std::byte{expected++};
        received += chunk->bytes.size();
        right &= chunk->arrival_ns == static_cast<std::int64_t>(received);
        ring.pop();
    }
    producer.join();
    EXPECT_TRUE(right);
    EXPECT_TRUE(ring.empty());
    EXPECT_LE(ring.high_water(), 4 * (ByteRing::kLeastRead + 16));
}

TEST(FeedClock, GoesOnFromTheRecordThatCameWithTheLeastDelay) {
    FeedClock clock(std::chrono::seconds(2));
    EXPECT_EQ(clock.now(5), std::nullopt);
    clock.run();
    clock.heard(1000);
    clock.received(kNine, 1000);
    EXPECT_EQ(clock.now(1500), kNine + 500);
    clock.heard(2000);
    clock.received(kNine + 400, 2000);  // late by 600
    EXPECT_EQ(clock.now(2100), kNine + 1100);
    clock.heard(3000);
    clock.received(kNine + 2500, 3000);  // sooner than thought
    EXPECT_EQ(clock.now(3000), kNine + 2500);
    EXPECT_EQ(clock.now(2000), kNine + 2500);  // never back
}

TEST(FeedClock, StandsStillWhenNothingCanBeKnown) {
    FeedClock clock(std::chrono::nanoseconds(100));
    clock.run();
    clock.heard(1000);
    clock.received(kNine, 1000);
    EXPECT_EQ(clock.now(5000), kNine + 100);  // silence
    clock.heard(6000);                        // a heartbeat
    EXPECT_EQ(clock.now(6000), kNine + 5000);
    clock.stand_still();
    EXPECT_EQ(clock.now(6050), kNine + 5000);
    clock.received(kNine + 7000, 6060);  // replayed
    EXPECT_EQ(clock.now(6060), kNine + 7000);
}

TEST(FeedClock, ForgetsDifferencesOfClocksThatDriftApart) {
    FeedClock clock(std::chrono::seconds(100));
    clock.run();
    clock.received(kNine + 500, 0);
    for (const std::int64_t second : {31, 62, 93}) {
        clock.heard(second * kSecond);
        clock.received(kNine + second * kSecond, second * kSecond);
    }
    EXPECT_EQ(clock.estimate(93 * kSecond), kNine + 93 * kSecond);
}

TEST(MarketMemory, GapMarkersOfEachInstrumentAreNoEarlierThanWhatWasRecorded) {
    MarketMemory memory;
    for (const Bytes& record : split(snapshot(2, kNine, 2))) memory.note(record.data());
    const auto quote = cmbp1(5, kNine + 10, 3);
    memory.note(reinterpret_cast<const std::byte*>(&quote));
    const auto marker = mbo_marker(1, 1, kNine + kSecond, dbn::flag::last);
    memory.note(reinterpret_cast<const std::byte*>(&marker));
    const auto markers = split(memory.gap_markers());
    ASSERT_EQ(markers.size(), 3U);
    for (const Bytes& record : markers) {
        EXPECT_TRUE(is_marker(record.data()));
        EXPECT_EQ(dbn::load<dbn::RecordHeader>(record.data()).ts_event,
                  static_cast<std::uint64_t>(kNine + kSecond));
    }
    EXPECT_EQ(dbn::load<dbn::MboMsg>(markers[0].data()).flags, dbn::flag::maybe_bad_book | dbn::flag::last);
    EXPECT_EQ(dbn::load<dbn::Cmbp1Msg>(markers[2].data()).levels[0].bid_sz, quote.levels[0].bid_sz);
}

TEST(MarketMemory, KeepsTheNewestMappingOfAnInstrument) {
    MarketMemory memory;
    for (const auto& record : {mapping(1, "ESH6"), mapping(2, "ESM6"), mapping(1, "ESU6")})
        memory.note(reinterpret_cast<const std::byte*>(&record));
    Bytes expected;
    append(expected, mapping(1, "ESU6"));
    append(expected, mapping(2, "ESM6"));
    EXPECT_EQ(memory.mappings(), expected);
}

TEST(SessionPlan, AsksForWhatIsMissing) {
    LiveSubscription definitions = books();
    definitions.schema = dbn::Schema::definition;
    definitions.start = 0;
    SessionPlanner planner({books(true), definitions});
    Resumption received{std::chrono::seconds(2)};
    EXPECT_THAT(planner.plan(Repair::replay, received, true).subscriptions[0].snapshot, true);
    EXPECT_EQ(planner.plan(Repair::replay, received, true).subscriptions[1].start, 0);
    // Books came, definitions not yet: those are asked for as before unless all is known to have come.
    const auto msg = mbo(1, kNine, 1);
    received.note(reinterpret_cast<const std::byte*>(&msg));
    const SessionPlan& plan = planner.plan(Repair::replay, received, false);
    EXPECT_EQ(plan.subscriptions[0].start, kNine - 2 * kSecond);
    EXPECT_FALSE(plan.subscriptions[0].snapshot);
    EXPECT_EQ(plan.subscriptions[1].start, 0);
    EXPECT_EQ(plan.replays, 2U);
    EXPECT_EQ(planner.plan(Repair::replay, received, true).subscriptions[1].start, kNine - 2 * kSecond);
    EXPECT_TRUE(planner.plan(Repair::snapshot, received, true).subscriptions[0].snapshot);
    EXPECT_EQ(planner.plan(Repair::start_over, received, true).subscriptions[1].start, 0);
}

class RecordingTest : public testing::Test {
  protected:
    RecordingTest() : folder_(fs::path(testing::TempDir()) / fmt::format("recording-{}", ::getpid())) {
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        path_ = folder_ / recording_name("GLBX.MDP3", {2026, 1, 6});
        for (std::uint64_t id = 1; id <= 3; ++id) append(records_, mbo(1, kNine, id));
    }
    ~RecordingTest() override { fs::remove_all(folder_); }

    void write(const Bytes& bytes) const {
        std::ofstream(path_, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }
    // What is handed over, and whether it could be opened.
    std::optional<Bytes> reopen() {
        Recording recording;
        Bytes seen;
        const auto opened = recording.reopen(
            path_, "GLBX.MDP3",
            [](const dbn::Metadata&, std::span<const std::byte>) { return Result<void>(); },
            [&](std::span<const std::byte> block) {
                append_all(seen, block);
                return Result<void>();
            });
        if (!opened) return std::nullopt;
        open_ = recording.is_open();
        return seen;
    }

    fs::path folder_;
    fs::path path_;
    Bytes records_;
    bool open_ = false;
};

TEST_F(RecordingTest, CutAnywhereKeepsEveryWholeRecord) {
    Bytes whole = metadata_bytes();
    const std::size_t head = whole.size();
    append_all(whole, records_);
    for (std::size_t size = 0; size <= whole.size(); size += 3) {
        write({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
        const auto seen = reopen();
        ASSERT_TRUE(seen.has_value()) << size;
        const std::size_t kept = size < head ? 0 : (size - head) / sizeof(dbn::MboMsg) * sizeof(dbn::MboMsg);
        ASSERT_EQ(seen->size(), kept) << size;
        ASSERT_EQ(open_, size >= head) << size;
        if (size < head) {
            ASSERT_FALSE(fs::exists(path_));
        } else {
            ASSERT_EQ(fs::file_size(path_), head + kept);
        }
    }
}

TEST_F(RecordingTest, ZerosAtTheEndAreCutOffAndGarbageIsLeftAlone) {
    Bytes bytes = metadata_bytes();
    append_all(bytes, records_);
    const std::size_t size = bytes.size();
    bytes.resize(size + 5000);
    write(bytes);
    EXPECT_EQ(reopen(), records_);
    EXPECT_EQ(fs::file_size(path_), size);
    bytes.back() = std::byte{1};
    write(bytes);
    EXPECT_EQ(reopen(), std::nullopt);
    EXPECT_EQ(fs::file_size(path_), bytes.size());
}

TEST_F(RecordingTest, TheNewestDayIsFoundByItsName) {
    for (const char* const name :
         {"glbx-mdp3-20260105.live.dbn", "glbx-mdp3-20260107.live.dbn", "glbx-mdp3-20260199.live.dbn",
          "glbx-mdp3-20260108.live.txt", "xnas-itch-20260109.live.dbn"}) {
        std::ofstream(folder_ / name) << "x";
    }
    const auto found = newest_recording(folder_, "GLBX.MDP3", {2026, 1, 6});
    ASSERT_TRUE(found.ok() && found->has_value());
    EXPECT_EQ((*found)->date, (market::Date{2026, 1, 7}));
    EXPECT_FALSE(newest_recording(folder_, "GLBX.MDP3", {2026, 1, 8})->has_value());
}

}  // namespace
}  // namespace spymaster::feed::live
