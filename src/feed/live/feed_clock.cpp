#include "feed/live/feed_clock.hpp"

#include <algorithm>

namespace spymaster::feed::live {

namespace {

constexpr std::int64_t kPeriodNs = 30'000'000'000;

}  // namespace

void FeedClock::heard(std::int64_t arrival_ns) {
    heard_ns_ = std::max(heard_ns_, arrival_ns);
}

void FeedClock::received(std::int64_t ts_recv_ns, std::int64_t arrival_ns) {
    newest_ts_recv_ = std::max(newest_ts_recv_, ts_recv_ns);
    if (!ahead_ || arrival_ns - period_began_ns_ > kPeriodNs) {
        ahead_before_ = ahead_;
        ahead_.reset();
        period_began_ns_ = arrival_ns;
    }
    const std::int64_t ahead = ts_recv_ns - arrival_ns;
    ahead_ = std::max(ahead_.value_or(ahead), ahead);
}

void FeedClock::recovered(std::int64_t ts_recv_ns) {
    newest_ts_recv_ = std::max(newest_ts_recv_, ts_recv_ns);
}

std::optional<std::int64_t> FeedClock::estimate(std::int64_t steady_ns) const {
    if (!ahead_) return std::nullopt;
    return steady_ns + std::max(*ahead_, ahead_before_.value_or(*ahead_));
}

std::optional<std::int64_t> FeedClock::now(std::int64_t steady_ns) {
    if (newest_ts_recv_ == 0) return std::nullopt;
    told_ = std::max(told_, newest_ts_recv_);
    if (!running_) return told_;
    const std::int64_t until = std::min(steady_ns, heard_ns_ + longest_silence_ns_);
    told_ = std::max(told_, estimate(until).value_or(told_));
    return told_;
}

}  // namespace spymaster::feed::live
