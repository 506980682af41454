// One HTTP connection: requests in, answers out, until it is upgraded, idle, or closed.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "serve/api.hpp"
#include "serve/stream_client.hpp"

namespace spymaster::serve {

// What all connections share; outlives them.
struct HttpContext {
    Api& api;
    StreamContext& stream;
    std::size_t connections = 0;  // open now, upgraded ones not counted
};

// Serves the socket, keeping itself alive until it is done. On the server's thread.
void start_http_connection(HttpContext& context, boost::asio::ip::tcp::socket&& socket);

}  // namespace spymaster::serve
