// One session in a thread of its own: connects, opens the session, and moves bytes into the ring until the line ends.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "feed/live/byte_ring.hpp"
#include "feed/live/feed_time.hpp"
#include "feed/live/session_opening.hpp"
#include "feed/live/transport.hpp"

namespace spymaster::feed::live {

class Connection {
  public:
    struct Line {
        Connector connector;
        Destination destination;  // stop_fd is the connection's own
        SessionRequest request;
        std::chrono::milliseconds longest_silence;  // no byte for so long: the line is dead
    };
    // Starts at once. REQUIRES: an empty ring that nobody else fills; it, and what `time` refers to, outlive the connection.
    Connection(Line line, ByteRing& ring, LiveTime time);
    // Ends the session and waits for the thread.
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Once, when the session has begun: with whom, "127.0.0.1:13000, session 17".
    std::optional<std::string> take_opened();

    // Nothing more comes into the ring, which may still have some.
    [[nodiscard]] bool ended() const { return ended_.load(); }
    // Why: as open_session(), or io. REQUIRES: ended().
    [[nodiscard]] const Error& why() const { return why_; }

  private:
    [[nodiscard]] Error live();
    [[nodiscard]] Error move_bytes(Transport& transport);
    bool put(std::span<const std::byte> bytes);

    Line line_;
    ByteRing& ring_;
    LiveTime time_;
    int stop_fd_;
    std::atomic<bool> stop_ = false;
    std::mutex mutex_;
    std::optional<std::string> opened_;
    std::atomic<bool> ended_ = false;
    Error why_;  // until ended_: of the thread
    std::thread thread_;
};

}  // namespace spymaster::feed::live
