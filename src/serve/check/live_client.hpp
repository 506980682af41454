// A client of a running server, for the checks of it: one HTTP request, or a WebSocket stream, and nothing waits without end.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace spymaster::serve {

struct ServerAddress {
    std::string host;
    std::string port;
};

// "http://127.0.0.1:8001", the port 80 without one. Error (usage): anything else.
Result<ServerAddress> parse_server_url(std::string_view url);

struct LiveReply {
    unsigned int status = 0;
    std::map<std::string, std::string> headers;  // names in small letters
    std::string body;
};

// GET. Error (io): nobody answers, or not to the end, or not within a time of its own.
Result<LiveReply> fetch(const ServerAddress& address, const std::string& target);

struct LiveMessage {
    bool closed = false;  // by the server; the others mean nothing then
    bool binary = false;
    std::string payload;
};

// One thread at a time.
class LiveStream {
  public:
    // Error (io): refused, with the status that came, or nobody answers.
    static Result<LiveStream> open(const ServerAddress& address, const std::string& target);
    LiveStream(LiveStream&&) noexcept;
    LiveStream& operator=(LiveStream&&) = delete;
    ~LiveStream();

    // The next text or binary message. Error (io): the connection broke, or nothing came for a time.
    Result<LiveMessage> next();

  private:
    struct Connection;
    explicit LiveStream(std::unique_ptr<Connection> connection);

    std::unique_ptr<Connection> connection_;
};

}  // namespace spymaster::serve
