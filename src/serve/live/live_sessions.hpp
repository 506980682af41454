// The sessions that are live, and how their feeds are: what a live market tells, handed on to the server's clients.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/live/live_second.hpp"
#include "serve/live/feed_board.hpp"
#include "serve/live/live_session.hpp"
#include "serve/metrics.hpp"
#include "serve/post.hpp"
#include "serve/request.hpp"

namespace spymaster::serve {

class LiveSessions : public pipeline::LiveSink {
  public:
    using SessionPtr = std::shared_ptr<LiveSession>;

    // `lake` and `metrics` outlive it.
    LiveSessions(const lake::Lake& lake, LiveLimits limits, Metrics& metrics, Post to_server)
        : lake_(lake),
          limits_(limits),
          metrics_(metrics),
          to_server_(std::move(to_server)),
          feeds_(metrics) {}

    // Who is told on the server's thread that sessions have grown or ended, and that a feed has changed: once for as many
    // as came meanwhile. Before the market tells anything.
    struct Listener {
        std::function<void()> on_grown;
        std::function<void()> on_feed;
    };
    void listen(Listener listener) { listener_ = std::move(listener); }

    // A contract whose session is over makes room for its next one. Error: conflict (it is live already), and as
    // LiveSession::make.
    Result<void> on_contract(const pipeline::LiveContract& contract) override;
    // Error: missing, and as LiveSession::add.
    Result<void> on_second(const pipeline::LiveContract& contract,
                           const pipeline::LiveSecond& second) override;
    void on_end(const pipeline::LiveContract& contract) override;
    void on_feed(const pipeline::FeedState& state) override;

    // What follows: any thread.

    // By its symbol; by its root (ES), the only one of it, else the one that was named first. Those that are over count
    // where none of that name is live. Error (missing): says what is live.
    [[nodiscard]] Result<SessionPtr> find(const SessionQuery& asked) const;
    // In the order in which they were named.
    [[nodiscard]] std::vector<SessionPtr> all() const;
    // The feed message of a session, shared by all its clients.
    [[nodiscard]] std::string feed_message(const LiveSession& session) const;
    // Each feed by itself; none if nothing is live.
    [[nodiscard]] std::vector<FeedReading> feeds() const;

  private:
    [[nodiscard]] SessionPtr session_of(const SessionKey& key) const;
    void tell(std::atomic<bool>& told, std::function<void()> Listener::* whom);

    const lake::Lake& lake_;
    const LiveLimits limits_;
    Metrics& metrics_;
    const Post to_server_;
    Listener listener_;
    FeedBoard feeds_;
    std::atomic<bool> growth_told_ = false;  // and not yet passed on
    std::atomic<bool> feed_told_ = false;

    mutable std::mutex mutex_;
    std::vector<SessionPtr> sessions_;
};

// The datasets whose feeds a session is made of.
std::vector<std::string_view> datasets_of(const LiveSession& session);

}  // namespace spymaster::serve
