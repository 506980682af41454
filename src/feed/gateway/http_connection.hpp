// One HTTP connection of the gateway: requests in, answers out, until it is closed. Brings Asio's headers: for http_server.cpp.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>

#include "feed/gateway/http_server.hpp"
#include "sockets/listener.hpp"

namespace spymaster::feed {

// What all connections share; outlives them. `open` is of the sockets' thread.
struct HttpShared {
    HttpServerOptions options;
    HttpServer::Handler handler;
    boost::asio::thread_pool& workers;
    sockets::Listener& listener;
    std::size_t open = 0;  // connections
};

// Serves the socket, keeping itself alive until it is done. On the sockets' thread.
void serve_http(HttpShared& shared, boost::asio::ip::tcp::socket&& socket);

}  // namespace spymaster::feed
