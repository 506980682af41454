// What clients of the live gateway say.
#include "feed/gateway/live_protocol.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <iterator>

#include "base/sha256.hpp"
#include "feed/gateway/live_clock.hpp"

namespace spymaster::feed {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SubscriptionRequest subscription(std::string_view line) {
    const auto message = parse_control(line);
    EXPECT_TRUE(message.ok()) << message.error().message;
    return std::get<SubscriptionRequest>(*message);
}

TEST(LiveProtocol, ReadsWhatTheOfficialClientSends) {
    const auto client = parse_authentication(
        "auth=abc-56789|dataset=GLBX.MDP3|encoding=dbn|ts_out=1|compression=zstd|heartbeat_interval_s=30|"
        "slow_reader_behavior=warn|client=Python/0.88.0");
    ASSERT_TRUE(client.ok()) << client.error().message;
    EXPECT_EQ(client->response, "abc-56789");
    EXPECT_EQ(client->dataset, "GLBX.MDP3");
    EXPECT_TRUE(client->ts_out);
    EXPECT_TRUE(client->zstd);
    EXPECT_EQ(client->heartbeat_interval.count(), 30);
    EXPECT_EQ(client->slow_reader, SlowReader::warn);

    const auto one =
        subscription("schema=mbo|stype_in=parent|symbols=ES.FUT,ES.OPT|start=5|snapshot=0|id=7|is_last=0");
    EXPECT_EQ(one.schema, dbn::Schema::mbo);
    EXPECT_EQ(one.stype_in, dbn::SymbolType::parent);
    EXPECT_THAT(one.symbols, ElementsAre("ES.FUT", "ES.OPT"));
    EXPECT_EQ(one.start_ns, 5U);
    EXPECT_EQ(one.id, 7U);
    EXPECT_FALSE(one.snapshot);
    EXPECT_FALSE(one.is_last);
    EXPECT_TRUE(std::holds_alternative<StartSession>(*parse_control("start_session=0")));
    EXPECT_TRUE(std::holds_alternative<StartSession>(*parse_control("start_session")));
}

TEST(LiveProtocol, TimesAreNanosecondsOrIso) {
    const std::string line = "schema=cmbp-1|stype_in=raw_symbol|symbols=X|start=";
    const auto noon = *market::parse_instant("2026-01-06T12:00:00Z");
    for (const char* text : {"2026-01-06T12:00:00", "2026-01-06T12:00:00Z", "2026-01-06T07:00:00-05:00"}) {
        EXPECT_EQ(subscription(line + text).start_ns, static_cast<std::uint64_t>(noon)) << text;
    }
    EXPECT_EQ(subscription(line + "0").start_ns, 0U);
    EXPECT_FALSE(subscription(line).start_ns);
    for (const char* text : {"-1", "soon", "2026-13-01", "99999999999999999999"}) {
        EXPECT_FALSE(parse_control(line + text).ok()) << text;
    }
}

TEST(LiveProtocol, SaysWhatDoesNotFit) {
    const auto why = [](std::string_view line) {
        const auto message = parse_control(line);
        EXPECT_FALSE(message.ok()) << line;
        return message.ok() ? std::string() : message.error().message;
    };
    EXPECT_THAT(why(""), HasSubstr("schema is missing"));
    EXPECT_THAT(why("schema=mbo|symbols=X"), HasSubstr("stype_in is missing"));
    EXPECT_THAT(why("schema=mbo|stype_in=raw_symbol|symbols="), HasSubstr("symbols is missing"));
    EXPECT_THAT(why("schema=all|stype_in=raw_symbol|symbols=X"), HasSubstr("schema 'all'"));
    EXPECT_THAT(why("schema=mbo|stype_in=smart|symbols=X"), HasSubstr("stype_in 'smart'"));
    EXPECT_THAT(why("schema=mbo|stype_in=raw_symbol|symbols=X,,Y"), HasSubstr("symbol ''"));
    EXPECT_THAT(why("schema=mbo|stype_in=raw_symbol|symbols=X,ALL_SYMBOLS"), HasSubstr("alone"));
    EXPECT_THAT(why("schema=mbo|stype_in=raw_symbol|symbols=X|snapshot=2"), HasSubstr("0 or 1"));
    EXPECT_THAT(why("schema=mbo|stype_in=raw_symbol|symbols=X|snapshot=1|start=0"), HasSubstr("exclude"));
    EXPECT_THAT(why("schema=definition|stype_in=raw_symbol|symbols=X|snapshot=1"), HasSubstr("mbo only"));
    std::string many = "schema=mbo|stype_in=raw_symbol|symbols=X";
    for (int i = 0; i < 500; ++i) many += ",X";
    EXPECT_THAT(why(many), HasSubstr("500"));
    for (const char* line :
         {"dataset=X", "auth=a", "auth=a|dataset=X|encoding=csv", "auth=a|dataset=X|ts_out=yes",
          "auth=a|dataset=X|compression=gzip", "auth=a|dataset=X|heartbeat_interval_s=4",
          "auth=a|dataset=X|slow_reader_behavior=wait"}) {
        EXPECT_FALSE(parse_authentication(line).ok()) << line;
    }
}

TEST(LiveProtocol, OnlyTheKeyAnswersTheChallenge) {
    const std::string key = "db-12345678901234567890123456789";
    const std::string challenge = new_challenge();
    EXPECT_NE(challenge, new_challenge());
    const auto response = sha256_of(challenge + "|" + key) + "-56789";
    EXPECT_TRUE(answers_challenge(response, challenge, key));
    EXPECT_FALSE(answers_challenge(response, new_challenge(), key));
    EXPECT_FALSE(answers_challenge(response, challenge, "db-other5678901234567890123456789"));
    EXPECT_TRUE(answers_challenge(response, challenge, ""));
    EXPECT_FALSE(answers_challenge("x", challenge, ""));
}

// However the bytes come, the lines are the same.
RC_GTEST_PROP(LiveProtocol, LinesDoNotDependOnHowTheyCome, (const std::vector<std::string>& parts)) {
    std::string all;
    for (const auto& part : parts) all += part + (part.size() % 2 == 0 ? "\n" : "");
    const auto lines_of = [](const std::vector<std::string>& pieces) {
        ControlLines lines;
        std::vector<std::string> got;
        for (const auto& piece : pieces) {
            lines.append(piece);
            while (true) {
                auto line = lines.next();
                RC_ASSERT(line.ok());
                if (!*line) break;
                got.push_back(**line);
            }
        }
        return got;
    };
    std::vector<std::string> bytes;
    for (const char c : all) bytes.emplace_back(1, c);
    RC_ASSERT(lines_of({all}) == lines_of(bytes));
}

TEST(LiveProtocol, AnEndlessLineIsRefused) {
    ControlLines lines;
    lines.append(std::string(kMaxControlLine + 1, 'x'));
    EXPECT_FALSE(lines.next().ok());
    EXPECT_FALSE(lines.next().ok());
}

TEST(DataClock, RunsFromItsStart) {
    DataClock clock(1000);
    EXPECT_EQ(clock.now(), 0U);
    clock.start(5'000'000'000);
    clock.start(0);
    const auto now = clock.now();
    EXPECT_GE(now, 5'000'000'000U);
    EXPECT_GT(clock.until(now + 3'600'000'000'000).count(), 0);
    EXPECT_LE(clock.until(now + 3'600'000'000'000).count(), 3'600'000'001);
    EXPECT_EQ(clock.until(now).count(), 0);
    clock.reached(now + 3'600'000'000'000);
    EXPECT_LT(clock.now(), now + 3'600'000'000'000);
}

TEST(DataClock, StandsWhereTheFurthestSessionIs) {
    DataClock clock(0);
    clock.start(7);
    clock.reached(9);
    clock.reached(8);
    EXPECT_EQ(clock.now(), 9U);
    EXPECT_EQ(clock.until(100).count(), 0);
}

}  // namespace
}  // namespace spymaster::feed
