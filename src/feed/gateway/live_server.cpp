#include "feed/gateway/live_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <list>
#include <system_error>
#include <thread>
#include <unordered_map>

#include "feed/gateway/live_session.hpp"

namespace spymaster::feed {

namespace {

using Wall = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kAcceptPause{100};

// Connections of the running second, by address.
class ConnectionRate {
  public:
    explicit ConnectionRate(std::size_t most) : most_(most) {}

    bool admits(std::uint32_t address) {
        const auto now = Wall::now();
        if (now - since_ >= std::chrono::seconds{1}) {
            since_ = now;
            counts_.clear();
        }
        return ++counts_[address] <= most_;
    }

  private:
    std::size_t most_;
    Wall::time_point since_;
    std::unordered_map<std::uint32_t, std::size_t> counts_;
};

struct Connection {
    std::thread thread;
    std::atomic<bool> done{false};
};

Result<sockaddr_in> address_of(const LiveOptions& options) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options.port);
    const std::string host = options.host == "localhost" ? "127.0.0.1" : options.host;
    if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
        return make_error(ErrorCode::usage, "'{}' is not an IPv4 address; use 127.0.0.1 or 0.0.0.0",
                          options.host);
    }
    return address;
}

// Sockets are addressed by one type and described by others.
sockaddr* plain(sockaddr_in& address) {
    return reinterpret_cast<sockaddr*>(&address);
}

Result<Descriptor> listen_at(sockaddr_in& address, const std::string& host) {
    Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int yes = 1;
    socklen_t size = sizeof address;
    const bool listens = listener.get() >= 0 &&
                         ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
                         ::bind(listener.get(), plain(address), size) == 0 &&
                         ::listen(listener.get(), SOMAXCONN) == 0 &&
                         ::getsockname(listener.get(), plain(address), &size) == 0;
    if (listens) return listener;
    return make_error(ErrorCode::io, "cannot listen on {}:{}: {}; another port may be free", host,
                      ntohs(address.sin_port), std::strerror(errno));
}

}  // namespace

struct LiveServer::Impl {
    Descriptor stop;
    Descriptor listener;
    std::string host;
    std::uint16_t port = 0;
    std::unique_ptr<LiveGround> ground;
    std::list<Connection> connections;  // of the thread
    std::thread thread;

    void run();
    void accept(ConnectionRate& rate);
    void serve(Descriptor socket);
    void reap();
    void end();
};

void LiveServer::Impl::run() {
    ConnectionRate rate(ground->options.max_connections_per_second);
    while (true) {
        std::array<pollfd, 2> polled{pollfd{listener.get(), POLLIN, 0}, pollfd{stop.get(), POLLIN, 0}};
        ::poll(polled.data(), polled.size(), -1);
        if (polled[1].revents != 0) break;
        reap();
        if (polled[0].revents != 0) accept(rate);
    }
    for (auto& connection : connections) connection.thread.join();
    connections.clear();
}

void LiveServer::Impl::accept(ConnectionRate& rate) {
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    Descriptor socket(::accept4(listener.get(), plain(peer), &size, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (socket.get() < 0) {
        // No file descriptor is left, perhaps: not at once again.
        if (errno != EAGAIN && errno != ECONNABORTED) std::this_thread::sleep_for(kAcceptPause);
        return;
    }
    if (!rate.admits(peer.sin_addr.s_addr) || connections.size() >= ground->options.max_connections) return;
    const int yes = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const int send_buffer = ground->options.send_buffer_bytes;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
    serve(std::move(socket));
}

void LiveServer::Impl::serve(Descriptor socket) {
    Connection& connection = connections.emplace_back();
    try {
        connection.thread = std::thread([this, &connection, held = std::move(socket)]() mutable {
            LiveSession(*ground, std::move(held)).run();
            connection.done = true;
        });
    } catch (const std::system_error&) {  // no thread is left: as a connection too many
        connections.pop_back();
    }
}

void LiveServer::Impl::reap() {
    for (auto at = connections.begin(); at != connections.end();) {
        if (!at->done) {
            ++at;
            continue;
        }
        at->thread.join();
        at = connections.erase(at);
    }
}

void LiveServer::Impl::end() {
    if (!thread.joinable()) return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(stop.get(), &one, sizeof one);
    thread.join();
}

LiveServer::LiveServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

LiveServer::~LiveServer() {
    stop();
}

Result<std::unique_ptr<LiveServer>> LiveServer::start(const RawLibrary& library, LiveOptions options) {
    if (!(options.speed >= 0)) return make_error(ErrorCode::usage, "speed {} is below 0", options.speed);
    auto impl = std::make_unique<Impl>();
    SPY_ASSIGN(sockaddr_in address, address_of(options));
    SPY_ASSIGN(impl->listener, listen_at(address, options.host));
    impl->host = options.host;
    impl->port = ntohs(address.sin_port);
    impl->stop = Descriptor(::eventfd(0, EFD_CLOEXEC));
    if (impl->stop.get() < 0) return make_error(ErrorCode::io, "no eventfd: {}", std::strerror(errno));
    SPY_ASSIGN(impl->ground, LiveGround::create(library, std::move(options), impl->stop.get()));
    impl->thread = std::thread([state = impl.get()] { state->run(); });
    return std::unique_ptr<LiveServer>(new LiveServer(std::move(impl)));
}

std::uint16_t LiveServer::port() const {
    return impl_->port;
}

std::string LiveServer::address() const {
    return fmt::format("{}:{}", impl_->host, impl_->port);
}

void LiveServer::stop() {
    impl_->end();
}

}  // namespace spymaster::feed
