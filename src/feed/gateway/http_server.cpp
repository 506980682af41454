#include "feed/gateway/http_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

#include "feed/gateway/http_connection.hpp"

namespace spymaster::feed {

namespace {

namespace net = boost::asio;
using Tcp = net::ip::tcp;

// After a failed accept (no file descriptor left): not at once again.
constexpr std::chrono::milliseconds kAcceptPause{100};

std::string url_of(const Tcp::endpoint& bound) {
    const auto& address = bound.address();
    if (address.is_unspecified()) return fmt::format("http://localhost:{}", bound.port());
    const auto host = address.to_string();
    return address.is_v6() ? fmt::format("http://[{}]:{}", host, bound.port())
                           : fmt::format("http://{}:{}", host, bound.port());
}

}  // namespace

struct HttpServer::Impl {
    Impl(HttpServerOptions options, Handler handler)
        : shared{std::move(options), std::move(handler), workers}, workers(shared.options.workers) {}

    // Destroyed from the end: the workers' last jobs, the io_context that owns the connections, what they share.
    HttpShared shared;
    net::io_context io{1};
    Tcp::acceptor acceptor{io};
    net::steady_timer timer{io};
    net::thread_pool workers;
    std::thread thread;

    Result<void> listen() {
        boost::system::error_code failed;
        const auto& options = shared.options;
        const auto address =
            net::ip::make_address(options.host == "localhost" ? "127.0.0.1" : options.host, failed);
        if (failed)
            return make_error(ErrorCode::usage, "'{}' is not an IP address; use 127.0.0.1", options.host);
        const Tcp::endpoint endpoint(address, options.port);
        const auto step = [&failed](auto&& action) {
            if (!failed) action();
        };
        step([&] { acceptor.open(endpoint.protocol(), failed); });
        step([&] { acceptor.set_option(net::socket_base::reuse_address(true), failed); });
        step([&] { acceptor.bind(endpoint, failed); });
        step([&] { acceptor.listen(net::socket_base::max_listen_connections, failed); });
        Tcp::endpoint bound;
        step([&] { bound = acceptor.local_endpoint(failed); });
        if (failed) {
            return make_error(ErrorCode::io, "cannot listen on {}:{}: {}; another port may be free",
                              options.host, options.port, failed.message());
        }
        shared.url = url_of(bound);
        return {};
    }

    void accept() {
        acceptor.async_accept([this](boost::system::error_code failed, Tcp::socket socket) {
            if (failed == net::error::operation_aborted) return;
            if (failed) {
                timer.expires_after(kAcceptPause);
                timer.async_wait([this](boost::system::error_code cancelled) {
                    if (!cancelled) accept();
                });
                return;
            }
            if (shared.open < shared.options.max_connections) {
                boost::system::error_code ignored;
                socket.set_option(Tcp::no_delay(true), ignored);
                serve_http(shared, std::move(socket));
            }
            accept();
        });
    }
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

// Sockets first, so that no new work comes; then the workers' last jobs, which post to an io_context that still lives.
HttpServer::~HttpServer() {
    impl_->io.stop();
    if (impl_->thread.joinable()) impl_->thread.join();
    impl_->workers.stop();
    impl_->workers.join();
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerOptions options, Handler handler) {
    auto impl = std::make_unique<Impl>(std::move(options), std::move(handler));
    SPY_TRY(impl->listen());
    impl->accept();
    impl->thread = std::thread([io = &impl->io] { io->run(); });
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

std::string HttpServer::url() const {
    return impl_->shared.url;
}

}  // namespace spymaster::feed
