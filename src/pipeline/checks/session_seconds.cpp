#include "pipeline/checks/session_seconds.hpp"

#include <cstdlib>

namespace spymaster::pipeline::checks {

namespace {

std::int64_t number_of(const lake::Manifest& manifest, const char* name) {
    const auto found = manifest.properties.find(name);
    return found == manifest.properties.end() ? 0 : std::strtoll(found->second.c_str(), nullptr, 10);
}

}  // namespace

SessionSeconds::SessionSeconds(const lake::Manifest& manifest, const market::Grid& grid)
    : window_ns_(grid.window_ns) {
    const std::int64_t start = number_of(manifest, "session_start_ns");
    const std::int64_t end = number_of(manifest, "session_end_ns");
    if (start <= 0 || end < start) return;
    expected_ = (start + window_ns_ - 1) / window_ns_ * window_ns_;
    last_ = end / window_ns_ * window_ns_;
}

void SessionSeconds::look_at(std::int64_t window_start_ts_ns, std::int64_t window_end_ts_ns, Check& check) {
    const bool follows = expected_ == 0 || window_end_ts_ns == expected_;
    const bool lasts = window_end_ts_ns - window_start_ts_ns == window_ns_;
    const bool within = last_ == 0 || window_end_ts_ns <= last_;
    check.expect(follows && lasts && within, window_end_ts_ns, [&] {
        if (!lasts)
            return fmt::format("from {} to {}, not {} ns", window_start_ts_ns, window_end_ts_ns, window_ns_);
        if (!within) return fmt::format("after the session's last window, {}", last_);
        return fmt::format("stands where {} should, {} windows {}", expected_,
                           std::abs(window_end_ts_ns - expected_) / window_ns_,
                           window_end_ts_ns > expected_ ? "on" : "back");
    });
    expected_ = window_end_ts_ns + window_ns_;
}

void SessionSeconds::end(Check& check) const {
    if (last_ == 0 || expected_ > last_) return;
    check.expect(false, expected_, [&] {
        return fmt::format("this window and those after it, {} in all, are not there",
                           (last_ - expected_) / window_ns_ + 1);
    });
}

}  // namespace spymaster::pipeline::checks
