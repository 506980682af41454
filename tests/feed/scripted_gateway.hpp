// A live gateway on a real socket that does what a test tells it, one session after another.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "feed/live/control_lines.hpp"
#include "live_records.hpp"

namespace spymaster::feed::live {

class GatewaySession {
  public:
    GatewaySession(int fd, const std::atomic<bool>& stop) : fd_(fd), stop_(stop) {}

    void say(std::string_view text) { send(std::as_bytes(std::span(text))); }
    void send(std::span<const std::byte> bytes) {
        while (!bytes.empty() && !stop_.load()) {
            const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (count > 0) {
                bytes = bytes.subspan(static_cast<std::size_t>(count));
            } else if (errno == EAGAIN) {
                pollfd watched{fd_, POLLOUT, 0};
                ::poll(&watched, 1, 20);
            } else {
                return;
            }
        }
    }
    // Without its end; empty when the client is gone.
    std::string line() {
        while (!stop_.load()) {
            if (const auto end = received_.find('\n'); end != std::string::npos) {
                std::string line = received_.substr(0, end);
                received_.erase(0, end + 1);
                return line;
            }
            if (!receive()) break;
        }
        return {};
    }
    // Until the client hangs up.
    void wait_for_end() {
        while (!stop_.load() && receive()) received_.clear();
    }

    // Greets, believes the key, and takes the subscriptions up to the start.
    std::vector<std::string> open() {
        say("lsg_version=0.0.1\ncram=a-challenge\n");
        authentication = line();
        say("success=1|session_id=7|\n");
        std::vector<std::string> lines;
        for (std::string next = line(); !next.empty() && next != "start_session"; next = line())
            lines.push_back(next);
        return lines;
    }
    // The same, and the head of the session.
    std::vector<std::string> begin() {
        auto lines = open();
        send(metadata_bytes());
        return lines;
    }

    std::string authentication;

  private:
    bool receive() {
        pollfd watched{fd_, POLLIN, 0};
        if (::poll(&watched, 1, 20) == 0) return true;
        std::array<char, 65536> bytes;
        const ssize_t count = ::recv(fd_, bytes.data(), bytes.size(), 0);
        if (count > 0) received_.append(bytes.data(), static_cast<std::size_t>(count));
        return count > 0;
    }

    int fd_;
    const std::atomic<bool>& stop_;
    std::string received_;
};

class ScriptedGateway {
  public:
    using Script = std::function<void(GatewaySession&)>;
    // Each session runs the next script; the last one again and again.
    explicit ScriptedGateway(std::vector<Script> scripts) : scripts_(std::move(scripts)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
        ::listen(listener_, 16);
        socklen_t size = sizeof address;
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~ScriptedGateway() {
        stop_.store(true);
        thread_.join();
        ::close(listener_);
    }
    ScriptedGateway(const ScriptedGateway&) = delete;
    ScriptedGateway& operator=(const ScriptedGateway&) = delete;

    [[nodiscard]] std::string address() const { return fmt::format("127.0.0.1:{}", port_); }
    [[nodiscard]] std::size_t sessions() const { return sessions_.load(); }

  private:
    void serve() {
        while (!stop_.load()) {
            pollfd watched{listener_, POLLIN, 0};
            if (::poll(&watched, 1, 20) <= 0) continue;
            const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (fd < 0) continue;
            const std::size_t number = sessions_.fetch_add(1);
            GatewaySession session(fd, stop_);
            scripts_[std::min(number, scripts_.size() - 1)](session);
            ::close(fd);
        }
    }

    std::vector<Script> scripts_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<bool> stop_ = false;
    std::atomic<std::size_t> sessions_ = 0;
    std::thread thread_;
};

}  // namespace spymaster::feed::live
