// The stream server: HTTP and WebSocket over one lake (docs/protocol.md has everything a client author
// needs).
//
// Threads: one thread runs all sockets (run()); two workers read and encode. No socket ever waits for a disk,
// and no client for another client.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/live/live_second.hpp"
#include "serve/live/live_session.hpp"

namespace spymaster::serve {

struct ServeOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8001;               // 0: any free port, see Server::port()
    std::filesystem::path web = "web/dist";  // the built page
    std::string version = "0";               // for /version and spymaster_build_info

    std::size_t cache_bytes = 256U << 20U;  // encoded windows kept for all clients together
    std::size_t max_clients = 256;          // WebSocket clients; one more gets 503
    std::size_t max_connections = 1024;     // TCP connections; one more is closed at once
    std::size_t max_open_sessions = 32;     // days being replayed at the same time; see docs/protocol.md
    LiveLimits live = {};                   // what is kept in memory of each live session
    std::chrono::nanoseconds max_feed_lag = std::chrono::seconds{5};  // with more /readyz says no
    std::size_t max_busy_requests = 64;  // HTTP requests that wait for a worker; one more gets 503
    std::chrono::milliseconds header_timeout{10'000};  // a request has to arrive whole within this time
    std::chrono::milliseconds idle_timeout{
        120'000};  // a WebSocket client that answers no ping for this long is dropped
    int send_buffer_bytes =
        256 << 10;  // SO_SNDBUF: how much the kernel may hold for a client that does not read
};

class Server {
  public:
    // Binds and listens; nothing is answered before run(). From here on SIGINT and SIGTERM are its own: they end run().
    // Error (usage): a host that is no address; (io): cannot bind.
    static Result<std::unique_ptr<Server>> start(lake::Lake lake, ServeOptions options);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] bool loopback() const;
    [[nodiscard]] std::string url() const;  // "http://127.0.0.1:8001"

    // Takes what a live market tells, from its threads: the sessions of dt=live. For as long as the server is there; the market
    // has to be stopped before it goes.
    [[nodiscard]] pipeline::LiveSink& live();

    // Serves on the calling thread until stop(), SIGINT or SIGTERM. WebSocket clients get close 1001.
    void run();
    // From any thread; returns at once.
    void stop();

  private:
    struct Impl;
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace spymaster::serve
