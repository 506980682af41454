// Opens a session on a fresh connection: greeting, challenge, authentication, subscriptions, start.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "feed/live/subscription.hpp"
#include "feed/live/transport.hpp"

namespace spymaster::feed::live {

struct SessionRequest {
    std::string dataset;
    std::string key;
    int heartbeat_interval_s = 30;
    std::chrono::milliseconds timeout{30'000};  // until authenticated
    std::vector<LiveSubscription> subscriptions;
};

struct OpenedSession {
    std::string id;
    std::vector<std::byte> beginning;  // of metadata and records, if some came along
};

// Error: usage (the key or the dataset was refused: asking again will not help), conflict (too many sessions are open: later
// it may), malformed (what answers is not a live gateway), io (the line).
Result<OpenedSession> open_session(Transport& transport, const SessionRequest& request);

}  // namespace spymaster::feed::live
