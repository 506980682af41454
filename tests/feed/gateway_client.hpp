// A plain HTTP client over one socket a request, for the tests of the gateway: it sends what it is given and reads to the end.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace spymaster::feed::test {

// "db-" and 29 characters, as user name of Basic authentication.
inline constexpr std::string_view kKeyField =
    "Authorization: Basic ZGItMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODk6\r\n";

class Socket {
  public:
    explicit Socket(const std::string& url) {
        const auto colon = url.rfind(':');
        int port = 0;
        std::from_chars(url.data() + colon + 1, url.data() + url.size(), port);
        descriptor_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const timeval patience{.tv_sec = 60, .tv_usec = 0};
        ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        EXPECT_EQ(::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    }
    ~Socket() { ::close(descriptor_); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;  // it has hung up, as it may
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    void finish_sending() { ::shutdown(descriptor_, SHUT_WR); }
    // At least so many bytes, unless it ends before.
    std::string read(std::size_t least) {
        std::string all;
        char block[65536];
        while (all.size() < least) {
            const auto got = ::recv(descriptor_, block, sizeof block, 0);
            if (got <= 0) break;
            all.append(block, static_cast<std::size_t>(got));
        }
        return all;
    }

  private:
    int descriptor_ = -1;
};

struct Answer {
    int status = 0;  // 0: no HTTP came
    std::string head;
    std::string body;
    bool whole = true;  // as many bytes as its head says

    [[nodiscard]] std::optional<std::string> field(std::string_view name) const {
        const auto at = head.find("\r\n" + std::string(name) + ": ");
        if (at == std::string::npos) return std::nullopt;
        const auto begin = at + name.size() + 4;
        return head.substr(begin, head.find("\r\n", begin) - begin);
    }
    [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
    [[nodiscard]] std::span<const std::byte> bytes() const { return std::as_bytes(std::span(body)); }
};

inline Answer parse_answer(const std::string& text) {
    Answer answer;
    const auto end = text.find("\r\n\r\n");
    if (!text.starts_with("HTTP/1.") || end == std::string::npos) return answer;
    answer.head = text.substr(0, end + 2);
    std::from_chars(text.data() + 9, text.data() + 12, answer.status);
    std::string_view rest = std::string_view(text).substr(end + 4);
    if (answer.field("Transfer-Encoding") != "chunked") {
        answer.body = rest;
        answer.whole = answer.field("Content-Length") == std::to_string(rest.size());
        return answer;
    }
    answer.whole = false;
    for (;;) {
        std::size_t size = 0;
        const auto [stop, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), size, 16);
        const auto head = static_cast<std::size_t>(stop - rest.data()) + 2;
        if (failed != std::errc() || rest.size() < head + size + 2) return answer;
        answer.body.append(rest.substr(head, size));
        rest.remove_prefix(head + size + 2);
        if (size == 0) {
            answer.whole = true;
            return answer;
        }
    }
}

inline Answer ask(const std::string& url, std::string_view request) {
    Socket socket(url);
    socket.send(request);
    return parse_answer(socket.read(std::string::npos));
}

inline Answer get(const std::string& url, std::string_view target, std::string_view fields = {}) {
    return ask(url, fmt::format("GET {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{}{}\r\n", target,
                                kKeyField, fields));
}

inline Answer post(const std::string& url, std::string_view target, std::string_view form) {
    return ask(
        url, fmt::format("POST {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{}Content-Length: {}\r\n\r\n{}",
                         target, kKeyField, form.size(), form));
}

}  // namespace spymaster::feed::test
