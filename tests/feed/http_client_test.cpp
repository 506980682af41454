// The HTTP client against real sockets that answer what a test writes down.
#include "feed/historical/http_client.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <thread>

#include "feed/historical/batch_json.hpp"

namespace spymaster::feed {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kKey = "db-SECRET0SECRET0SECRET0SECRET00";

// Answers one connection after the other with the texts given; an empty one hangs up.
class Answers {
  public:
    explicit Answers(std::vector<std::string> answers) : answers_(std::move(answers)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const plain = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(::bind(listener_, plain, size), 0);
        EXPECT_EQ(::listen(listener_, 16), 0);
        EXPECT_EQ(::getsockname(listener_, plain, &size), 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~Answers() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }
    Answers(const Answers&) = delete;
    Answers& operator=(const Answers&) = delete;

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] std::vector<std::string> requests() {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

  private:
    void serve() {
        for (const std::string& answer : answers_) {
            const int connection = ::accept(listener_, nullptr, nullptr);
            if (connection < 0) return;
            std::string request;
            std::array<char, 4096> buffer{};
            while (request.find("\r\n\r\n") == std::string::npos) {
                const ssize_t count = ::recv(connection, buffer.data(), buffer.size(), 0);
                if (count <= 0) break;
                request.append(buffer.data(), static_cast<std::size_t>(count));
            }
            {
                const std::lock_guard lock(mutex_);
                requests_.push_back(request);
            }
            ::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
            ::shutdown(connection, SHUT_WR);
            while (::recv(connection, buffer.data(), buffer.size(), 0) > 0) {
            }
            ::close(connection);
        }
    }

    std::vector<std::string> answers_;
    std::mutex mutex_;
    std::vector<std::string> requests_;
    int listener_ = -1;
    int port_ = 0;
    std::thread thread_;
};

std::string answer(const std::string& status, const std::string& body, const std::string& headers = "") {
    return "HTTP/1.1 " + status + "\r\n" + headers +
           "Connection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

struct Asking {
    std::vector<std::int64_t> pauses_ms;
    std::vector<std::string> said;
    bool stop = false;

    HttpClient client(const std::string& url) {
        HttpSettings settings{.base_url = url, .key = kKey, .pause = {}, .stopped = {}, .say = {}};
        settings.pause = [this](std::chrono::milliseconds time) {
            pauses_ms.push_back(time.count());
            return !stop;
        };
        settings.stopped = [this] { return stop; };
        settings.say = [this](const std::string& text) { said.push_back(text); };
        return std::move(*HttpClient::create(settings));
    }
};

TEST(HttpClientTest, AsksWithTheKeyAndGivesTheBody) {
    Answers server({answer("200 OK", "[1]", "X-Warning: [\"old call\"]\r\n")});
    Asking asking;
    const auto body = asking.client(server.url()).get("/v0/a.b", {{"symbols", "ES.FUT,a b&c"}});
    ASSERT_TRUE(body.ok()) << body.error().message;
    EXPECT_EQ(*body, "[1]");
    const std::string request = server.requests().at(0);
    EXPECT_THAT(request, HasSubstr("GET /v0/a.b?symbols=ES.FUT%2Ca%20b%26c HTTP/1.1\r\n"));
    EXPECT_THAT(request, HasSubstr("Authorization: Basic ZGItU0VDUkVUMFNFQ1JFVDBTRUNSRVQwU0VDUkVUMDA6\r\n"));
    EXPECT_THAT(asking.said, ElementsAre("WARNING old call"));
}

TEST(HttpClientTest, WaitsAsLongAsItIsTold) {
    const std::string busy = answer("429 Too Many Requests", "{}", "Retry-After: 7\r\n");
    Answers server({busy, busy, answer("200 OK", "1")});
    Asking asking;
    EXPECT_TRUE(asking.client(server.url()).post("/v0/x", {}, HttpRepeat::only_unseen).ok());
    EXPECT_THAT(asking.pauses_ms, ElementsAre(7'000, 7'000));
}

TEST(HttpClientTest, TriesServerErrorsFiveTimesWithGrowingPauses) {
    Answers server(std::vector<std::string>(5, answer("503 Unavailable", "later")));
    Asking asking;
    const auto body = asking.client(server.url()).get("/v0/x", {});
    ASSERT_FALSE(body.ok());
    EXPECT_EQ(body.error().code, ErrorCode::io);
    EXPECT_THAT(body.error().message, HasSubstr("503 later"));
    EXPECT_THAT(asking.pauses_ms, ElementsAre(1'000, 2'000, 4'000, 8'000));
}

TEST(HttpClientTest, WhatCostsMoneyIsNotSentTwice) {
    for (const std::string& lost : {std::string(), answer("500 Error", "")}) {
        Answers server({lost, answer("200 OK", "{}")});
        Asking asking;
        const auto body = asking.client(server.url()).post("/v0/x", {{"a", "b"}}, HttpRepeat::only_unseen);
        ASSERT_FALSE(body.ok());
        EXPECT_EQ(body.error().code, ErrorCode::io);
        EXPECT_EQ(server.requests().size(), 1u);
    }
    // Nobody listens there: it may be tried again, for nobody saw it.
    Asking asking;
    std::string url;
    {
        Answers gone({});
        url = gone.url();
    }
    EXPECT_FALSE(asking.client(url).post("/v0/x", {}, HttpRepeat::only_unseen).ok());
    EXPECT_EQ(asking.pauses_ms.size(), 4u);
}

TEST(HttpClientTest, SaysWhyItIsRefusedAndNeverTheKey) {
    const std::string echo =
        std::string(R"({"detail":{"case":"auth_failed","message":"no such key )") + kKey + "\"}}";
    Answers server({answer("401 Unauthorized", echo),
                    answer("422 Unprocessable", R"({"detail":{"case":"data_bad","message":"no symbol"}})")});
    Asking asking;
    HttpClient client = asking.client(server.url());
    const auto unknown = client.get("/v0/x", {});
    EXPECT_EQ(unknown.error().code, ErrorCode::conflict);
    EXPECT_THAT(unknown.error().message, HasSubstr("auth_failed: no such key ***"));
    EXPECT_THAT(unknown.error().message, Not(HasSubstr("SECRET")));
    const auto bad = client.get("/v0/x", {});
    EXPECT_EQ(bad.error().code, ErrorCode::usage);
    EXPECT_THAT(bad.error().message, HasSubstr("422 data_bad: no symbol"));
}

TEST(HttpClientTest, FetchesFromAByteOn) {
    Answers server({answer("206 Partial", "cdef", "Content-Range: bytes 2-5/6\r\n"),
                    "HTTP/1.1 206 Partial\r\nContent-Range: bytes 2-5/6\r\nContent-Length: 4\r\n\r\ncd",
                    answer("200 OK", "abcdef"), answer("416 Range", ""), answer("206 Partial", "x")});
    Asking asking;
    HttpClient client = asking.client(server.url());
    std::string got;
    const HttpSink sink{[&](std::uint64_t offset) {
                            got += "@" + std::to_string(offset) + ":";
                            return Result<void>();
                        },
                        [&](std::span<const std::byte> bytes) {
                            got.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
                            return Result<void>();
                        }};
    EXPECT_EQ(client.fetch("/f", 2, sink)->end, HttpFetch::End::whole);
    EXPECT_EQ(client.fetch("/f", 2, sink)->end, HttpFetch::End::cut);
    EXPECT_EQ(client.fetch("/f", 2, sink)->end, HttpFetch::End::whole);
    EXPECT_EQ(client.fetch("/f", 2, sink)->end, HttpFetch::End::range_refused);
    EXPECT_EQ(client.fetch("/f", 2, sink).error().code, ErrorCode::malformed);  // 206 of which bytes?
    EXPECT_EQ(got, "@2:cdef@2:cd@0:abcdef");
    EXPECT_THAT(server.requests().at(0), HasSubstr("Range: bytes=2-\r\n"));
}

TEST(HttpClientTest, ARedirectionIsNotFollowed) {
    Answers server({answer("302 Found", "", "Location: https://elsewhere.example/\r\n")});
    Asking asking;
    EXPECT_EQ(asking.client(server.url()).get("/v0/x", {}).error().code, ErrorCode::usage);
}

TEST(HttpClientTest, TheKeyGoesOverTlsOrStaysOnThisMachine) {
    const auto made = [](const std::string& url, const std::string& key) {
        return HttpClient::create({.base_url = url,
                                   .key = key,
                                   .pause = [](auto) { return false; },
                                   .stopped = [] { return false; },
                                   .say = [](const auto&) {}});
    };
    for (const char* good :
         {"https://hist.databento.com", "https://hist.databento.com/", "http://127.0.0.1:80",
          "http://localhost:8080", "http://[::1]:1", "http://127.9.9.9"})
        EXPECT_TRUE(made(good, kKey).ok()) << good;
    for (const char* bad :
         {"http://hist.databento.com", "http://127.0.0.1@evil.example", "http://127.evil.example",
          "http://127.0.0.1.evil.example", "ftp://127.0.0.1", "https://a/path", "https://u:p@a",
          "https://a?q", "", "no url at all", "http://10.0.0.1", "http://[::2]", "file:///etc/passwd"}) {
        const auto client = made(bad, kKey);
        ASSERT_FALSE(client.ok()) << bad;
        EXPECT_EQ(client.error().code, ErrorCode::usage);
    }
    for (const char* bad : {"", "db-x\r\nHost: evil", "a:b", "a b"}) {
        const auto client = made("https://hist.databento.com", bad);
        ASSERT_FALSE(client.ok());
        EXPECT_THAT(client.error().message, Not(HasSubstr("evil")));
    }
}

TEST(BatchJson, NeedsOnlyIdAndState) {
    const auto jobs =
        parse_jobs(R"([{"id":"GLBX-1","state":"done"},{"id":"B","state":"queued","cost_usd":null,"x":[]}])");
    ASSERT_TRUE(jobs.ok());
    EXPECT_EQ(jobs->at(0).id, "GLBX-1");
    EXPECT_EQ(jobs->at(1).state, "queued");
    for (const char* bad : {"", "{}", "[1]", R"([{"id":"../x","state":"done"}])", R"([{"id":"x"}])",
                            R"([{"id":7,"state":"done"}])", R"([{"id":"a/b","state":"done"}])"})
        EXPECT_EQ(parse_jobs(bad).error().code, ErrorCode::malformed) << bad;
}

TEST(BatchJson, NamesOfFilesStayInTheirFolder) {
    const auto files = [](const std::string& name, const std::string& hash, const std::string& size = "1") {
        return parse_files(R"([{"filename":")" + name + R"(","size":)" + size + R"(,"hash":")" + hash +
                           R"(","urls":{"https":"https://api.example/v0/batch/download/U/J/)" + name +
                           R"(","ftp":null}}])");
    };
    const std::string hash = "sha256:" + std::string(64, 'a');
    ASSERT_TRUE(files("x-1.mbo.dbn.zst", hash).ok());
    EXPECT_EQ(files("x.dbn", hash)->at(0).path, "/v0/batch/download/U/J/x.dbn");
    for (const char* bad : {"", ".", "..", "../x", "a/b", ".hidden", "a\\\\b", "a b", "a\\u0000"})
        EXPECT_FALSE(files(bad, hash).ok()) << bad;
    EXPECT_FALSE(files("x", "md5:00").ok());
    EXPECT_FALSE(files("x", "sha256:short").ok());
    EXPECT_FALSE(files("x", hash, "-1").ok());
    EXPECT_FALSE(files("x", hash, "1.5").ok());
}

TEST(BatchJson, FailuresAreOneLine) {
    EXPECT_EQ(describe_failure(R"({"detail":"plain"})"), "plain");
    EXPECT_EQ(describe_failure("<html>\n\nno"), "<html> no");
    EXPECT_LE(describe_failure(std::string(10'000, 'x')).size(), 500u);
    EXPECT_THAT(parse_warnings("[\"a\",1,\"b\"]"), ElementsAre("a", "b"));
    EXPECT_THAT(parse_warnings("not json"), ElementsAre("not json"));
}

}  // namespace
}  // namespace spymaster::feed
