// What time it is at the exchange, told by what comes from there, without clocks that agree:
//
//   now = elapsed here + the largest (ts_recv - arrival here) of the last half minute or so
//
// The largest, because it came with the least delay; of recent ones, because clocks drift apart. So the estimate is behind the
// truth by the shortest delay of the line, and never ahead of it by more than clocks drift in that time.
//
// It stands still, at the newest ts_recv at least, while nothing can be known: disconnected, during a replay, and once
// nothing, not even a heartbeat, has come for `longest_silence`: that the market is quiet and that the line is dead look alike
// until the next heartbeat, and a second that was closed as quiet cannot be opened again. Never decreases. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace spymaster::feed::live {

class FeedClock {
  public:
    explicit FeedClock(std::chrono::nanoseconds longest_silence)
        : longest_silence_ns_(longest_silence.count()) {}

    // Bytes were read at that time.
    void heard(std::int64_t arrival_ns);
    // Records up to that time were among them.
    void received(std::int64_t ts_recv_ns, std::int64_t arrival_ns);
    // Records of a recording: no arrival.
    void recovered(std::int64_t ts_recv_ns);

    void stand_still() { running_ = false; }
    void run() { running_ = true; }

    // nullopt before the first record. `steady_ns`: now, or when that which was handled last arrived.
    std::optional<std::int64_t> now(std::int64_t steady_ns);
    // A time of the exchange that this machine's clock says it is now, whether or not the clock stands.
    [[nodiscard]] std::optional<std::int64_t> estimate(std::int64_t steady_ns) const;

  private:
    std::int64_t longest_silence_ns_;
    bool running_ = false;
    std::int64_t heard_ns_ = 0;
    std::int64_t newest_ts_recv_ = 0;
    std::int64_t told_ = 0;

    // The largest difference of this period and of the one before.
    std::optional<std::int64_t> ahead_;
    std::optional<std::int64_t> ahead_before_;
    std::int64_t period_began_ns_ = 0;
};

}  // namespace spymaster::feed::live
