#include "sockets/listener.hpp"

#include <chrono>

namespace spymaster::sockets {

namespace {

namespace net = boost::asio;
using ErrorValue = boost::system::error_code;

// After a failed accept (no file descriptor left): not at once again.
constexpr std::chrono::milliseconds kAcceptPause{100};

}  // namespace

Result<void> Listener::listen(const std::string& host, std::uint16_t port) {
    ErrorValue failed;
    const auto address = net::ip::make_address(host == "localhost" ? "127.0.0.1" : host, failed);
    if (failed) {
        return make_error(ErrorCode::usage, "host '{}' is not an IP address; use 127.0.0.1 or 0.0.0.0", host);
    }
    const Tcp::endpoint endpoint(address, port);
    const auto step = [&failed](auto&& action) {
        if (!failed) action();
    };
    step([&] { acceptor_.open(endpoint.protocol(), failed); });
    step([&] { acceptor_.set_option(net::socket_base::reuse_address(true), failed); });
    step([&] { acceptor_.bind(endpoint, failed); });
    step([&] { acceptor_.listen(net::socket_base::max_listen_connections, failed); });
    step([&] { bound_ = acceptor_.local_endpoint(failed); });
    if (failed) {
        return make_error(ErrorCode::io, "cannot listen on {}:{}: {}; another port may be free", host, port,
                          failed.message());
    }
    return {};
}

void Listener::accept(OnConnection on_connection) {
    on_connection_ = std::move(on_connection);
    accept_next();
}

void Listener::accept_next() {
    acceptor_.async_accept([this](ErrorValue failed, Tcp::socket socket) {
        if (failed == net::error::operation_aborted || closed_) return;
        if (failed) {
            pause_.expires_after(kAcceptPause);
            pause_.async_wait([this](ErrorValue cancelled) {
                if (!cancelled && !closed_) accept_next();
            });
            return;
        }
        ErrorValue ignored;
        socket.set_option(Tcp::no_delay(true), ignored);
        on_connection_(std::move(socket));
        accept_next();
    });
}

void Listener::close() {
    closed_ = true;
    ErrorValue ignored;
    acceptor_.close(ignored);
    pause_.cancel();
}

std::string Listener::url() const {
    const auto& address = bound_.address();
    if (address.is_unspecified()) return fmt::format("http://localhost:{}", port());
    const auto text = address.to_string();
    return address.is_v6() ? fmt::format("http://[{}]:{}", text, port())
                           : fmt::format("http://{}:{}", text, port());
}

}  // namespace spymaster::sockets
