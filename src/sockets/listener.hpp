// Where a server is met: binds, listens, hands over who connects.
//
// All of it on the thread that runs the io_context, which outlives it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <string>

#include "base/result.hpp"

namespace spymaster::sockets {

class Listener {
  public:
    using Tcp = boost::asio::ip::tcp;
    using OnConnection = std::function<void(Tcp::socket)>;

    explicit Listener(boost::asio::io_context& io) : acceptor_(io), pause_(io) {}

    // Port 0: any free one. Error: usage (a host that is no address), io (cannot bind).
    Result<void> listen(const std::string& host, std::uint16_t port);
    // Every connection from here on, until close(); TCP_NODELAY is set.
    void accept(OnConnection on_connection);
    void close();

    [[nodiscard]] std::uint16_t port() const { return bound_.port(); }
    [[nodiscard]] bool loopback() const { return bound_.address().is_loopback(); }
    [[nodiscard]] std::string url() const;  // "http://127.0.0.1:8001"

  private:
    void accept_next();

    Tcp::acceptor acceptor_;
    boost::asio::steady_timer pause_;
    Tcp::endpoint bound_;
    OnConnection on_connection_;
    bool closed_ = false;
};

}  // namespace spymaster::sockets
