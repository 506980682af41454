#include "serve/server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <csignal>
#include <optional>

#include "serve/api.hpp"
#include "serve/http_connection.hpp"
#include "serve/live/live_sessions.hpp"
#include "serve/metrics.hpp"
#include "serve/stream_client.hpp"
#include "serve/window_store.hpp"
#include "sockets/listener.hpp"

namespace spymaster::serve {

namespace {

namespace net = boost::asio;

constexpr std::size_t kWorkers = 2;
// How long clients have to answer the close when the server stops, and how often it looks whether they have.
constexpr std::chrono::milliseconds kGoodbye{1000};
constexpr std::chrono::milliseconds kGoodbyeLook{10};
// How often the clients of live sessions are told how the feed is, where nothing changes.
constexpr std::chrono::milliseconds kFeedPeriod{1000};

}  // namespace

// Declared in the order that destruction needs, from the end: acceptor and timers, the workers' jobs and the
// connections (which the io_context owns), then what the connections used.
struct Server::Impl {
    lake::Lake lake;
    ServeOptions options;
    Metrics metrics;
    LiveSessions live;
    WindowStore store;
    Api api;
    StreamContext stream;
    HttpContext http;
    net::io_context io{1};
    net::thread_pool workers{kWorkers};
    sockets::Listener listener{io};
    net::signal_set signals{io};
    net::steady_timer timer{io};
    net::steady_timer feed_timer{io};
    bool stopping = false;

    Impl(lake::Lake the_lake, ServeOptions the_options)
        : lake(std::move(the_lake)),
          options(std::move(the_options)),
          metrics(options.version),
          live(lake, options.live, metrics, to_server()),
          store(lake, live, {options.cache_bytes, options.max_open_sessions}, to_worker(), to_server(),
                metrics),
          api({lake, live, store, metrics, options.web, options.version, options.max_busy_requests,
               options.max_feed_lag, to_worker(), to_server()}),
          stream{store, live, metrics, options, {}},
          http{api, stream, 0} {
        live.listen({[this] { wake_live_clients(stream); }, [this] { tell_feeds(stream); }});
    }

    Post to_worker() {
        return [this](std::function<void()> job) { net::post(workers, std::move(job)); };
    }
    Post to_server() {
        return [this](std::function<void()> job) { net::post(io, std::move(job)); };
    }

    void accept();
    void tell_feeds_on_time();
    void stop();
    void wait_for_goodbyes(std::chrono::steady_clock::time_point until);
};

void Server::Impl::accept() {
    listener.accept([this](sockets::Listener::Tcp::socket socket) {
        if (http.connections + stream.clients.size() >= options.max_connections) return;
        boost::system::error_code ignored;
        socket.set_option(net::socket_base::send_buffer_size(options.send_buffer_bytes), ignored);
        start_http_connection(http, std::move(socket));
    });
}

void Server::Impl::tell_feeds_on_time() {
    feed_timer.expires_after(kFeedPeriod);
    feed_timer.async_wait([this](boost::system::error_code cancelled) {
        if (cancelled || stopping) return;
        tell_feeds(stream);
        tell_feeds_on_time();
    });
}

void Server::Impl::stop() {
    if (std::exchange(stopping, true)) return;
    boost::system::error_code ignored;
    listener.close();
    signals.cancel(ignored);
    close_stream_clients(stream);
    wait_for_goodbyes(std::chrono::steady_clock::now() + kGoodbye);
}

void Server::Impl::wait_for_goodbyes(std::chrono::steady_clock::time_point until) {
    if (stream.clients.empty() || std::chrono::steady_clock::now() >= until) return io.stop();
    timer.expires_after(kGoodbyeLook);
    timer.async_wait([this, until](boost::system::error_code) { wait_for_goodbyes(until); });
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
    // Workers first: their jobs use the rest. Then everything that holds connections lets go of them while
    // the io_context they belong to still lives.
    impl_->workers.stop();
    impl_->workers.join();
    impl_->store.drop_waiting();
}

Result<std::unique_ptr<Server>> Server::start(lake::Lake lake, ServeOptions options) {
    auto impl = std::make_unique<Impl>(std::move(lake), std::move(options));
    SPY_TRY(impl->listener.listen(impl->options.host, impl->options.port));
    // From here on, so that none that comes before run() kills the process.
    impl->signals.add(SIGINT);
    impl->signals.add(SIGTERM);
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

pipeline::LiveSink& Server::live() {
    return impl_->live;
}

std::uint16_t Server::port() const {
    return impl_->listener.port();
}
bool Server::loopback() const {
    return impl_->listener.loopback();
}
std::string Server::url() const {
    return impl_->listener.url();
}

void Server::run() {
    impl_->signals.async_wait([impl = impl_.get()](boost::system::error_code cancelled, int) {
        if (!cancelled) impl->stop();
    });
    impl_->accept();
    impl_->tell_feeds_on_time();
    impl_->io.run();
}

void Server::stop() {
    net::post(impl_->io, [impl = impl_.get()] { impl->stop(); });
}

}  // namespace spymaster::serve
