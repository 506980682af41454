// HTTP with the historical service: one connection, Basic authentication by the key, retries. libcurl underneath.
//
// The key goes to the host of `base_url` alone, over TLS whose certificate is verified, or to this very machine. It is in
// no error, no warning and no URL. Redirections are not followed. One thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace spymaster::feed {

struct HttpSettings {
    std::string base_url;  // "https://hist.databento.com"; http:// for 127.0.0.0/8, [::1] and localhost only
    std::string key;
    // Waits so long; false: the work is to stop.
    std::function<bool(std::chrono::milliseconds)> pause;
    std::function<bool()> stopped;                // asked some times a second while a request runs
    std::function<void(const std::string&)> say;  // warnings of the service, and why something is tried again
};

using HttpParameters = std::vector<std::pair<std::string, std::string>>;

// What may be sent again. A request that costs money only if the service cannot have seen it, or refused it with 429.
enum class HttpRepeat : std::uint8_t { always, only_unseen };

// Where a file's bytes go, in order. An error of either ends the request and is its error.
struct HttpSink {
    std::function<Result<void>(std::uint64_t offset)>
        begin;  // of the first byte that will come: as asked for, or 0
    std::function<Result<void>(std::span<const std::byte>)> take;
};

struct HttpFetch {
    enum class End : std::uint8_t { whole, cut, range_refused };
    End end = End::whole;
    std::string why;  // if not whole
};

class HttpClient {
  public:
    // Error (usage): a URL that is none, has more than scheme, host and port, or would send the key in the clear; a key
    // that cannot be one. internal: libcurl.
    static Result<HttpClient> create(HttpSettings settings);
    HttpClient(HttpClient&&) noexcept;
    HttpClient& operator=(HttpClient&&) noexcept;
    ~HttpClient();

    // The body of a good answer. Transport errors and 5xx are tried again, five times in all with growing pauses; 429
    // after its Retry-After, up to twenty times. Error: usage (4xx: case and message of the body), conflict (401 to 403:
    // the key is refused), io (unreachable, 5xx, stopped), malformed (an answer of more than 64 MiB).
    Result<std::string> get(std::string_view path, const HttpParameters& parameters);
    Result<std::string> post(std::string_view path, const HttpParameters& form, HttpRepeat repeat);

    // A file from byte `from` on; one attempt, but for 429. `cut`: it ended early or did not begin. Error: as get(), or
    // the sink's.
    Result<HttpFetch> fetch(std::string_view path, std::uint64_t from, const HttpSink& sink);

  private:
    class Impl;
    explicit HttpClient(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace spymaster::feed
