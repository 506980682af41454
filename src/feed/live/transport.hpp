// A connection as a stream of bytes both ways: TCP, or a script in tests.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace spymaster::feed::live {

// One thread at a time.
class Transport {
  public:
    virtual ~Transport() = default;
    // What came of a read: at least one byte, or none and why.
    enum class Outcome : std::uint8_t { bytes, timed_out, closed, stopped };
    struct Read {
        Outcome outcome = Outcome::closed;
        std::size_t size = 0;
    };
    // Waits for bytes: at most so long, and no longer than until stop was asked for. Error (io): the line broke.
    virtual Result<Read> read(std::span<std::byte> into, std::chrono::milliseconds timeout) = 0;
    // All of it. Error (io), also when it takes longer than the timeout.
    virtual Result<void> write(std::string_view text, std::chrono::milliseconds timeout) = 0;
    // "127.0.0.1:13000"
    [[nodiscard]] virtual std::string peer() const = 0;
};

struct Destination {
    std::string host{};
    std::string port{};
    std::chrono::milliseconds timeout{10'000};  // for each address
    int stop_fd = -1;                           // readable once everything shall end; -1: never
};

// Error (io): says which addresses were tried and what each said.
using Connector = std::function<Result<std::unique_ptr<Transport>>(const Destination&)>;

// Resolves the name and tries each address in turn.
Connector tcp_connector();

}  // namespace spymaster::feed::live
