// One HTTP request and its reply, by libcurl; http_client.hpp says when it is repeated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace spymaster::feed {

struct HttpAnswer {
    long status = 0;
    std::string body;  // empty where `take` had it
    std::string retry_after;
    std::string warning;        // X-Warning
    std::string content_range;  // of 206
    std::string failure;        // why there is no whole reply; else empty
    bool unseen = false;        // with a failure: no byte of the request can have reached the service
};

struct HttpCall {
    std::string path;  // from the "/" on
    std::vector<std::pair<std::string, std::string>> query;
    std::optional<std::vector<std::pair<std::string, std::string>>> form;  // given: POST
    std::uint64_t from = 0;                                                // Range, if not 0
    // On no connection that was used before: libcurl repeats by itself what such a one lost.
    bool fresh_connection = false;
    // Gets the body of a 200 or 206, and the reply's head; false ends the request.
    std::function<bool(const HttpAnswer& head, std::span<const std::byte>)> take;
};

// "https://host[:port]", without a trailing "/". Error (usage): as HttpClient::create.
Result<std::string> checked_base_url(const std::string& url);

class HttpExchange {
  public:
    // REQUIRES: a checked URL. Error (internal): libcurl cannot start.
    static Result<HttpExchange> create(std::string base_url, std::string key, std::function<bool()> stopped);
    HttpExchange(HttpExchange&&) noexcept;
    HttpExchange& operator=(HttpExchange&&) noexcept;
    ~HttpExchange();

    // Connects within 100 s, and gives up after 100 s without an answer, or, of a file, without a byte. What goes wrong
    // on the way is the reply's `failure`. Error: malformed (a body of more than 64 MiB), internal.
    Result<HttpAnswer> perform(const HttpCall& request);

  private:
    class Impl;
    explicit HttpExchange(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace spymaster::feed
