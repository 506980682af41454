// The live feed against a scripted gateway on a real socket.
#include "feed/live/live_feed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <thread>

#include "book/continuity.hpp"
#include "feed/live/markers.hpp"
#include "feed/live/recording.hpp"
#include "feed/live/recording_path.hpp"
#include "scripted_gateway.hpp"

namespace spymaster::feed::live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

class LiveFeedTest : public testing::Test {
  protected:
    LiveFeedTest() {
        const auto* const info = testing::UnitTest::GetInstance()->current_test_info();
        root_ = fs::path(testing::TempDir()) / fmt::format("live-{}-{}", info->name(), ::getpid());
        fs::remove_all(root_);
    }
    ~LiveFeedTest() override { fs::remove_all(root_); }

    [[nodiscard]] fs::path day_path(const market::Date& date = {2026, 1, 6}) const {
        return recording_folder(root_, "GLBX.MDP3") / recording_name("GLBX.MDP3", date);
    }
    LiveOptions options(const ScriptedGateway& gateway,
                        std::vector<LiveSubscription> subscriptions = {books()}) {
        LiveOptions made = options_for(root_, std::move(subscriptions));
        made.gateway = gateway.address();
        return made;
    }
    // Runs until the consumer has enough.
    Result<void> run(LiveOptions options, KeepingConsumer& consumer) {
        feed_ = LiveFeed::create(std::move(options)).value();
        consumer.feed = feed_.get();
        return feed_->run(consumer);
    }

    fs::path root_;
    std::unique_ptr<LiveFeed> feed_;
};

Bytes mbo_records(std::uint64_t first, std::uint64_t count, std::int64_t step = 1'000'000) {
    Bytes bytes;
    for (std::uint64_t id = first; id < first + count; ++id) {
        append(bytes,
               mbo(static_cast<std::uint32_t>(1 + id % 3), kNine + static_cast<std::int64_t>(id) * step, id));
    }
    return bytes;
}

auto enough_records(std::size_t count) {
    return [count](const KeepingConsumer& consumer) { return consumer.count >= count; };
}

TEST_F(LiveFeedTest, RecordsWhatComesAndHandsOverTheSame) {
    Bytes sent;
    append(sent, mapping(1, "ESH6"));
    append(sent, system_message(1, "subscribed"));
    append_all(sent, mbo_records(1, 5));
    std::vector<std::string> asked;
    std::string authentication;
    ScriptedGateway gateway({[&](GatewaySession& session) {
        asked = session.begin();
        authentication = session.authentication;
        session.send(sent);
        Bytes heartbeat;
        append(heartbeat, system_message(0, "Heartbeat"));
        session.send(heartbeat);
        session.send(mbo_records(6, 1));
        session.wait_for_end();
    }});
    KeepingConsumer consumer;
    consumer.enough = enough_records(8);
    ASSERT_TRUE(run(options(gateway), consumer).ok());
    append_all(sent, mbo_records(6, 1));
    EXPECT_EQ(consumer.last_day(), sent);
    EXPECT_EQ(recorded(day_path()), sent);
    EXPECT_THAT(consumer.paths, ElementsAre(day_path()));
    EXPECT_THAT(asked, ElementsAre("schema=mbo|stype_in=parent|id=1|symbols=ES.FUT|snapshot=0|is_last=1"));
    EXPECT_THAT(authentication, HasSubstr("|dataset=GLBX.MDP3|encoding=dbn|ts_out=0|compression=none|"));
    EXPECT_THAT(authentication, Not(HasSubstr("db-aKey")));
    EXPECT_GT(consumer.newest_arrival, 0);
    EXPECT_EQ(feed_->counters().heartbeats.load(), 1U);
    EXPECT_EQ(feed_->counters().records[dbn::rtype::mbo].load(), 6U);
    EXPECT_EQ(feed_->counters().last_ts_event_ns.load(), kNine + 6'000'000);
}

TEST_F(LiveFeedTest, AKeyThatIsRefusedEndsIt) {
    ScriptedGateway gateway({[](GatewaySession& session) {
        session.say("lsg_version=0.0.1\ncram=x\n");
        (void)session.line();
        session.say("success=0|error=Authentication failed.\n");
    }});
    KeepingConsumer consumer;
    const auto ended = run(options(gateway), consumer);
    ASSERT_FALSE(ended.ok());
    EXPECT_EQ(ended.error().code, ErrorCode::usage);
    EXPECT_THAT(ended.error().message, HasSubstr("Authentication failed"));
    EXPECT_EQ(gateway.sessions(), 1U);
}

