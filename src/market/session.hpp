// A session: the part of a day whose seconds are emitted. Everything before it in the file still warms the
// book up.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "market/time.hpp"

namespace spymaster::market {

// Wall-clock times in a zone, not yet on a date. Parsed from
//   "09:30-09:40"                    New York unless a zone follows
//   "18:00-19:00 America/Chicago"    any IANA zone
//   "open10" "rth" "full-day" ...    a name (session_names)
// An end at or before the start is on the next day; "24:00" is allowed as an end.
struct Session {
    std::string name;  // as given, for messages and manifests
    int start_second = 9 * 3600 + 30 * 60;
    int end_second = 9 * 3600 + 40 * 60;
    std::string zone = "America/New_York";
};

// The instants of a session on a date: [start, end).
struct SessionWindow {
    std::int64_t start_ns = 0;
    std::int64_t end_ns = 0;

    // Windows whose end lies in [start, end] are emitted (spec 1.2): a session of N seconds has N + 1 of
    // them.
    [[nodiscard]] bool emits(std::int64_t window_end_ts_ns) const {
        return window_end_ts_ns >= start_ns && window_end_ts_ns <= end_ns;
    }
};

Result<Session> parse_session(std::string_view text);
Result<SessionWindow> on_date(const Session& session, const Date& date);

// "open10 (09:30-09:40 America/New_York), …" for --help.
std::string session_names();

}  // namespace spymaster::market
