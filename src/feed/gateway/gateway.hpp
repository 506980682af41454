// The local gateway: Databento's services over a folder of raw files (docs/gateway.md has everything a user needs).
//
// Threads: each service has its own; the library they share does not change.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "feed/gateway/historical_options.hpp"
#include "feed/gateway/live_options.hpp"
#include "feed/gateway/raw_library.hpp"

namespace spymaster::feed {

struct GatewayOptions {
    std::filesystem::path raw;
    HistoricalOptions historical{};
    LiveOptions live{};
};

class Gateway {
  public:
    // Reads the folder and serves at once. Error: as RawLibrary::open; usage (a host that is no address), io (a port, the
    // folder for jobs).
    static Result<std::unique_ptr<Gateway>> start(const GatewayOptions& options);
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    [[nodiscard]] const RawLibrary& library() const;
    [[nodiscard]] std::string url() const;           // of the historical service: "http://127.0.0.1:41235"
    [[nodiscard]] std::string live_address() const;  // of the live service: "127.0.0.1:41236"

  private:
    struct Impl;
    explicit Gateway(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace spymaster::feed
