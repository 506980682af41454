// One WebSocket client of /v1/velocity/stream or /v1/hud/stream.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include <cstddef>
#include <memory>
#include <set>

#include "serve/live/live_sessions.hpp"
#include "serve/metrics.hpp"
#include "serve/request.hpp"
#include "serve/server.hpp"
#include "serve/window_store.hpp"

namespace spymaster::serve {

class StreamClient;

// What all clients share; outlives them.
struct StreamContext {
    WindowStore& store;
    const LiveSessions& live;
    Metrics& metrics;
    const ServeOptions& options;
    std::set<StreamClient*> clients;
};

using UpgradeRequest = boost::beast::http::request<boost::beast::http::empty_body>;

// Completes the handshake and plays, keeping itself alive until the connection ends. On the server's thread.
void start_stream_client(StreamContext& context, boost::beast::tcp_stream&& stream, UpgradeRequest upgrade,
                         const StreamRequest& request);

// Every client gets close 1001.
void close_stream_clients(StreamContext& context);

// Live sessions have grown or ended: who plays one goes on.
void wake_live_clients(StreamContext& context);

// Tells everybody who plays a live session how its feed is.
void tell_feeds(StreamContext& context);

}  // namespace spymaster::serve
