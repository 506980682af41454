// The time in which a dataset of the gateway lives: it begins when its first session starts, and goes on whoever listens.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

namespace spymaster::feed {

// Times are ns since 1970 of the data. From any thread.
class DataClock {
  public:
    // `speed`: seconds of data a second; 0: it does not run by itself, and stands where the furthest session is.
    explicit DataClock(double speed) : speed_(speed) {}

    // The first call counts.
    void start(std::uint64_t from_ns);
    // 0 before start().
    [[nodiscard]] std::uint64_t now() const;
    // How long until now() is that late; at speed 0: no time.
    [[nodiscard]] std::chrono::nanoseconds until(std::uint64_t ts_ns) const;
    // A session has come there. Moves the clock at speed 0 only.
    void reached(std::uint64_t ts_ns);
    [[nodiscard]] bool runs() const { return speed_ > 0; }

  private:
    using Wall = std::chrono::steady_clock;

    [[nodiscard]] std::uint64_t now_locked() const;

    const double speed_;
    mutable std::mutex mutex_;
    bool started_ = false;
    Wall::time_point began_;
    std::uint64_t position_ns_ = 0;  // when it began; at speed 0: where the furthest session is
};

}  // namespace spymaster::feed
