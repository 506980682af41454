#include "feed/gateway/http_server.hpp"

#include <boost/asio/io_context.hpp>
#include <thread>

#include "feed/gateway/http_connection.hpp"

namespace spymaster::feed {

namespace net = boost::asio;

struct HttpServer::Impl {
    Impl(HttpServerOptions options, Handler handler)
        : shared{std::move(options), std::move(handler), workers, listener},
          workers(shared.options.workers) {}

    // Destroyed from the end: the workers' last jobs, the io_context that owns the connections, what they share.
    HttpShared shared;
    net::io_context io{1};
    sockets::Listener listener{io};
    net::thread_pool workers;
    std::thread thread;
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
    SPY_TRY(impl->listener.listen(impl->shared.options.host, impl->shared.options.port));
    impl->listener.accept([state = impl.get()](sockets::Listener::Tcp::socket socket) {
        if (state->shared.open < state->shared.options.max_connections)
            serve_http(state->shared, std::move(socket));
    });
    impl->thread = std::thread([io = &impl->io] { io->run(); });
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

std::string HttpServer::url() const {
    return impl_->listener.url();
}

}  // namespace spymaster::feed
