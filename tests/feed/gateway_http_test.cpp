// The historical half of the gateway over real sockets: what the API answers, and that no client can hurt it.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/sha256.hpp"
#include "dbn/decoder.hpp"
#include "feed/gateway/gateway.hpp"
#include "gateway_client.hpp"
#include "small_library.hpp"

namespace spymaster::feed {
namespace {

using namespace test;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kMbo = "dataset=GLBX.MDP3&schema=mbo&start=2026-01-06";

class HttpGateway : public testing::Test {
  protected:
    void SetUp() override { write_small_globex(folder_.path()); }

    std::string start(HistoricalOptions options = quick()) {
        auto started = Gateway::start({.raw = folder_.path(), .historical = std::move(options)});
        EXPECT_TRUE(started.ok()) << started.error().message;
        gateway_ = std::move(started).value();
        return gateway_->url();
    }
    static HistoricalOptions quick() {
        HistoricalOptions options;
        options.queued = options.processing = std::chrono::milliseconds(0);
        return options;
    }
    // Submits and waits until the job is in that state; its id.
    static std::string job_in_state(const std::string& url, std::string_view form, std::string_view state) {
        const auto submitted = post(url, "/v0/batch.submit_job", form);
        EXPECT_EQ(submitted.status, 200) << submitted.body;
        const std::string id = submitted.json().value("id", "");
        for (int look = 0; look < 2000; ++look) {
            const auto job = get(url, "/v0/batch.get_job_details?job_id=" + id).json();
            if (job.value("state", "") == state) return id;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        ADD_FAILURE() << "the job is never " << state;
        return id;
    }

    TemporaryFolder folder_;
    std::unique_ptr<Gateway> gateway_;
};

std::string case_of(const Answer& answer) {
    const auto json = answer.json();
    return json.is_object() && json.contains("detail") ? json["detail"].value("case", "") : "no detail";
}

std::vector<std::uint64_t> order_ids(std::span<const std::byte> bytes) {
    std::vector<std::uint64_t> ids;
    auto decoder = dbn::Decoder::from_memory(bytes, "answer");
    EXPECT_TRUE(decoder.ok()) << decoder.error().message;
    while (decoder.ok()) {
        const auto block = decoder->next_block();
        EXPECT_TRUE(block.ok()) << block.error().message;
        if (!block.ok() || block->empty()) break;
        dbn::for_each_record(*block, [&ids](const std::byte* record) {
            const auto mbo = dbn::load<dbn::MboMsg>(record);
            ids.push_back(mbo.order_id * 10 + mbo.hd.instrument_id);
        });
    }
    return ids;
}

TEST_F(HttpGateway, LetsInThoseWithAKey) {
    const auto url = start();
    const auto with = [&url](std::string_view field) {
        return ask(url, fmt::format("GET /v0/metadata.list_datasets HTTP/1.1\r\nConnection: close\r\n{}\r\n",
                                    field));
    };
    EXPECT_EQ(with(kKeyField).status, 200);
    for (const auto* field : {"", "Authorization: Basic\r\n", "Authorization: Basic !!!!\r\n",
                              "Authorization: Basic ZGItMTIz\r\n", "Authorization: Bearer x\r\n"}) {
        const auto refused = with(field);
        EXPECT_EQ(refused.status, 401) << field;
        EXPECT_EQ(case_of(refused), "auth_authentication_failed");
    }
    auto fixed = quick();
    fixed.key = "db-another";
    const auto other = start(fixed);
    EXPECT_EQ(get(other, "/v0/metadata.list_datasets").status, 401);
}

TEST_F(HttpGateway, TellsWhatThereIs) {
    const auto url = start();
    EXPECT_EQ(get(url, "/v0/metadata.list_datasets").json(), nlohmann::json({"GLBX.MDP3"}));
    EXPECT_EQ(get(url, "/v0/metadata.list_schemas?dataset=GLBX.MDP3").json(),
              nlohmann::json({"mbo", "trades", "definition"}));
    const auto range = get(url, "/v0/metadata.get_dataset_range?dataset=GLBX.MDP3").json();
    EXPECT_EQ(range["start"], "2026-01-06T00:00:00.000000000Z");
    EXPECT_EQ(range["schema"]["mbo"]["end"], "2026-01-07T00:00:00.000000000Z");
    EXPECT_EQ(get(url, "/v0/metadata.get_record_count?" + std::string(kMbo)).json(), 7);
    EXPECT_EQ(post(url, "/v0/metadata.get_billable_size", kMbo).json(), 7 * 56);
    EXPECT_GT(post(url, "/v0/metadata.get_cost", kMbo).json().get<double>(), 0);
    const auto condition = get(url,
                               "/v0/metadata.get_dataset_condition?dataset=GLBX.MDP3&start_date=2026-01-05&"
                               "end_date=2026-01-06")
                               .json();
    ASSERT_EQ(condition.size(), 2U);
    EXPECT_EQ(condition[0]["condition"], "missing");
    EXPECT_EQ(condition[1]["condition"], "available");
}

TEST_F(HttpGateway, SendsTheRecordsOfARange) {
    const auto url = start();
    const std::string all(kMbo);
    for (const auto* compression : {"&compression=zstd", "&compression=none", ""}) {
        const auto answer = post(url, "/v0/timeseries.get_range", all + compression);
        EXPECT_EQ(answer.status, 200);
        EXPECT_TRUE(answer.whole);
        EXPECT_THAT(order_ids(answer.bytes()), ElementsAre(10001, 20002, 30001, 30001, 30002, 50001, 60002));
    }
    const auto some = post(url, "/v0/timeseries.get_range",
                           all + "&symbols=ESM6,NOPE&limit=2&end=" + std::to_string(kMidnight + 6'000));
    EXPECT_EQ(some.status, 206);
    EXPECT_THAT(some.field("X-Warning").value_or(""), HasSubstr("NOPE"));
    EXPECT_THAT(order_ids(some.bytes()), ElementsAre(20002, 30002));
    const auto decoder = dbn::Decoder::from_memory(some.bytes(), "answer");
    ASSERT_TRUE(decoder.ok());
    EXPECT_THAT(decoder->metadata()->not_found, ElementsAre("NOPE"));
    EXPECT_EQ(decoder->metadata()->limit, 2U);
    EXPECT_EQ(decoder->metadata()->mappings.size(), 1U);

    const auto old =
        ask(url, fmt::format("POST /v0/timeseries.get_range HTTP/1.0\r\n{}Content-Length: {}\r\n\r\n{}",
                             kKeyField, all.size(), all));
    EXPECT_EQ(order_ids(old.bytes()).size(), 7U);  // no chunks, the body ends with the connection
    const auto head =
        ask(url, fmt::format("HEAD /v0/timeseries.get_range?{} HTTP/1.1\r\nConnection: close\r\n{}\r\n", all,
                             kKeyField));
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.body, "");
}

TEST_F(HttpGateway, RefusesWhatItCannotDoAndSaysWhy) {
    auto options = quick();
    options.limits = false;
    const auto url = start(options);
    const std::pair<const char*, const char*> requests[] = {
        {"schema=mbo&start=2026-01-06", "`dataset`"},
        {"dataset=GLBX.MDP3&schema=mob&start=2026-01-06", "'mob'"},
        {"dataset=XNAS.ITCH&schema=mbo&start=2026-01-06", "XNAS.ITCH"},
        {"dataset=GLBX.MDP3&schema=mbp-1&start=2026-01-06", "mbp-1"},
        {"dataset=GLBX.MDP3&schema=mbo", "`start`"},
        {"dataset=GLBX.MDP3&schema=mbo&start=2026-13-06", "`start`"},
        {"dataset=GLBX.MDP3&schema=mbo&start=2026-01-05", "begin"},
        {"dataset=GLBX.MDP3&schema=mbo&start=2026-01-06&end=2026-01-09", "end"},
        {"dataset=GLBX.MDP3&schema=mbo&start=2026-01-06T10&end=2026-01-06T09", "not before"},
        {"dataset=GLBX.MDP3&schema=mbo&start=2026-01-06&limit=-1", "`limit`"},
        {"dataset=GLBX.MDP3&schema=mbo&start=2026-01-06&symbols=,,", "`symbols`"},
        {"dataset=GLBX.MDP3&schema=mbo&start=2026-01-06&symbols=A,ALL_SYMBOLS", "ALL_SYMBOLS"},
        {"dataset=GLBX.MDP3&schema=mbo&start=2026-01-06&symbols=NOPE", "None of the symbols"},
        {"dataset=GLBX.MDP3&schema=mbo&start=2026-01-06&symbols=ES&stype_in=parent", "ROOT.FUT"},
        {"dataset=GLBX.MDP3&schema=mbo&start=2026-01-06&stype_in=figi", "`stype_in`"},
        {"dataset=GLBX.MDP3&schema=mbo&schema=mbo&start=2026-01-06", "twice"},
        {"dataset=GLBX.MDP3&schema=mbo&start=2026-01-06&encoding=csv", "csv"},
        {"dataset=GLBX.MDP3&schema=mbo&start=2026-01-06&compression=gz", "`compression`"},
    };
    for (const auto& [form, named] : requests) {
        const auto answer = post(url, "/v0/timeseries.get_range", form);
        EXPECT_EQ(answer.status, 422) << form;
        EXPECT_THAT(answer.json()["detail"].value("message", ""), HasSubstr(named)) << form;
        EXPECT_EQ(answer.json()["detail"]["status_code"], 422);
    }
    std::string many = std::string(kMbo) + "&symbols=A";
    for (int i = 0; i < 2000; ++i) many += ",B";
    EXPECT_THAT(post(url, "/v0/timeseries.get_range", many).body, HasSubstr("2001 symbols"));
    EXPECT_EQ(get(url, "/v0/nothing.there").status, 404);
    EXPECT_EQ(get(url, "/elsewhere").status, 404);
    EXPECT_EQ(get(url, "/v0/batch.submit_job").status, 405);
    EXPECT_EQ(get(url, "/v0/batch.list_files?job_id=NOPE").status, 404);
    EXPECT_EQ(get(url, "/v0/batch.list_jobs?states=received").status, 422);
}

TEST_F(HttpGateway, AJobComesToItsFiles) {
    const auto url = start();
    const auto id = job_in_state(url, std::string(kMbo) + "&compression=zstd&symbols=ESH6", "done");
    const auto job = get(url, "/v0/batch.get_job_details?job_id=" + id).json();
    EXPECT_EQ(job["record_count"], 4);
    EXPECT_EQ(job["symbols"], "ESH6");
    EXPECT_EQ(get(url, "/v0/batch.list_jobs").json().size(), 1U);
    EXPECT_EQ(get(url, "/v0/batch.list_jobs?short=True").json()[0].size(), 3U);
    EXPECT_EQ(get(url, "/v0/batch.list_jobs?since=2100-01-01").json().size(), 0U);

    const auto files = get(url, "/v0/batch.list_files?job_id=" + id).json();
    std::vector<std::string> names;
    for (const auto& file : files) {
        names.push_back(file["filename"]);
        const std::string link = file["urls"]["https"];
        ASSERT_TRUE(link.starts_with(url));
        const auto target = link.substr(url.size());
        const auto whole = get(url, target);
        EXPECT_EQ(whole.body.size(), file["size"].get<std::size_t>());
        EXPECT_EQ("sha256:" + sha256_of(whole.body), file["hash"].get<std::string>());
        const auto rest = get(url, target, "Range: bytes=3-\r\n");
        EXPECT_EQ(rest.status, 206);
        EXPECT_EQ(rest.body, whole.body.substr(3));
        EXPECT_EQ(rest.field("Content-Range"),
                  fmt::format("bytes 3-{0}/{1}", whole.body.size() - 1, whole.body.size()));
        EXPECT_EQ(get(url, target, "Range: bytes=-5\r\n").body, whole.body.substr(whole.body.size() - 5));
        EXPECT_EQ(get(url, target, "Range: bytes=1-2\r\n").body, whole.body.substr(1, 2));
        EXPECT_EQ(get(url, target, fmt::format("Range: bytes={}-\r\n", whole.body.size())).status, 416);
        EXPECT_EQ(get(url, target, "Range: lines=1-2\r\n").status, 200);
    }
    EXPECT_THAT(names, ElementsAre("glbx-mdp3-20260106.mbo.dbn.zst", "metadata.json", "symbology.json",
                                   "condition.json", "manifest.json"));
    const auto data = get(url, "/v0/batch/download/LOCAL/" + id + "/" + names[0]);
    EXPECT_THAT(order_ids(data.bytes()), ElementsAre(10001, 30001, 30001, 50001));
    for (const auto* name : {"..%2F..%2Fetc%2Fpasswd", "..", "", "nothing"})
        EXPECT_EQ(get(url, "/v0/batch/download/LOCAL/" + id + "/" + name).status, 404) << name;
    const auto zip = get(url, "/v0/batch.download?job_id=" + id);
    EXPECT_TRUE(zip.whole);
    EXPECT_TRUE(zip.body.starts_with("PK\x03\x04"));
}

TEST_F(HttpGateway, FilesAreSplitAsAsked) {
    const auto url = start();
    const auto names = [&url](std::string_view form) {
        std::vector<std::string> all;
        const auto id = job_in_state(url, form, "done");
        for (const auto& file : get(url, "/v0/batch.list_files?job_id=" + id).json()) {
            const std::string name = file["filename"];
            if (name.find(".dbn") != std::string::npos) all.push_back(name);
        }
        return all;
    };
    EXPECT_THAT(names(std::string(kMbo) + "&split_symbols=1&symbols=ES.FUT&stype_in=parent"),
                ElementsAre("glbx-mdp3-20260106.mbo.ESH6.dbn", "glbx-mdp3-20260106.mbo.ESM6.dbn"));
    EXPECT_THAT(names(std::string(kMbo) + "&split_duration=none&compression=zstd"),
                ElementsAre("glbx-mdp3-20260106.mbo.dbn.zst"));
    EXPECT_EQ(post(url, "/v0/batch.submit_job", std::string(kMbo) + "&split_symbols=true").status, 422);
}

TEST_F(HttpGateway, JobsExpireAndFailOnPurpose) {
    auto options = quick();
    options.expires = std::chrono::milliseconds(0);
    options.faults.error_job = 2;
    const auto url = start(options);
    const auto expired = job_in_state(url, kMbo, "expired");
    EXPECT_EQ(get(url, "/v0/batch.list_files?job_id=" + expired).status, 410);
    EXPECT_EQ(get(url, "/v0/batch/download/LOCAL/" + expired + "/manifest.json").status, 410);
    job_in_state(url, kMbo, "error");
    EXPECT_EQ(get(url, "/v0/batch.list_jobs").json().size(), 1U);
    EXPECT_EQ(get(url, "/v0/batch.list_jobs?states=queued,processing,done,expired").json().size(), 2U);
}

TEST_F(HttpGateway, GoesWrongOnPurpose) {
    auto options = quick();
    options.faults.too_many = 1;
    options.faults.server_errors = 1;
    const auto url = start(options);
    const auto limited = get(url, "/v0/metadata.list_datasets");
    EXPECT_EQ(limited.status, 429);
    EXPECT_EQ(limited.field("Retry-After"), "1");
    EXPECT_EQ(get(url, "/v0/metadata.list_datasets").status, 500);
    EXPECT_EQ(get(url, "/v0/metadata.list_datasets").status, 200);

    auto spoiling = quick();
    spoiling.faults.corrupt_downloads = 1;
    spoiling.faults.cut_download_bytes = 50;
    const auto spoiled = start(spoiling);
    const auto id = job_in_state(spoiled, kMbo, "done");
    const auto file = "/v0/batch/download/LOCAL/" + id + "/metadata.json";
    const auto first = get(spoiled, file);
    EXPECT_FALSE(first.whole);
    EXPECT_EQ(first.body.size(), 50U);
    const auto second = get(spoiled, file);
    EXPECT_EQ(second.body.size(), 50U);
    EXPECT_NE(first.body, second.body);
    EXPECT_EQ(second.body.front(), '{');
    spoiling.faults = {};
    spoiling.faults.no_range = 1;
    const auto rangeless = start(spoiling);
    const auto again = job_in_state(rangeless, kMbo, "done");
    EXPECT_EQ(
        get(rangeless, "/v0/batch/download/LOCAL/" + again + "/metadata.json", "Range: bytes=5-\r\n").status,
        200);
}

TEST_F(HttpGateway, LimitsRequests) {
    const auto url = start();
    for (int i = 0; i < 20; ++i) EXPECT_EQ(post(url, "/v0/batch.submit_job", "").status, 422);
    const auto limited = post(url, "/v0/batch.submit_job", "");
    EXPECT_EQ(limited.status, 429);
    int seconds = 0;
    const auto field = limited.field("Retry-After").value_or("");
    std::from_chars(field.data(), field.data() + field.size(), seconds);
    EXPECT_GE(seconds, 1);
    EXPECT_LE(seconds, 60);
}

TEST_F(HttpGateway, NoBytesHurtIt) {
    const auto url = start();
    EXPECT_EQ(ask(url, "nonsense\r\n\r\n").status, 400);
    EXPECT_EQ(ask(url, "PUT /v0/x HTTP/1.1\r\nConnection: close\r\n\r\n").status, 405);
    EXPECT_EQ(ask(url, "GET /" + std::string(80'000, 'a') + " HTTP/1.1\r\n\r\n").status, 431);
    EXPECT_EQ(ask(url, "POST /v0/x HTTP/1.1\r\nContent-Length: 9999999999\r\n\r\n").status, 413);
    EXPECT_EQ(get(url, "/v0/metadata.list_schemas?dataset=%zz").status, 400);
    EXPECT_EQ(get(url, "/v0/metadata.list_schemas?dataset=%00").status, 400);
    EXPECT_THAT(get(url, "/v0/metadata.list_schemas?dataset=%ff%fe").status, AnyOf(422));
    {
        Socket half(url);
        half.send("POST /v0/timeseries.get_range HTTP/1.1\r\nContent-Le");
    }
    std::vector<std::unique_ptr<Socket>> leavers;  // ask for data and go
    for (int i = 0; i < 20; ++i) {
        leavers.push_back(std::make_unique<Socket>(url));
        leavers.back()->send(
            fmt::format("GET /v0/timeseries.get_range?{} HTTP/1.1\r\n{}\r\n", kMbo, kKeyField));
    }
    leavers.clear();
    Socket two(url);  // two requests on one connection
    const auto request = fmt::format("GET /v0/metadata.list_datasets HTTP/1.1\r\n{}\r\n", kKeyField);
    two.send(request + request);
    two.finish_sending();
    const auto answers = two.read(std::string::npos);
    EXPECT_NE(answers.find("HTTP/1.1 200", 10), std::string::npos);
}

TEST_F(HttpGateway, StopsWhileItIsAsked) {
    const auto url = start();
    std::vector<std::unique_ptr<Socket>> waiting;
    for (int i = 0; i < 10; ++i) {
        waiting.push_back(std::make_unique<Socket>(url));
        waiting.back()->send(
            fmt::format("GET /v0/timeseries.get_range?{} HTTP/1.1\r\n{}\r\n", kMbo, kKeyField));
    }
    gateway_.reset();
    for (auto& socket : waiting) socket->read(std::string::npos);  // all are let go
}

TEST(HttpGatewayStart, SaysWhatIsWrong) {
    TemporaryFolder folder;
    EXPECT_EQ(Gateway::start({.raw = folder.path() / "no", .historical = {}}).error().code,
              ErrorCode::missing);
    write_small_globex(folder.path());
    HistoricalOptions options;
    options.host = "nowhere.example";
    EXPECT_EQ(Gateway::start({.raw = folder.path(), .historical = options}).error().code, ErrorCode::usage);
    GatewayFaults faults;
    EXPECT_TRUE(add_fault("429=3", faults).ok());
    EXPECT_EQ(faults.too_many, 3U);
    for (const auto* bad : {"429", "429=", "429=x", "fire=1", ""})
        EXPECT_FALSE(add_fault(bad, faults).ok()) << bad;
}

}  // namespace
}  // namespace spymaster::feed
