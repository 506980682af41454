#include "raw_client.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>
#include <utility>

namespace spymaster::serve {

RawSocket::RawSocket(std::uint16_t port, int receive_buffer) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{kPatience.count(), 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (receive_buffer > 0)
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
}

RawSocket::~RawSocket() {
    ::close(socket_);
}

void RawSocket::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

bool RawSocket::fill() {
    std::array<char, 65536> bytes{};
    const auto got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        ADD_FAILURE() << "nothing came for " << kPatience.count() << " s";
    if (got <= 0) return false;
    buffer_.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
}

std::string RawSocket::read(std::size_t size) {
    while (buffer_.size() < size && fill()) {
    }
    std::string out = buffer_.substr(0, size);
    buffer_.erase(0, out.size());
    return out;
}

std::string RawSocket::read_line() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n")) == std::string::npos) {
        if (!fill()) return std::exchange(buffer_, {});
    }
    std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return line;
}

void RawSocket::close_writing() {
    ::shutdown(socket_, SHUT_WR);
}

namespace {

void read_chunks(RawSocket& socket, HttpAnswer& answer) {
    while (true) {
        const auto line = socket.read_line();
        if (line.empty()) return;
        const auto size = std::stoul(line, nullptr, 16);
        const auto data = socket.read(size);
        answer.body += data;
        const bool ended = socket.read_line().empty();
        if (data.size() != size || !ended) return;
        if (size == 0) {
            answer.whole = true;
            return;
        }
    }
}

}  // namespace

HttpAnswer read_answer(RawSocket& socket, bool head_only) {
    HttpAnswer answer;
    const auto status_line = socket.read_line();
    if (status_line.size() < 12) return answer;
    answer.status = std::stoi(status_line.substr(9, 3));
    while (true) {
        const auto line = socket.read_line();
        const auto colon = line.find(": ");
        if (colon == std::string::npos) break;
        std::string name = line.substr(0, colon);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        answer.headers[name] = line.substr(colon + 2);
    }
    if (head_only || answer.status == 101 || answer.status == 204) {
        answer.whole = true;
    } else if (answer.headers.contains("transfer-encoding")) {
        read_chunks(socket, answer);
    } else if (answer.headers.contains("content-length")) {
        const auto size = std::stoul(answer.headers.at("content-length"));
        answer.body = socket.read(size);
        answer.whole = answer.body.size() == size;
    } else {
        answer.body = socket.read(std::string::npos);
        answer.whole = true;
    }
    return answer;
}

HttpAnswer request(std::uint16_t port, std::string_view target, std::string_view method) {
    RawSocket socket(port);
    socket.send(std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return read_answer(socket, method == "HEAD");
}

int WsMessage::close_code() const {
    if (opcode != 8 || payload.size() < 2) return 0;
    return static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
}

StreamSocket::StreamSocket(std::uint16_t port, std::string_view target, int receive_buffer,
                           std::string_view extra_header)
    : socket_(port, receive_buffer) {
    socket_.send("GET " + std::string(target) +
                 " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                 std::string(extra_header) + "\r\n");
    handshake_ = read_answer(socket_);
}

WsMessage StreamSocket::read() {
    WsMessage message;
    message.bytes = socket_.read(2);
    if (message.bytes.size() < 2) return {};
    const auto first = static_cast<unsigned char>(message.bytes[0]);
    const auto second = static_cast<unsigned char>(message.bytes[1]);
    EXPECT_EQ(first & 0xF0U, 0x80U) << "one whole frame, no extension bits";
    EXPECT_LT(second, 128U) << "a server does not mask";
    std::uint64_t size = second;
    const std::size_t more = second == 126 ? 2 : second == 127 ? 8 : 0;
    if (more > 0) {
        const auto length = socket_.read(more);
        message.bytes += length;
        size = 0;
        for (const char c : length) size = size * 256 + static_cast<unsigned char>(c);
    }
    message.payload = socket_.read(size);
    if (message.payload.size() != size) return {};
    message.bytes += message.payload;
    message.opcode = first & 0x0FU;
    if (message.opcode == 8 && !std::exchange(closing_, true)) send_frame(8, message.payload);
    if (message.opcode != 9) return message;
    send_frame(10, message.payload);
    return read();
}

void StreamSocket::send_frame(int opcode, std::string_view payload) {
    std::string frame;
    frame += static_cast<char>(0x80 | opcode);
    if (payload.size() < 126) {
        frame += static_cast<char>(0x80U | payload.size());
    } else {
        frame += static_cast<char>(0x80 | 126);
        frame += static_cast<char>(payload.size() >> 8U);
        frame += static_cast<char>(payload.size() & 0xFFU);
    }
    const std::string mask = "\x11\x22\x33\x44";
    frame += mask;
    for (std::size_t i = 0; i < payload.size(); ++i) frame += static_cast<char>(payload[i] ^ mask[i % 4]);
    socket_.send(frame);
}

RunningServer::RunningServer(lake::Lake lake, ServeOptions options) {
    options.port = 0;
    auto server = Server::start(std::move(lake), std::move(options));
    EXPECT_TRUE(server.ok()) << server.error().message;
    server_ = std::move(server).value();
    thread_ = std::thread([this] { server_->run(); });
}

RunningServer::~RunningServer() {
    server_->stop();
    thread_.join();
}

double RunningServer::metric(const std::string& name) const {
    std::istringstream lines(request(port(), "/metrics").body);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(name + " ")) return std::stod(line.substr(name.size() + 1));
    }
    ADD_FAILURE() << "no metric " << name;
    return -1.0;
}

}  // namespace spymaster::serve
