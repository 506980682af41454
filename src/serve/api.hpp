// What the server answers to which path. No sockets here.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "lake/lake.hpp"
#include "serve/catalog.hpp"
#include "serve/live/live_sessions.hpp"
#include "serve/metrics.hpp"
#include "serve/post.hpp"
#include "serve/reply.hpp"
#include "serve/request.hpp"
#include "serve/window_store.hpp"

namespace spymaster::serve {

inline constexpr std::string_view kStreamPath = "/v1/velocity/stream";
inline constexpr std::string_view kHudStreamPath = "/v1/hud/stream";

// Called on the server's thread; answers there too, maybe later.
class Api {
  public:
    struct Parts {
        const lake::Lake& lake;
        const LiveSessions& live;
        WindowStore& store;
        Metrics& metrics;
        std::filesystem::path web;
        std::string version;
        std::size_t max_busy;                   // answers that wait for a worker
        std::chrono::nanoseconds max_feed_lag;  // with more the server is not ready
        Post to_worker;
        Post to_server;
    };
    explicit Api(Parts parts) : parts_(std::move(parts)), catalog_(parts_.lake, parts_.live) {}

    using OnReply = std::function<void(Reply)>;
    // The answer to a GET (or HEAD, whose sender leaves the body away).
    void get(std::string_view target, OnReply on_reply);

  private:
    // Counts an answer that waits for a worker; false, with 503 given, if there are as many as may be.
    bool begin_waiting(const OnReply& on_reply);
    // Runs `make` on a worker.
    void later(std::function<Reply()> make, OnReply on_reply);
    // Opens the session and goes on with it here; an answer that cannot be given is.
    using UseSession = std::function<void(const SessionPtr& session, OnReply on_reply)>;
    void with_session(const SessionQuery& asked, OnReply on_reply, UseSession use);
    void session_data(const Target& target, OnReply on_reply);
    // What is read from partitions of the lake, of a session that is live too once they are there.
    using FromLake = std::function<Reply(const SessionQuery& asked)>;
    void from_lake(const SessionQuery& asked, OnReply on_reply, FromLake read);
    void calibration(const SessionQuery& asked, OnReply on_reply);
    void ready(const Target& target, OnReply on_reply);
    void surface(Surface surface, const Target& target, OnReply on_reply);
    void hud(const Result<HudRequest>& request, OnReply on_reply);
    void explain(const Target& target, OnReply on_reply);
    Reply range_reply(Surface surface, const RangeRequest& range, const SessionPtr& session);

    Parts parts_;
    Catalog catalog_;
    std::size_t busy_ = 0;
};

}  // namespace spymaster::serve
