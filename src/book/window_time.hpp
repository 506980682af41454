// The time a record belongs to: ts_event, or ts_recv for a snapshot's records, whose ts_event is the order's own time
// (spec 4.2.2). A missing stamp is replaced by the other; without both, 0.
#pragma once

#include <cstdint>
#include <limits>

#include "dbn/records.hpp"

namespace spymaster::book {

template <class Record>
[[nodiscard]] std::int64_t record_window_time(const Record& msg) {
    constexpr std::uint64_t kMaxTime = std::numeric_limits<std::int64_t>::max();
    const bool snapshot = (msg.flags & dbn::flag::snapshot) != 0;
    const std::uint64_t t = snapshot ? msg.ts_recv : msg.hd.ts_event;
    if (t <= kMaxTime) [[likely]]
        return static_cast<std::int64_t>(t);
    const std::uint64_t other = snapshot ? msg.hd.ts_event : msg.ts_recv;
    return other > kMaxTime ? 0 : static_cast<std::int64_t>(other);
}

}  // namespace spymaster::book
