// How a live feed is run.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/live/subscription.hpp"
#include "feed/live/transport.hpp"
#include "market/time.hpp"

namespace spymaster::feed::live {

struct LiveOptions {
    std::string dataset;  // "GLBX.MDP3"
    std::string gateway;  // "host:port"; empty: Databento's own for the dataset
    std::string key;      // proves itself by a challenge; never sent, never in a message
    std::vector<LiveSubscription> subscriptions;
    std::filesystem::path root;  // of the lake
    // The day whose recording is continued, if there is one. Absent: today by UTC, or yesterday's if it was written to in the
    // last hour. In any case, when the first record turns out to be of a day that is recorded already, that recording is
    // continued.
    std::optional<market::Date> day;

    int heartbeat_interval_s = 5;                       // 5 to 1800
    std::chrono::milliseconds heartbeat_margin{5000};   // no byte for the two together: the line is dead
    std::chrono::milliseconds connect_timeout{10'000};  // for each address
    std::chrono::milliseconds authentication_timeout{
        30'000};                                    // from the connection to the session's metadata
    std::chrono::milliseconds first_backoff{1000};  // of the second attempt in a row; the first is at once
    std::chrono::milliseconds longest_backoff{30'000};  // it doubles up to here
    std::chrono::nanoseconds resume_margin =
        std::chrono::seconds(2);  // how much is asked for again (resumption.hpp)
    // The feed's clock runs on for this long after the last byte (feed_clock.hpp).
    std::chrono::nanoseconds longest_silence = std::chrono::seconds(2);
    std::chrono::milliseconds clock_period{20};  // on_clock() is called so often while nothing comes
    std::size_t ring_bytes = std::size_t{64} << 20U;
};

// Error (usage): no key, no subscription, symbols or times that cannot be sent, `start` with `snapshot`.
Result<void> check(const LiveOptions& options);

// Of the gateway. Error (usage).
Result<Destination> destination_of(const LiveOptions& options);

}  // namespace spymaster::feed::live
