#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "feed/live/transport.hpp"

namespace spymaster::feed::live {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

class Socket {
  public:
    explicit Socket(int fd) : fd_(fd) {}
    Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Socket& operator=(Socket&&) = delete;
    ~Socket() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int fd() const { return fd_; }

  private:
    int fd_;
};

enum class Ready : std::uint8_t { yes, timed_out, stopped };

// Until the socket is ready for `events`, the time is over, or stop_fd is readable.
Ready wait_for(int fd, short events, int stop_fd, milliseconds timeout) {
    const auto deadline = Clock::now() + timeout;
    for (;;) {
        std::array<pollfd, 2> watched{{{fd, events, 0}, {stop_fd, POLLIN, 0}}};
        const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
        const int wait = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
        const int count = ::poll(watched.data(), watched.size(), wait);
        if (count < 0 && errno != EINTR) return Ready::yes;  // the next call on the socket says what is wrong
        if (count > 0 && watched[1].revents != 0) return Ready::stopped;
        if (count > 0 && watched[0].revents != 0) return Ready::yes;
        if (Clock::now() >= deadline) return Ready::timed_out;
    }
}

class TcpTransport : public Transport {
  public:
    TcpTransport(Socket socket, std::string peer, int stop_fd)
        : socket_(std::move(socket)), peer_(std::move(peer)), stop_fd_(stop_fd) {}

    Result<Read> read(std::span<std::byte> into, milliseconds timeout) override {
        for (;;) {
            const ssize_t count = ::recv(socket_.fd(), into.data(), into.size(), MSG_DONTWAIT);
            if (count > 0) return Read{Outcome::bytes, static_cast<std::size_t>(count)};
            if (count == 0) return Read{Outcome::closed, 0};
            if (errno == EINTR) continue;
            if (errno != EAGAIN && errno != EWOULDBLOCK) return broken("read");
            const Ready ready = wait_for(socket_.fd(), POLLIN, stop_fd_, timeout);
            if (ready == Ready::timed_out) return Read{Outcome::timed_out, 0};
            if (ready == Ready::stopped) return Read{Outcome::stopped, 0};
        }
    }

    Result<void> write(std::string_view text, milliseconds timeout) override {
        while (!text.empty()) {
            const ssize_t count = ::send(socket_.fd(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (count >= 0) {
                text.remove_prefix(static_cast<std::size_t>(count));
            } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
                if (wait_for(socket_.fd(), POLLOUT, stop_fd_, timeout) != Ready::yes) {
                    return make_error(ErrorCode::io, "{} does not read what it is sent", peer_);
                }
            } else if (errno != EINTR) {
                return broken("write");
            }
        }
        return {};
    }

    [[nodiscard]] std::string peer() const override { return peer_; }

  private:
    [[nodiscard]] Error broken(std::string_view what) const {
        return make_error(ErrorCode::io, "{}: cannot {}: {}", peer_, what, std::strerror(errno));
    }

    Socket socket_;
    std::string peer_;
    int stop_fd_;
};

std::string text_of(const addrinfo& address) {
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> port{};
    const int failed = ::getnameinfo(address.ai_addr, address.ai_addrlen, host.data(), host.size(),
                                     port.data(), port.size(), NI_NUMERICHOST | NI_NUMERICSERV);
    if (failed != 0) return "an address";
    const std::string_view bracket = address.ai_family == AF_INET6 ? "[]" : "";
    return fmt::format("{}{}{}:{}", bracket.substr(0, bracket.size() / 2), host.data(),
                       bracket.substr(bracket.size() / 2), port.data());
}

// A dead peer is found out by the kernel too, and small lines leave at once.
void set_options(int fd) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

// nullptr where the address does not answer; `why` then says so.
std::unique_ptr<Transport> try_address(const addrinfo& address, const Destination& to, std::string& why) {
    const std::string peer = text_of(address);
    const auto failed = [&](std::string_view reason) {
        why += fmt::format("{}{}: {}", why.empty() ? "" : "; ", peer, reason);
        return nullptr;
    };
    Socket socket(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (socket.fd() < 0) return failed(std::strerror(errno));
    set_options(socket.fd());
    if (::connect(socket.fd(), address.ai_addr, address.ai_addrlen) != 0) {
        if (errno != EINPROGRESS) return failed(std::strerror(errno));
        const Ready ready = wait_for(socket.fd(), POLLOUT, to.stop_fd, to.timeout);
        if (ready == Ready::timed_out) return failed("no answer");
        if (ready == Ready::stopped) return failed("stopped");
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) return failed(std::strerror(error));
    }
    return std::make_unique<TcpTransport>(std::move(socket), peer, to.stop_fd);
}

Result<std::unique_ptr<Transport>> connect_tcp(const Destination& to) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int failed = ::getaddrinfo(to.host.c_str(), to.port.c_str(), &wanted, &found); failed != 0) {
        return make_error(ErrorCode::io, "cannot resolve {}: {}", to.host, ::gai_strerror(failed));
    }
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
    std::string why;
    for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
        if (auto transport = try_address(*address, to, why)) return transport;
    }
    return make_error(ErrorCode::io, "cannot connect to {}:{} ({})", to.host, to.port, why);
}

}  // namespace

Connector tcp_connector() {
    return connect_tcp;
}

}  // namespace spymaster::feed::live
