// What a session is sent once it is authenticated: which record when, and what if the client does not keep up.
//
// At first everything that is due already (mappings, snapshots, replays) goes out as fast as the client takes it. When the
// session has caught up with the data clock, records go out as they come due, and a client that does not keep up is a slow
// reader: LiveOptions::max_backlog_bytes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feed/gateway/live_backlog.hpp"
#include "feed/gateway/live_clock.hpp"
#include "feed/gateway/live_feed.hpp"
#include "feed/gateway/live_messages.hpp"
#include "feed/gateway/live_options.hpp"
#include "feed/gateway/live_protocol.hpp"

namespace spymaster::feed {

// A dataset as the gateway plays it. Shared by its sessions.
struct LiveDataset {
    LiveDataset(std::uint64_t from, double speed) : from_ns(from), clock(speed) {}
    const std::uint64_t from_ns;  // where the clock starts
    DataClock clock;
};

// How a session goes on.
enum class LiveState : std::uint8_t {
    open,
    ending,   // send what is there, then close
    cut,      // send what is there, then break the connection without a word
    dropped,  // break it at once
};

// One thread. What it is given must outlive it.
class LiveStream {
  public:
    LiveStream(const RawLibrary& library, const LiveOptions& options, LiveDataset& dataset,
               const Authentication& client, Backlog& backlog);

    // Before start() it is kept for then.
    void subscribe(SubscriptionRequest request);
    void start();
    // Tells the client why, and ends the session.
    void fail(ErrorMsgCode code, std::string_view text);

    // Appends what is due to the backlog.
    void pump();
    // How long pump() has nothing to do, as the backlog is now.
    [[nodiscard]] std::chrono::nanoseconds idle_for() const;
    [[nodiscard]] LiveState state() const { return state_; }

  private:
    using Wall = std::chrono::steady_clock;
    enum class Step : std::uint8_t { next, wait };

    [[nodiscard]] bool caught_up_and_paced() const { return !replaying_ && dataset_.clock.runs(); }
    [[nodiscard]] std::uint64_t stamp() const;
    void put_head();
    void put(std::span<const std::byte> record);
    template <class Record>
    void put_record(const Record& record) {
        put(std::as_bytes(std::span(&record, 1)));
    }
    void tell_not_found(const std::vector<std::string>& symbols);
    void subscribe_now(const SubscriptionRequest& request);
    Step step();
    void end_replay();
    [[nodiscard]] bool cut_is_due(const std::optional<LiveFeed::Item>& next) const;
    void cut(const std::optional<LiveFeed::Item>& next);
    void wait_until(std::optional<std::uint64_t> ts_ns);
    bool forward(std::span<const std::byte> record);
    bool keeps_up(std::span<const std::byte> record);
    void tell_skipped();
    void beat();

    const LiveOptions& options_;
    LiveDataset& dataset_;
    const Authentication client_;
    Backlog& backlog_;
    LiveFeed feed_;
    LiveState state_ = LiveState::open;

    std::vector<SubscriptionRequest> before_start_;
    bool head_sent_ = false;
    bool started_ = false;
    std::uint64_t started_ns_ = 0;  // data time
    bool replaying_ = true;
    std::vector<dbn::Schema> replayed_;  // schemas whose end of replay will be told
    std::vector<std::uint64_t> drops_;   // to come, the earliest last
    std::chrono::nanoseconds idle_{0};
    bool waits_for_socket_ = false;  // pump() did all that the backlog had room for
    Wall::time_point last_put_;
    std::vector<std::byte> with_ts_out_;

    std::optional<Wall::time_point> warned_;
    std::uint64_t skipped_ = 0;  // records left out since the client fell behind; 0: it has not
};

}  // namespace spymaster::feed
