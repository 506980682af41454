// A client made of a socket and nothing else, so that what the server sends is checked byte by byte and not by the
// library that the server itself uses. Every read ends: after kPatience it fails the test.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "serve/server.hpp"

namespace spymaster::serve {

inline constexpr std::chrono::seconds kPatience{30};

class RawSocket {
  public:
    // `receive_buffer`: SO_RCVBUF in bytes; 0 leaves it.
    explicit RawSocket(std::uint16_t port, int receive_buffer = 0);
    ~RawSocket();
    RawSocket(const RawSocket&) = delete;
    RawSocket& operator=(const RawSocket&) = delete;

    void send(std::string_view bytes);  // what the other side no longer takes is lost
    // Exactly `size` bytes; fewer at the end of the connection.
    std::string read(std::size_t size);
    std::string read_line();  // without "\r\n"
    void close_writing();

  private:
    bool fill();
    int socket_ = -1;
    std::string buffer_;
};

struct HttpAnswer {
    int status = 0;
    std::map<std::string, std::string> headers;  // names in small letters
    std::string body;
    bool whole = false;  // the body came to its stated end
};

HttpAnswer read_answer(RawSocket& socket, bool head_only = false);
// One request on a connection of its own.
HttpAnswer request(std::uint16_t port, std::string_view target, std::string_view method = "GET");

struct WsMessage {
    int opcode = 0;     // 1 text, 2 binary, 8 close, 9 ping; 0: the connection ended
    std::string bytes;  // as sent, head included
    std::string payload;
    [[nodiscard]] int close_code() const;
};

class StreamSocket {
  public:
    explicit StreamSocket(std::uint16_t port, std::string_view target, int receive_buffer = 0,
                          std::string_view extra_header = {});
    [[nodiscard]] const HttpAnswer& handshake() const { return handshake_; }

    WsMessage read();  // answers pings and the close on the way
    void send_text(std::string_view text) { send_frame(1, text); }
    void send_frame(int opcode, std::string_view payload);
    RawSocket& socket() { return socket_; }

  private:
    RawSocket socket_;
    HttpAnswer handshake_;
    bool closing_ = false;
};

// A server on a free port and a thread of its own.
class RunningServer {
  public:
    explicit RunningServer(lake::Lake lake, ServeOptions options = {});
    ~RunningServer();
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    [[nodiscard]] Server& server() { return *server_; }
    // The value of a metric, named with its labels if it has any.
    [[nodiscard]] double metric(const std::string& name) const;

  private:
    std::unique_ptr<Server> server_;
    std::thread thread_;
};

}  // namespace spymaster::serve