TEST_F(LiveFeedTest, TooManySessionsGarbageAndSilenceAreTriedAgain) {
    ScriptedGateway gateway({[](GatewaySession& session) { session.say(std::string(20000, 'x')); },
                             [](GatewaySession& session) { session.say("HTTP/1.1 400 Bad Request\r\n\r\n"); },
                             [](GatewaySession& session) {
                                 session.say("lsg_version=0.0.1\ncram=x\n");
                                 (void)session.line();
                                 session.say(
                                     "success=0|error=User has reached their open connection limit\n");
                             },
                             [](GatewaySession& session) {
                                 session.open();
                                 session.say("this is no DBN at all");
                             },
                             [](GatewaySession& session) {
                                 session.begin();
                                 session.wait_for_end();  // and says nothing
                             },
                             [](GatewaySession& session) {
                                 session.begin();
                                 session.send(mbo_records(1, 2));
                                 session.wait_for_end();
                             }});
    KeepingConsumer consumer;
    consumer.enough = enough_records(2);
    LiveOptions made = options(gateway);
    made.heartbeat_margin = std::chrono::milliseconds(-4900);  // a tenth of a second in all
    ASSERT_TRUE(run(std::move(made), consumer).ok());
    EXPECT_GE(gateway.sessions(), 6U);
    EXPECT_EQ(recorded(day_path()), mbo_records(1, 2));
    std::string reasons;
    for (const FeedEvent& event : consumer.events) reasons += event.text + "\n";
    EXPECT_THAT(reasons, HasSubstr("connection limit"));
    EXPECT_THAT(reasons, HasSubstr("is no live gateway"));
    EXPECT_THAT(reasons, HasSubstr("not even a heartbeat"));
}

TEST_F(LiveFeedTest, ResumesAfterACutInTheMiddleOfARecord) {
    std::vector<std::string> asked_again;
    ScriptedGateway gateway({[](GatewaySession& session) {
                                 session.begin();
                                 Bytes bytes = mbo_records(1, 100);
                                 bytes.resize(bytes.size() - 20);
                                 session.send(bytes);
                             },
                             [&](GatewaySession& session) {
                                 asked_again = session.begin();
                                 session.send(mbo_records(69, 181));
                                 session.wait_for_end();
                             }});
    KeepingConsumer consumer;
    consumer.enough = enough_records(249);
    LiveOptions made = options(gateway);
    made.resume_margin = std::chrono::milliseconds(30);
    ASSERT_TRUE(run(std::move(made), consumer).ok());
    EXPECT_EQ(recorded(day_path()), mbo_records(1, 249));
    EXPECT_EQ(consumer.last_day(), mbo_records(1, 249));
    // 99 records came, and the margin is 30 of them.
    EXPECT_THAT(asked_again,
                ElementsAre(fmt::format(
                    "schema=mbo|stype_in=parent|id=1|start={}|symbols=ES.FUT|snapshot=0|is_last=1",
                    kNine + 69'000'000)));
    EXPECT_EQ(feed_->counters().duplicates_dropped.load(), 31U);
    EXPECT_EQ(feed_->counters().reconnects.load(), 1U);
    EXPECT_EQ(feed_->counters().gaps.load(), 0U);
}

// What becomes of the book of one instrument of a recording.
book::Continuity book_of(const Bytes& records, std::uint32_t instrument) {
    book::Continuity book;
    for (const Bytes& record : split(of_type(records, dbn::rtype::mbo))) {
        const auto msg = dbn::load<dbn::MboMsg>(record.data());
        if (msg.hd.instrument_id != instrument) continue;
        book.before(msg.flags, msg.action);
        book.after(msg.flags);
    }
    return book;
}

