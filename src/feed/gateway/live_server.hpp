// The live half of the gateway: a TCP server that speaks Databento's live protocol over a library of raw files
// (docs/gateway.md).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "feed/gateway/live_options.hpp"
#include "feed/gateway/raw_library.hpp"

namespace spymaster::feed {

// It serves from threads of its own, one a connection, until stop() or the end. The library must outlive it.
class LiveServer {
  public:
    // Error: usage (an address that is none, a speed below 0), io (cannot listen), or as RawLibrary::read().
    static Result<std::unique_ptr<LiveServer>> start(const RawLibrary& library, LiveOptions options);
    ~LiveServer();
    LiveServer(const LiveServer&) = delete;
    LiveServer& operator=(const LiveServer&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::string address() const;  // "127.0.0.1:13000"
    // Breaks every connection, and waits for its thread. Once.
    void stop();

  private:
    struct Impl;
    explicit LiveServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace spymaster::feed
