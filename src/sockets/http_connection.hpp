// One HTTP/1.0 or 1.1 connection, the half of it that answers: heads, whole bodies, bodies in chunks or of a known length,
// HEAD, keep-alive, and a goodbye that loses no answer. Who derives from it reads the requests.
//
// All of it on the thread that runs the socket. It lives as long as an operation of its socket is under way.
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sockets/reply.hpp"

namespace spymaster::sockets {

// Why a request could not be read.
struct Unreadable {
    unsigned status = 400;
    std::string why;
};
// None: the client has gone, or was too slow; there is nobody to answer.
std::optional<Unreadable> unreadable(boost::beast::error_code failed);

class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
  public:
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    // The next request. Called first by who made the connection, and again after each answer that keeps it.
    virtual void read() = 0;

  protected:
    // `write_timeout`: how long a client may take for one piece of an answer.
    HttpConnection(boost::asio::ip::tcp::socket&& socket, std::chrono::milliseconds write_timeout)
        : stream_(std::move(socket)), write_timeout_(write_timeout) {}
    virtual ~HttpConnection() = default;

    // Once for each request, after the fields below are set from it.
    void send(Reply reply);

    boost::beast::tcp_stream stream_;
    boost::beast::flat_buffer buffer_;
    // Of the request being answered.
    unsigned version_ = 11;
    bool head_only_ = false;
    bool keep_alive_ = false;

  private:
    template <class Body>
    void fill_head(boost::beast::http::response<Body>& response, const Reply& reply) const;

    void send_whole(Reply reply);
    void send_head(Reply reply);
    void next_parts();
    void send_parts(Result<std::vector<BodyPart>> parts);
    void on_sent(boost::beast::error_code failed);
    void drain();

    std::chrono::milliseconds write_timeout_;

    // The answer being sent.
    std::optional<boost::beast::http::response<boost::beast::http::string_body>> whole_;
    std::optional<boost::beast::http::response<boost::beast::http::empty_body>> head_;
    std::optional<boost::beast::http::response_serializer<boost::beast::http::empty_body>> head_writer_;
    std::shared_ptr<BodySource> source_;
    bool chunked_ = false;
    std::vector<BodyPart> parts_;
    std::array<char, 4096> scrap_{};
};

}  // namespace spymaster::sockets