TEST_F(LiveFeedTest, WhatTheGatewayCannotReplayIsAGapAndANewSnapshot) {
    std::vector<std::string> asked_last;
    ScriptedGateway gateway({[](GatewaySession& session) {
                                 session.begin();
                                 session.send(snapshot(1, kNine, 4));
                                 session.send(mbo_records(10, 10));
                             },
                             [](GatewaySession& session) {
                                 session.begin();
                                 Bytes aged;
                                 append(aged, error_message(8, "replay data aged out"));
                                 session.send(aged);
                                 session.send(mbo_records(500, 10));  // not wanted any more
                                 session.wait_for_end();
                             },
                             [&](GatewaySession& session) {
                                 asked_last = session.begin();
                                 session.send(snapshot(1, kNine + 100 * kSecond, 2));
                                 session.wait_for_end();
                             }});
    KeepingConsumer consumer;
    consumer.enough = enough_records(5 + 10 + 1 + 3 + 3);
    LiveSubscription definitions = books();
    definitions.schema = dbn::Schema::definition;
    ASSERT_TRUE(run(options(gateway, {books(true), definitions}), consumer).ok());
    EXPECT_THAT(
        asked_last,
        ElementsAre("schema=mbo|stype_in=parent|id=1|symbols=ES.FUT|snapshot=1|is_last=1",
                    "schema=definition|stype_in=parent|id=2|start=0|symbols=ES.FUT|snapshot=0|is_last=1"));
    EXPECT_EQ(feed_->counters().gaps.load(), 1U);
    EXPECT_EQ(consumer.events_of(FeedEventKind::gap), 1U);
    const Bytes records = recorded(day_path());
    EXPECT_EQ(records, consumer.last_day());
    EXPECT_TRUE(of_type(records, dbn::rtype::error).size() == sizeof(dbn::ErrorMsg));
    // The books: good, spoilt by the markers, good again by the snapshot; each step a new epoch.
    const auto list = split(records);
    Bytes before;
    for (std::size_t i = 0; i < 15; ++i) append_all(before, list[i]);
    Bytes to_gap = before;
    for (std::size_t i = 15; i < 19; ++i) append_all(to_gap, list[i]);
    EXPECT_TRUE(book_of(before, 1).valid());
    EXPECT_FALSE(book_of(to_gap, 1).valid());
    EXPECT_EQ(book_of(to_gap, 1).epoch(), book_of(before, 1).epoch() + 1);
    EXPECT_TRUE(book_of(records, 1).valid());
    EXPECT_EQ(book_of(records, 1).epoch(), book_of(before, 1).epoch() + 2);
    EXPECT_FALSE(book_of(records, 2).valid());
}

TEST_F(LiveFeedTest, AReplayThatBeginsTooLateIsAGap) {
    std::vector<std::string> asked_last;
    ScriptedGateway gateway({[](GatewaySession& session) {
                                 session.begin();
                                 session.send(mbo_records(1, 10));
                             },
                             [](GatewaySession& session) {
                                 session.begin();
                                 session.send(mbo_records(12, 10));
                                 session.wait_for_end();
                             },
                             [&](GatewaySession& session) {
                                 asked_last = session.begin();
                                 session.send(snapshot(1, kNine + kSecond, 2));
                                 session.wait_for_end();
                             }});
    KeepingConsumer consumer;
    consumer.enough = enough_records(10 + 3 + 3);
    ASSERT_TRUE(run(options(gateway), consumer).ok());
    EXPECT_THAT(asked_last, ElementsAre(HasSubstr("snapshot=1")));
    EXPECT_EQ(feed_->counters().gaps.load(), 1U);
    for (const FeedEvent& event : consumer.events) {
        if (event.kind != FeedEventKind::gap) continue;
        EXPECT_EQ(event.from_ns, kNine + 10'000'000);
        EXPECT_EQ(event.to_ns, kNine + 12'000'000);
    }
}

TEST_F(LiveFeedTest, ACutInsideASnapshotAsksForAnotherOne) {
    std::vector<std::string> asked_again;
    ScriptedGateway gateway({[](GatewaySession& session) {
                                 session.begin();
                                 session.send(snapshot(1, kNine, 4));
                                 session.send(snapshot(2, kNine, 4, false));
                             },
                             [&](GatewaySession& session) {
                                 asked_again = session.begin();
                                 session.send(snapshot(1, kNine + kSecond, 1));
                                 session.wait_for_end();
                             }});
    KeepingConsumer consumer;
    consumer.enough = enough_records(5 + 5 + 2 + 2);
    ASSERT_TRUE(run(options(gateway, {books(true)}), consumer).ok());
    EXPECT_THAT(asked_again, ElementsAre(HasSubstr("snapshot=1")));
    EXPECT_TRUE(book_of(consumer.last_day(), 1).valid());
    EXPECT_FALSE(book_of(consumer.last_day(), 2).valid());
}

