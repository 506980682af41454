// HTTP/1.1 over TCP for the gateway: reads requests, has them answered by workers, sends the answers.
//
// Threads: one for all sockets, and workers that answer and make the pieces of long bodies. No socket waits for a disk.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "feed/gateway/http_message.hpp"

namespace spymaster::feed {

struct HttpServerOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free port
    std::size_t max_connections = 100;
    std::size_t max_body_bytes = std::size_t{1} << 20U;  // of a request; more gets 413
    std::chrono::milliseconds read_timeout{30'000};      // a request has to arrive whole within this time
    std::chrono::milliseconds write_timeout{60'000};     // and a client has to take a piece of an answer
    std::size_t workers = 3;
};

class HttpServer {
  public:
    // Called on a worker, several at a time.
    using Handler = std::function<HttpReply(const HttpRequest&)>;

    // Binds, listens and serves until destroyed. Error: usage (a host that is no address), io (cannot bind).
    static Result<std::unique_ptr<HttpServer>> start(HttpServerOptions options, Handler handler);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    [[nodiscard]] std::string url() const;  // "http://127.0.0.1:8001"

  private:
    struct Impl;
    explicit HttpServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace spymaster::feed
