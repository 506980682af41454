// How the feeds are, as they were last told. Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/live/live_second.hpp"
#include "serve/metrics.hpp"

namespace spymaster::serve {

// Of one feed, or of several taken together.
struct FeedReading {
    pipeline::FeedState state;                     // ages as of now
    std::optional<std::int64_t> window_end_ts_ns;  // of the newest window that was made of it
};

// {"state":"live","dataset":…,…}: docs/protocol.md has the members. `type`: of a message; empty: without.
std::string feed_json(std::string_view type, const FeedReading& reading);

class FeedBoard {
  public:
    explicit FeedBoard(Metrics& metrics) : metrics_(metrics) {}

    // True: something has changed that people should see at once, not only times and ages.
    bool set(const pipeline::FeedState& state);

    [[nodiscard]] std::vector<pipeline::FeedState> all() const;
    // Those datasets taken together: the worst decides the state, the larger lag counts, all gaps and stale instruments are
    // there. Connecting, if nothing is known of any.
    [[nodiscard]] pipeline::FeedState together(const std::vector<std::string_view>& datasets) const;

  private:
    struct Told {
        pipeline::FeedState state;
        std::chrono::steady_clock::time_point at;
    };
    [[nodiscard]] static pipeline::FeedState now_of(const Told& told);

    Metrics& metrics_;
    mutable std::mutex mutex_;
    std::map<std::string, Told, std::less<>> told_;  // by dataset
};

}  // namespace spymaster::serve