TEST_F(LiveFeedTest, RecordsThatTheGatewaySkippedAreReplayed) {
    ScriptedGateway gateway({[](GatewaySession& session) {
                                 session.begin();
                                 session.send(mbo_records(1, 10));
                                 Bytes skipped;
                                 append(skipped, error_message(7, "skipped records"));
                                 session.send(skipped);
                                 session.send(mbo_records(20, 10));
                                 session.wait_for_end();
                             },
                             [](GatewaySession& session) {
                                 session.begin();
                                 session.send(mbo_records(1, 40));
                                 session.wait_for_end();
                             }});
    KeepingConsumer consumer;
    consumer.enough = enough_records(41);
    ASSERT_TRUE(run(options(gateway), consumer).ok());
    EXPECT_EQ(of_type(recorded(day_path()), dbn::rtype::mbo), mbo_records(1, 40));
    EXPECT_EQ(feed_->counters().gaps.load(), 0U);
}

TEST_F(LiveFeedTest, ABurstToASlowConsumerLosesNothingAndTheRingIsNotLeft) {
    constexpr std::size_t kDefinitions = 100'000;
    Bytes burst;
    for (std::size_t i = 0; i < kDefinitions; ++i) {
        auto definition = record_of<dbn::InstrumentDefMsg>(dbn::rtype::instrument_def,
                                                           static_cast<std::uint32_t>(i), kNine);
        definition.ts_recv = static_cast<std::uint64_t>(kNine + 1);
        append(burst, definition);
    }
    ScriptedGateway gateway({[&](GatewaySession& session) {
        session.begin();
        session.send(burst);
        session.wait_for_end();
    }});
    KeepingConsumer consumer;
    consumer.during_records = [] { std::this_thread::sleep_for(std::chrono::microseconds(200)); };
    consumer.enough = enough_records(kDefinitions);
    ASSERT_TRUE(run(options(gateway), consumer).ok());
    EXPECT_TRUE(consumer.last_day() == burst);
    EXPECT_TRUE(recorded(day_path()) == burst);
    EXPECT_LE(feed_->counters().ring_high_water.load(), std::size_t{1} << 20U);
    EXPECT_GT(feed_->counters().ring_full_waits.load(), 0U);
}

TEST_F(LiveFeedTest, EachDayHasItsFile) {
    const std::int64_t midnight = market::Date{2026, 1, 7}.midnight_utc_ns();
    Bytes first;
    append(first, mapping(1, "ESH6"));
    append(first, mbo(1, midnight - 2000, 1));
    Bytes second;
    append(second, mbo(1, midnight - 999, 2));   // its ts_recv is of the new day
    append(second, mbo(1, midnight - 1500, 3));  // late: stays where we are
    ScriptedGateway gateway({[&](GatewaySession& session) {
        session.begin();
        session.send(first);
        session.send(second);
        session.wait_for_end();
    }});
    KeepingConsumer consumer;
    consumer.opening = snapshot(1, midnight, 1);
    consumer.enough = enough_records(2 + 1 + 2 + 2);
    ASSERT_TRUE(run(options(gateway), consumer).ok());
    EXPECT_THAT(consumer.new_days, ElementsAre(market::Date{2026, 1, 7}));
    EXPECT_THAT(consumer.paths, ElementsAre(day_path(), day_path({2026, 1, 7})));
    EXPECT_EQ(recorded(day_path()), first);
    Bytes expected;
    append(expected, mapping(1, "ESH6"));
    append_all(expected, consumer.opening);
    append_all(expected, second);
    EXPECT_EQ(recorded(day_path({2026, 1, 7})), expected);
    EXPECT_EQ(consumer.last_day(), expected);
}

TEST_F(LiveFeedTest, MarkersOfTheConsumerAreRecordedAndComeBack) {
    ScriptedGateway gateway({[&](GatewaySession& session) {
        session.begin();
        session.send(mbo_records(1, 1));
        session.wait_for_end();
    }});
    KeepingConsumer consumer;
    std::int64_t before = 0;
    consumer.markers = [&](std::int64_t now) {
        EXPECT_GE(now, before);
        before = now;
        Bytes marker;
        if (now > kNine + 100'000'000 && consumer.count == 1)
            append(marker, mbo_marker(1, 2, now, dbn::flag::last));
        return marker;
    };
    consumer.enough = enough_records(2);
    ASSERT_TRUE(run(options(gateway), consumer).ok());
    const auto list = split(recorded(day_path()));
    ASSERT_EQ(list.size(), 2U);
    EXPECT_TRUE(is_marker(list[1].data()));
    EXPECT_FALSE(is_marker(list[0].data()));
    EXPECT_EQ(recorded(day_path()), consumer.last_day());
    EXPECT_EQ(feed_->counters().records_made.load(), 1U);
}

