// A client of the live gateway made of a socket and the decoder of `dbn`. Every read ends: after kPatience it fails the test.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.hpp"
#include "dbn/metadata.hpp"
#include "dbn/reference_records.hpp"

namespace spymaster::feed::test {

inline constexpr int kPatienceSeconds = 30;

class LiveClient {
  public:
    explicit LiveClient(std::uint16_t port, int receive_buffer = 0)
        : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        const timeval patience{kPatienceSeconds, 0};
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
    ~LiveClient() { ::close(socket_); }
    LiveClient(const LiveClient&) = delete;
    LiveClient& operator=(const LiveClient&) = delete;

    // What the other side no longer takes is lost.
    void send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    // Exactly `size` bytes; fewer at the end of the connection.
    std::string read(std::size_t size) {
        while (buffer_.size() < size && fill()) {
        }
        std::string out = buffer_.substr(0, size);
        buffer_.erase(0, out.size());
        return out;
    }
    std::string read_line() {
        while (buffer_.find('\n') == std::string::npos && fill()) {
        }
        std::string line = buffer_.substr(0, buffer_.find('\n'));
        buffer_.erase(0, line.size() + 1);
        return line;
    }
    std::string read_all() {
        while (fill()) {
        }
        return std::exchange(buffer_, {});
    }
    // Until the other side breaks the connection, with nothing read.
    void wait_for_break() const {
        pollfd polled{socket_, 0, 0};
        EXPECT_EQ(::poll(&polled, 1, kPatienceSeconds * 1000), 1) << "the connection still stands";
    }
    [[nodiscard]] bool was_reset() const { return reset_; }

    // Greeting and challenge are read, and answered with the key. Gives the answer.
    std::string authenticate(std::string_view dataset, std::string_view more = "",
                             std::string_view key = "db-12345678901234567890123456789") {
        EXPECT_TRUE(read_line().starts_with("lsg_version="));
        const std::string challenge = read_line();
        EXPECT_TRUE(challenge.starts_with("cram="));
        const std::string response = sha256_of(challenge.substr(5) + "|" + std::string(key));
        send("auth=" + response + "-" + std::string(key.substr(key.size() - 5)) +
             "|dataset=" + std::string(dataset) + "|encoding=dbn" + std::string(more) + "\n");
        return read_line();
    }

    dbn::Metadata read_metadata() {
        const std::string head = read(dbn::kMetadataPreludeSize);
        const auto prelude = dbn::decode_prelude(std::as_bytes(std::span(head)));
        EXPECT_TRUE(prelude.ok());
        const std::string block = read(prelude->length);
        auto metadata = dbn::decode_metadata(prelude->version, std::as_bytes(std::span(block)));
        EXPECT_TRUE(metadata.ok());
        return std::move(metadata).value();
    }

    // The next whole record; empty at the end of the connection, or at half a record.
    std::string read_record() {
        std::string record = read(sizeof(dbn::RecordHeader));
        if (record.size() < sizeof(dbn::RecordHeader)) {
            rest_ = record.size();
            return {};
        }
        const std::size_t size = static_cast<unsigned char>(record.front()) * std::size_t{4};
        record += read(size - record.size());
        if (record.size() == size) return record;
        rest_ = record.size();
        return {};
    }
    // Bytes of the record that the end of the connection cut.
    [[nodiscard]] std::size_t rest() const { return rest_; }

  private:
    bool fill() {
        std::array<char, 65536> bytes{};
        const auto got = ::recv(socket_, bytes.data(), bytes.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            ADD_FAILURE() << "nothing came for " << kPatienceSeconds << " s";
        if (got < 0 && errno == ECONNRESET) reset_ = true;
        if (got <= 0) return false;
        buffer_.append(bytes.data(), static_cast<std::size_t>(got));
        return true;
    }

    int socket_;
    std::string buffer_;
    std::size_t rest_ = 0;
    bool reset_ = false;
};

inline std::uint8_t type_of(const std::string& record) {
    return static_cast<std::uint8_t>(record.at(1));
}
template <class Record>
Record as(const std::string& record) {
    EXPECT_GE(record.size(), sizeof(Record));
    return dbn::load<Record>(std::as_bytes(std::span(record)).data());
}

// What the gateway says of itself: "system 1", "error 5"; else empty.
inline std::string gateway_word(const std::string& record) {
    if (type_of(record) == dbn::rtype::system)
        return "system " + std::to_string(as<dbn::SystemMsg>(record).code);
    if (type_of(record) == dbn::rtype::error)
        return "error " + std::to_string(as<dbn::ErrorMsg>(record).code);
    return {};
}

}  // namespace spymaster::feed::test
