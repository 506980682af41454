// One connection to the live gateway, from greeting to end. It runs on a thread of its own, so that no client waits for another.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "feed/gateway/live_stream.hpp"

namespace spymaster::feed {

// A file descriptor that is closed at the end. -1: none.
class Descriptor {
  public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();
    [[nodiscard]] int get() const { return fd_; }

  private:
    int fd_;
};

// What the sessions of a server share. From any thread.
class LiveGround {
  public:
    // `stop`: readable once all sessions have to end. Error: as RawLibrary::read().
    static Result<std::unique_ptr<LiveGround>> create(const RawLibrary& library, LiveOptions options,
                                                      int stop);

    const RawLibrary& library;
    const LiveOptions options;
    const int stop;

    // nullptr: the library does not have it.
    [[nodiscard]] LiveDataset* dataset(std::string_view name);
    // A place among the sessions of the dataset; false: all are taken.
    bool enter(const std::string& dataset);
    void leave(const std::string& dataset);
    std::uint64_t new_session_id() { return ++last_session_id_; }

  private:
    LiveGround(const RawLibrary& the_library, LiveOptions the_options, int the_stop)
        : library(the_library), options(std::move(the_options)), stop(the_stop) {}

    std::map<std::string, LiveDataset, std::less<>> datasets_;  // not changed after create()
    std::mutex mutex_;
    std::map<std::string, std::size_t> sessions_;
    std::atomic<std::uint64_t> last_session_id_{0};
};

class LiveSession {
  public:
    LiveSession(LiveGround& ground, Descriptor socket);
    ~LiveSession();
    LiveSession(const LiveSession&) = delete;
    LiveSession& operator=(const LiveSession&) = delete;

    // Until the connection is closed or broken, or the server stops.
    void run();

  private:
    using Wall = std::chrono::steady_clock;

    void wait();
    void receive();
    void take_lines();
    void take_line(std::string_view line);
    void authenticate(std::string_view line);
    void refuse(std::string_view why);
    void take_subscription(SubscriptionRequest request);
    void send();
    void say(std::string_view text);
    void end_gently();
    void break_off();
    [[nodiscard]] LiveState state() const;
    [[nodiscard]] bool over() const;

    LiveGround& ground_;
    Descriptor socket_;
    ControlLines lines_;
    Backlog backlog_;
    std::string challenge_;
    Wall::time_point authenticate_until_;
    std::optional<Wall::time_point> ending_since_;
    std::optional<std::string> entered_;  // the dataset whose place is taken
    std::optional<LiveStream> stream_;
    std::optional<SubscriptionRequest> partial_;  // lines of a subscription whose last has not come
    bool refused_ = false;
    bool stopped_ = false;
    bool readable_ = false;
    bool gone_ = false;  // the client has closed, or the connection is broken
};

}  // namespace spymaster::feed
