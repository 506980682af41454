// The live gateway over real sockets: the protocol, and clients that are slow, broken or hostile.
#include "feed/gateway/live_server.hpp"

#include <gmock/gmock.h>

#include <map>
#include <thread>

#include "dbn/decoder.hpp"
#include "live_client.hpp"
#include "small_library.hpp"

namespace spymaster::feed {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* kGlobex = "GLBX.MDP3";
constexpr const char* kFutures = "schema=mbo|stype_in=parent|symbols=ES.FUT|id=4\n";

class Server : public testing::Test {
  protected:
    static LiveOptions fast() {
        LiveOptions options;
        options.speed = 0;
        options.max_connections_per_second = 10'000;
        return options;
    }
    void serve(LiveOptions options) {
        if (!library_) {
            auto library = RawLibrary::open(folder_.path());
            ASSERT_TRUE(library.ok()) << library.error().message;
            library_ = std::make_unique<RawLibrary>(std::move(library).value());
        }
        server_.reset();
        auto server = LiveServer::start(*library_, std::move(options));
        ASSERT_TRUE(server.ok()) << server.error().message;
        server_ = std::move(server).value();
    }
    [[nodiscard]] std::uint16_t port() const { return server_->port(); }

    TemporaryFolder folder_;
    std::unique_ptr<RawLibrary> library_;
    std::unique_ptr<LiveServer> server_;
};

class SmallServer : public Server {
  protected:
    void SetUp() override { write_small_globex(folder_.path()); }
};

// "mbo 1 3000", "map 1 ESH6", "system 1", "error 5".
std::string described(const std::string& record) {
    if (auto word = gateway_word(record); !word.empty()) return word;
    const auto header = as<dbn::RecordHeader>(record);
    if (header.rtype == dbn::rtype::symbol_mapping) {
        return "map " + std::to_string(header.instrument_id) + " " +
               std::string(dbn::text(as<dbn::SymbolMappingMsg>(record).stype_out_symbol));
    }
    return "record " + std::to_string(header.instrument_id) + " " +
           std::to_string(header.ts_event - kMidnight);
}

// Up to the end of the connection.
std::vector<std::string> read_records(LiveClient& client) {
    std::vector<std::string> all;
    for (auto record = client.read_record(); !record.empty(); record = client.read_record())
        all.push_back(described(record));
    return all;
}

TEST_F(SmallServer, ASessionFromGreetingToEnd) {
    auto options = fast();
    options.close_at_end = true;
    serve(options);
    LiveClient client(port());
    EXPECT_THAT(client.authenticate(kGlobex), StartsWith("success=1|session_id="));
    client.send(kFutures);
    client.send("start_session=0\n");
    const auto metadata = client.read_metadata();
    EXPECT_EQ(metadata.version, 3);
    EXPECT_EQ(metadata.dataset, kGlobex);
    EXPECT_FALSE(metadata.schema);
    EXPECT_FALSE(metadata.stype_in);
    EXPECT_EQ(metadata.start, kMidnight + 1100);  // the first record of market data
    EXPECT_THAT(metadata.mappings, IsEmpty());
    const std::string ack = client.read_record();
    EXPECT_EQ(gateway_word(ack), "system 1");
    EXPECT_EQ(dbn::text(as<dbn::SystemMsg>(ack).msg), "Subscription request 4 for mbo data succeeded");
    EXPECT_THAT(
        read_records(client),
        ElementsAre("map 2 ESM6", "map 1 ESH6", "map 3 ESH6-ESM6", "record 1 1000", "record 2 2000",
                    "record 1 3000", "record 1 3000", "record 2 3000", "record 1 5000", "record 2 6000"));
    EXPECT_EQ(client.rest(), 0U);
    EXPECT_FALSE(client.was_reset());
}

TEST_F(SmallServer, ReplaysThenSaysSo) {
    auto options = fast();
    options.close_at_end = true;
    options.from_ns = kMidnight + 4000;
    serve(options);
    LiveClient client(port());
    client.authenticate(kGlobex);
    client.send("schema=mbo|stype_in=raw_symbol|symbols=ESH6,NONE|start=0|id=0\n");
    client.send("start_session\n");
    client.read_metadata();
    EXPECT_THAT(read_records(client),
                ElementsAre("error 4", "system 1", "map 1 ESH6", "record 1 1000", "record 1 3000",
                            "record 1 3000", "system 3", "record 1 5000"));
}

TEST_F(SmallServer, WhatDoesNotFitEndsTheSessionWithAReason) {
    serve(fast());
    for (const char* line : {"nonsense\n", "schema=cmbp-1|stype_in=raw_symbol|symbols=ESH6\nstart_session\n",
                             "schema=mbo|stype_in=raw_symbol|symbols=ESH6|snapshot=1|start=0\n"}) {
        LiveClient client(port());
        client.authenticate(kGlobex);
        client.send(line);
        client.read_metadata();
        EXPECT_THAT(read_records(client), ElementsAre("error 5")) << line;
    }
}

TEST_F(SmallServer, LetsInWhoHasTheKey) {
    auto options = fast();
    options.key = "db-12345678901234567890123456789";
    options.max_sessions_per_dataset = 2;
    serve(options);
    LiveClient wrong(port());
    EXPECT_THAT(wrong.authenticate(kGlobex, "", "db-wrong678901234567890123456789"),
                StartsWith("success=0|error="));
    EXPECT_EQ(wrong.read_all(), "");
    LiveClient elsewhere(port());
    EXPECT_EQ(elsewhere.authenticate("XNAS.ITCH"), "success=0|error=Unknown dataset 'XNAS.ITCH'");
    {
        LiveClient one(port());
        LiveClient two(port());
        LiveClient three(port());
        EXPECT_THAT(one.authenticate(kGlobex), StartsWith("success=1"));
        EXPECT_THAT(two.authenticate(kGlobex), StartsWith("success=1"));
        EXPECT_THAT(three.authenticate(kGlobex), HasSubstr("limit exceeded"));
    }
    for (int tries = 0;; ++tries) {  // the places are given back
        ASSERT_LT(tries, 1000);
        LiveClient again(port());
        if (again.authenticate(kGlobex).starts_with("success=1")) break;
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
}

TEST_F(SmallServer, HostileBytesHarmNobody) {
    auto options = fast();
    options.max_connections = 64;
    options.authentication_timeout = std::chrono::milliseconds{200};
    serve(options);
    {
        LiveClient garbage(port());
        garbage.send(std::string("\x00\xff|=|\n\n\n", 8));
        EXPECT_THAT(garbage.read_all(), HasSubstr("success=0|error=auth is missing"));
        LiveClient endless(port());
        endless.send(std::string(1U << 20U, 'x'));
        EXPECT_THAT(endless.read_all(), HasSubstr("success=0"));
        LiveClient silent(port());
        silent.send("auth=half a li");
        EXPECT_THAT(silent.read_all(), HasSubstr("success=0|error=Authentication timed out"));
    }
    std::vector<std::unique_ptr<LiveClient>> crowd;
    for (int i = 0; i < 1000; ++i) crowd.push_back(std::make_unique<LiveClient>(port()));
    crowd.clear();
    for (int tries = 0;; ++tries) {
        ASSERT_LT(tries, 1000);
        LiveClient good(port());
        const std::string greeting = good.read_line();
        if (!greeting.empty()) break;
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
}

TEST_F(SmallServer, MoreConnectionsASecondThanAllowedAreClosed) {
    auto options = fast();
    options.max_connections_per_second = 5;
    serve(options);
    std::vector<std::unique_ptr<LiveClient>> clients;
    for (int i = 0; i < 40; ++i) clients.push_back(std::make_unique<LiveClient>(port()));
    int greeted = 0;
    for (auto& client : clients) greeted += client->read_line().empty() ? 0 : 1;
    EXPECT_GE(greeted, 5);
    EXPECT_LT(greeted, 40);
}

TEST_F(SmallServer, CutsOffInTheMiddleOfARecord) {
    auto options = fast();
    options.drop_at_ns = {kMidnight + 3000};
    options.close_at_end = true;
    serve(options);
    {
        LiveClient client(port());
        client.authenticate(kGlobex);
        client.send(std::string(kFutures) + "start_session\n");
        client.read_metadata();
        const auto records = read_records(client);
        ASSERT_EQ(records.size(), 6U);
        EXPECT_EQ(records.back(), "record 2 2000");
        EXPECT_EQ(client.rest(), sizeof(dbn::MboMsg) / 2);
        EXPECT_TRUE(client.was_reset());
    }
    LiveClient again(port());
    again.authenticate(kGlobex);
    again.send("schema=mbo|stype_in=parent|symbols=ES.FUT|start=" + std::to_string(kMidnight + 2000) +
               "\nstart_session\n");
    again.read_metadata();
    const auto records = read_records(again);
    ASSERT_EQ(records.size(), 11U);
    EXPECT_EQ(records[4], "record 2 2000");
    EXPECT_EQ(records[5], "system 3");
    EXPECT_EQ(records.back(), "record 2 6000");
}

TEST_F(SmallServer, StampsAndCompressesAsAsked) {
    auto options = fast();
    options.close_at_end = true;
    serve(options);
    LiveClient client(port());
    client.authenticate(kGlobex, "|ts_out=1|compression=zstd");
    client.send(std::string(kFutures) + "start_session\n");
    const std::string bytes = client.read_all();
    auto decoder = dbn::Decoder::from_memory(std::as_bytes(std::span(bytes)), "session");
    ASSERT_TRUE(decoder.ok()) << decoder.error().message;
    EXPECT_TRUE(decoder->metadata()->ts_out);
    std::vector<std::uint64_t> late;
    for (auto block = decoder->next_block(); block.ok() && !block->empty(); block = decoder->next_block()) {
        dbn::for_each_record(*block, [&](const std::byte* record) {
            if (dbn::load<dbn::RecordHeader>(record).rtype != dbn::rtype::mbo) return;
            EXPECT_EQ(dbn::load<dbn::RecordHeader>(record).size(), sizeof(dbn::MboMsg) + 8);
            std::uint64_t ts_out = 0;
            std::memcpy(&ts_out, record + sizeof(dbn::MboMsg), sizeof ts_out);
            late.push_back(ts_out - kMidnight);
        });
    }
    ASSERT_EQ(late.size(), 7U);
    EXPECT_TRUE(std::is_sorted(late.begin(), late.end()));
}

// ESH6 has enough records at one instant to fill any socket; ESM6 has few, the last of them later.
class BusyServer : public Server {
  protected:
    static constexpr std::size_t kMany = 100'000;
    static constexpr std::size_t kFew = 1000;
    static constexpr std::uint64_t kBurst = 2'000'000'000;
    static constexpr std::uint64_t kLater = 4'000'000'000;

    template <class Record>
    void write(dbn::Schema schema, Record record) {
        auto metadata = metadata_of(kGlobex, schema);
        map_symbol(metadata, "ESH6", 1);
        map_symbol(metadata, "ESM6", 2);
        std::vector<Record> records;
        const auto add = [&](std::uint32_t id, std::uint64_t after_midnight_ns, std::size_t count) {
            record.hd.instrument_id = id;
            record.hd.ts_event = record.ts_recv = kMidnight + after_midnight_ns;
            records.insert(records.end(), count, record);
        };
        add(1, 0, 1);
        add(2, kBurst, kFew - 1);
        add(1, kBurst, kMany);
        add(2, kLater, 1);
        write_records<Record>(folder_.path() / "busy.dbn.zst", metadata, records);
        LiveOptions options;
        options.max_backlog_bytes = std::size_t{1} << 20U;
        options.send_buffer_bytes = 64 << 10;
        serve(options);
    }
    static void start(LiveClient& client, std::string_view subscription, std::string_view more = "") {
        EXPECT_THAT(client.authenticate(kGlobex, more), StartsWith("success=1"));
        client.send("stype_in=raw_symbol|" + std::string(subscription) + "\nstart_session\n");
        client.read_metadata();
    }
    // How often each kind came until `enough`, or to the end.
    static std::map<std::string, std::size_t> count(LiveClient& client, std::string_view what = "",
                                                    std::size_t enough = 1) {
        std::map<std::string, std::size_t> got;
        for (auto record = client.read_record(); !record.empty(); record = client.read_record()) {
            const auto word = gateway_word(record);
            auto& times = got[!word.empty()                                   ? word
                              : type_of(record) == dbn::rtype::symbol_mapping ? "map"
                                                                              : "record"];
            if (word == "system 0") {
                ADD_FAILURE() << "there is nothing more, and no " << what;
                break;
            }
            if (++times == enough && (word.empty() ? "record" : word) == what) break;
        }
        return got;
    }
};

TEST_F(BusyServer, ASlowReaderIsWarnedThenCutOffAndHoldsUpNobody) {
    write(dbn::Schema::mbo, mbo(1, 0));
    LiveClient slow(port(), 16 << 10);
    start(slow, "schema=mbo|symbols=ESH6", "|slow_reader_behavior=skip");  // orders are never skipped
    LiveClient good(port());
    start(good, "schema=mbo|symbols=ESM6");
    EXPECT_EQ(count(good, "record", kFew)["record"], kFew);
    slow.wait_for_break();
    auto got = count(slow);
    EXPECT_GT(got["record"], 0U);
    EXPECT_LT(got["record"], kMany);
    EXPECT_TRUE(slow.was_reset());
}

TEST_F(BusyServer, ASlowReaderOfQuotesSkipsToTheNewest) {
    dbn::Cmbp1Msg quote{};
    quote.hd = {dbn::kRecordLength<dbn::Cmbp1Msg>, dbn::rtype::cmbp_1, 1, 1, 0};
    write(dbn::Schema::cmbp_1, quote);
    LiveClient slow(port(), 16 << 10);
    start(slow, "schema=cmbp-1|symbols=ESH6,ESM6");
    LiveClient good(port());
    start(good, "schema=cmbp-1|symbols=ESM6");
    EXPECT_EQ(count(good, "record", kFew)["record"], kFew);
    auto got = count(slow, "error 7");
    EXPECT_EQ(got["error 7"], 1U);
    EXPECT_GT(got["record"], 0U);
    EXPECT_LT(got["record"], kMany);
}

TEST_F(BusyServer, AReplayWaitsForItsReader) {
    write(dbn::Schema::mbo, mbo(1, 0));
    LiveOptions options;
    options.max_backlog_bytes = std::size_t{1} << 20U;
    options.from_ns = kMidnight + kLater;
    options.close_at_end = true;
    serve(options);
    for (const int receive_buffer : {16 << 10, 0}) {
        LiveClient client(port(), receive_buffer);
        start(client, "schema=mbo|symbols=ALL_SYMBOLS|start=0", "|heartbeat_interval_s=1800");
        auto got = count(client);
        EXPECT_EQ(got["record"], kMany + kFew + 1);
        EXPECT_EQ(got["system 3"], 1U);
        EXPECT_FALSE(client.was_reset());
    }
}

TEST_F(BusyServer, AReaderThatFallsBehindIsWarned) {
    write(dbn::Schema::mbo, mbo(1, 0));
    LiveOptions options;
    options.max_backlog_bytes = std::size_t{8} << 20U;  // half of it is less than there is, all of it is more
    options.send_buffer_bytes = 64 << 10;
    serve(options);
    LiveClient slow(port(), 16 << 10);
    start(slow, "schema=mbo|symbols=ALL_SYMBOLS");
    LiveClient good(port());
    start(good, "schema=mbo|symbols=ESM6");
    EXPECT_EQ(count(good, "record", kFew)["record"], kFew);
    auto got = count(slow, "system 2");
    EXPECT_EQ(got["system 2"], 1U);
}

}  // namespace
}  // namespace spymaster::feed