TEST_F(LiveFeedTest, ARecordingIsContinuedWhereACrashLeftIt) {
    // A child records until it is killed, wherever it then is. It is made before there are threads here.
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        std::array<char, 64> address{};
        ::close(pipe[1]);
        if (::read(pipe[0], address.data(), address.size() - 1) <= 0) ::_exit(1);
        LiveOptions made = options_for(root_, {books()});
        made.gateway = address.data();
        KeepingConsumer consumer;
        (void)run(std::move(made), consumer);
        ::_exit(0);
    }
    ScriptedGateway gateway({[](GatewaySession& session) {
                                 session.begin();
                                 for (std::uint64_t id = 1; id < 100'000; id += 7)
                                     session.send(mbo_records(id, 7, 1000));
                                 session.wait_for_end();
                             },
                             [](GatewaySession& session) {
                                 session.begin();
                                 session.send(mbo_records(1, 120'000, 1000));
                                 session.wait_for_end();
                             }});
    const std::string address = gateway.address();
    ASSERT_EQ(::write(pipe[1], address.data(), address.size()), static_cast<ssize_t>(address.size()));
    ::close(pipe[0]);
    ::close(pipe[1]);
    while (!fs::exists(day_path()) || fs::file_size(day_path()) < 200'000) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const Bytes left = recorded(day_path());
    fs::resize_file(day_path(), fs::file_size(day_path()) - 30);  // as if the last write had not come through

    KeepingConsumer consumer;
    consumer.enough = enough_records(120'000);
    LiveOptions made = options(gateway);
    made.day = market::Date{2026, 1, 6};
    ASSERT_TRUE(run(std::move(made), consumer).ok());
    EXPECT_TRUE(recorded(day_path()) == mbo_records(1, 120'000, 1000));
    EXPECT_TRUE(consumer.last_day() == recorded(day_path()));
    EXPECT_THAT(consumer.continued, ElementsAre(true));
    ASSERT_EQ(consumer.events.front().kind, FeedEventKind::recovered);
    // It may have been killed in the middle of a record too.
    EXPECT_EQ(consumer.events.front().count, (left.size() - 30) / sizeof(dbn::MboMsg));
}

TEST_F(LiveFeedTest, ADayThatTurnsOutToBeRecordedIsContinuedToo) {
    ScriptedGateway gateway({[](GatewaySession& session) {
        session.begin();
        session.send(mbo_records(1, 20));
        session.wait_for_end();
    }});
    for (const std::size_t expected : {20U, 20U}) {
        KeepingConsumer consumer;
        consumer.enough = [expected](const KeepingConsumer& c) {
            return c.count >= expected &&
                   (c.events_of(FeedEventKind::recovered) == 1 || !c.continued.front());
        };
        ASSERT_TRUE(run(options(gateway), consumer).ok());
    }
    EXPECT_EQ(recorded(day_path()), mbo_records(1, 20));
}

TEST_F(LiveFeedTest, OneRecorderOnly) {
    const auto lock = RecordingLock::take(recording_folder(root_, "GLBX.MDP3"));
    ASSERT_TRUE(lock.ok());
    ScriptedGateway gateway({[](GatewaySession&) {}});
    KeepingConsumer consumer;
    const auto ended = run(options(gateway), consumer);
    ASSERT_FALSE(ended.ok());
    EXPECT_EQ(ended.error().code, ErrorCode::conflict);
}

TEST_F(LiveFeedTest, AFullDiskEndsItAndLeavesWholeRecords) {
    ScriptedGateway gateway({[](GatewaySession& session) {
        session.begin();
        session.send(mbo_records(1, 100'000));
        session.wait_for_end();
    }});
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{300'001, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    KeepingConsumer consumer;
    const auto ended = run(options(gateway), consumer);
    ::setrlimit(RLIMIT_FSIZE, &before);
    ::signal(SIGXFSZ, handler);
    ASSERT_FALSE(ended.ok());
    EXPECT_EQ(ended.error().code, ErrorCode::io);
    EXPECT_THAT(ended.error().message, HasSubstr("make room"));
    EXPECT_TRUE(recorded(day_path()) == consumer.last_day());
    const Bytes left = recorded(day_path());
    EXPECT_GT(left.size(), 0U);
    EXPECT_EQ(left.size() % sizeof(dbn::MboMsg), 0U);
}

}  // namespace
}  // namespace spymaster::feed::live
