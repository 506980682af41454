// Whether the server is ready, and how the feeds are: what monitors ask.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "serve/catalog.hpp"
#include "serve/live/live_sessions.hpp"
#include "serve/reply.hpp"

namespace spymaster::serve {

struct ReadinessCheck {
    std::string name;
    bool ok = true;
    std::string detail;
};

// The lake can be read; and where something is live: no feed is anything but live or at its end, none lags by more than
// `max_lag`, and the book of each live session was valid in its newest window.
std::vector<ReadinessCheck> readiness_of(Catalog& catalog, const LiveSessions& live,
                                         std::chrono::nanoseconds max_lag);

// 200 if all is well, else 503. {"status":"ok"}, or what is not; `verbose`: with every check.
Reply readiness_reply(const std::vector<ReadinessCheck>& checks, bool verbose);

// {"feeds":[…]}
Reply feeds_reply(const LiveSessions& live);

}  // namespace spymaster::serve
