#include "feed/gateway/live_clock.hpp"

#include <algorithm>

namespace spymaster::feed {

void DataClock::start(std::uint64_t from_ns) {
    const std::lock_guard lock(mutex_);
    if (started_) return;
    started_ = true;
    began_ = Wall::now();
    position_ns_ = from_ns;
}

std::uint64_t DataClock::now() const {
    const std::lock_guard lock(mutex_);
    return now_locked();
}

std::uint64_t DataClock::now_locked() const {
    if (!started_ || !runs()) return position_ns_;
    const std::chrono::duration<double, std::nano> passed = Wall::now() - began_;
    return position_ns_ + static_cast<std::uint64_t>(passed.count() * speed_);
}

std::chrono::nanoseconds DataClock::until(std::uint64_t ts_ns) const {
    if (!runs()) return std::chrono::nanoseconds{0};
    const std::uint64_t at = now();
    if (ts_ns <= at) return std::chrono::nanoseconds{0};
    // A time that never comes is a day away: nobody waits longer without looking again.
    constexpr double kLongest = 86'400e9;
    const double wait = std::min(static_cast<double>(ts_ns - at) / speed_, kLongest);
    return std::chrono::nanoseconds{static_cast<std::int64_t>(wait) + 1};
}

void DataClock::reached(std::uint64_t ts_ns) {
    if (runs()) return;
    const std::lock_guard lock(mutex_);
    position_ns_ = std::max(position_ns_, ts_ns);
}

}  // namespace spymaster::feed
