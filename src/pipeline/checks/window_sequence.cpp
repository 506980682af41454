#include "pipeline/checks/window_sequence.hpp"

#include <string>

namespace spymaster::pipeline::checks {

const windows::BookSnapshot1s* WindowSequence::expected() {
    while (with_spot_ && next_ < day_.windows.size() && day_.windows[next_].spot_ref_price_int == 0) ++next_;
    return next_ < day_.windows.size() ? &day_.windows[next_] : nullptr;
}

std::optional<std::size_t> WindowSequence::look_at(std::int64_t window_start_ts_ns,
                                                   std::int64_t window_end_ts_ns, Check& check) {
    const auto* const expected = this->expected();
    const bool follows = expected != nullptr && expected->window_end_ts_ns == window_end_ts_ns &&
                         expected->window_start_ts_ns == window_start_ts_ns;
    check.expect(follows, window_end_ts_ns, [&] {
        return expected == nullptr ? std::string("there is no such snapshot left")
                                   : fmt::format("stands where {} should", expected->window_end_ts_ns);
    });
    if (follows) return next_++;
    const auto found = day_.at.find(window_end_ts_ns);
    if (found == day_.at.end()) return {};
    next_ = found->second + 1;
    return found->second;
}

void WindowSequence::end(Check& check) {
    const auto* const left = expected();
    if (left == nullptr) return;
    check.expect(false, left->window_end_ts_ns, [&] {
        return fmt::format("this window and those after it have no row; there are {} snapshots",
                           day_.windows.size());
    });
}

}  // namespace spymaster::pipeline::checks
