// What the next session asks for, so that together with what was received nothing is missing, or as little as can be.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "feed/live/resumption.hpp"
#include "feed/live/subscription.hpp"

namespace spymaster::feed::live {

// What the end of a session means for the next.
enum class Repair : std::uint8_t {
    replay,     // what follows the newest that was received
    snapshot,   // books anew: what was missed in between does not come any more. Other schemas replay
    start_over  // the gateway has nothing to replay: books anew, definitions all of them, the rest from now on
};

struct SessionPlan {
    std::vector<LiveSubscription> subscriptions;
    std::set<std::uint8_t> replayed;  // record types
    std::size_t replays = 0;          // schemas: the gateway reports each as completed
};

class SessionPlanner {
  public:
    explicit SessionPlanner(std::vector<LiveSubscription> wanted) : next_(std::move(wanted)) {}

    // What the next session asks for. A type of which nothing was received is asked for as the last time.
    const SessionPlan& plan(Repair repair, const Resumption& received, bool all_caught_up);

  private:
    std::vector<LiveSubscription> next_;  // as the session before asked, at first as the caller did
    SessionPlan plan_;
};

}  // namespace spymaster::feed::live
