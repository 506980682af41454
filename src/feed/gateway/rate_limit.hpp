// At most so many in a sliding window.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

namespace spymaster::feed {

class RateLimit {
  public:
    using Clock = std::chrono::steady_clock;
    RateLimit(std::size_t most, std::chrono::seconds window) : most_(most), window_(window) {}

    // Counts one; or, when there were too many, the whole seconds until there is room.
    std::optional<std::int64_t> take(Clock::time_point now) {
        while (!taken_.empty() && now - taken_.front() >= window_) taken_.pop_front();
        if (taken_.size() < most_) {
            taken_.push_back(now);
            return std::nullopt;
        }
        return std::chrono::ceil<std::chrono::seconds>(window_ - (now - taken_.front())).count();
    }

  private:
    std::size_t most_;
    std::chrono::seconds window_;
    std::deque<Clock::time_point> taken_;
};

}  // namespace spymaster::feed
