#include "sockets/http_connection.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/write.hpp>

namespace spymaster::sockets {

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr unsigned kNoContent = 204;
// How long a client has to close its side after the last answer.
constexpr std::chrono::seconds kGoodbye{2};

}  // namespace

std::optional<Unreadable> unreadable(beast::error_code failed) {
    const bool is_ours = failed.category() == http::make_error_code(http::error::bad_method).category();
    if (!is_ours || failed == http::error::end_of_stream || failed == http::error::partial_message) return {};
    if (failed == http::error::header_limit) return Unreadable{431, "the request's head is too large"};
    if (failed == http::error::body_limit) return Unreadable{413, "the request's body is too large"};
    return Unreadable{400, "this is not an HTTP request: " + failed.message()};
}

template <class Body>
void HttpConnection::fill_head(http::response<Body>& response, const Reply& reply) const {
    response.result(reply.status);
    response.version(version_);
    response.keep_alive(keep_alive_);
    response.set(http::field::server, "spymaster");
    if (!reply.content_type.empty()) response.set(http::field::content_type, reply.content_type);
    for (const auto& [name, value] : reply.headers) response.set(name, value);
}

// HTTP/1.0 knows no chunks: there the end of the connection is the end of a body whose length is not known.
void HttpConnection::send(Reply reply) {
    chunked_ = reply.source && !reply.source_bytes && version_ >= 11;
    if (reply.source && !reply.source_bytes && !chunked_) keep_alive_ = false;
    stream_.expires_after(write_timeout_);
    if (reply.source || head_only_) return send_head(std::move(reply));
    send_whole(std::move(reply));
}

void HttpConnection::send_whole(Reply reply) {
    whole_.emplace();
    fill_head(*whole_, reply);
    whole_->body() = std::move(reply.body);
    if (reply.status != kNoContent) whole_->content_length(whole_->body().size());
    http::async_write(stream_, *whole_, [self = shared_from_this()](beast::error_code failed, std::size_t) {
        self->on_sent(failed);
    });
}

void HttpConnection::send_head(Reply reply) {
    head_.emplace();
    fill_head(*head_, reply);
    if (chunked_) {
        head_->chunked(true);
    } else if (!reply.source || reply.source_bytes) {
        head_->content_length(reply.source ? *reply.source_bytes : reply.body.size());
    }
    if (!head_only_) source_ = std::move(reply.source);
    head_writer_.emplace(*head_);
    http::async_write_header(stream_, *head_writer_,
                             [self = shared_from_this()](beast::error_code failed, std::size_t) {
                                 if (failed || !self->source_) return self->on_sent(failed);
                                 self->next_parts();
                             });
}

void HttpConnection::next_parts() {
    stream_.expires_never();
    source_->next([self = shared_from_this()](Result<std::vector<BodyPart>> parts) {
        self->send_parts(std::move(parts));
    });
}

void HttpConnection::send_parts(Result<std::vector<BodyPart>> parts) {
    if (!parts) return stream_.close();  // the head is out: to break off is the only way left to say it
    parts_ = std::move(parts).value();
    stream_.expires_after(write_timeout_);
    const bool last = parts_.empty();
    auto sent = [self = shared_from_this(), last](beast::error_code failed, std::size_t) {
        if (failed || last) return self->on_sent(failed);
        self->next_parts();
    };
    if (last && !chunked_) return on_sent({});
    if (last) return net::async_write(stream_, http::make_chunk_last(), std::move(sent));
    std::vector<net::const_buffer> buffers;
    for (const auto& part : parts_) buffers.emplace_back(part.bytes.data(), part.bytes.size());
    if (chunked_) return net::async_write(stream_, http::make_chunk(buffers), std::move(sent));
    net::async_write(stream_, buffers, std::move(sent));
}

void HttpConnection::on_sent(beast::error_code failed) {
    head_writer_.reset();
    head_.reset();
    whole_.reset();
    source_.reset();
    parts_.clear();
    if (failed) return;
    if (keep_alive_) return read();
    stream_.socket().shutdown(net::ip::tcp::socket::shutdown_send, failed);
    stream_.expires_after(kGoodbye);
    drain();
}

// Closing with bytes unread makes the kernel reset the connection, and the client may lose the answer.
void HttpConnection::drain() {
    stream_.async_read_some(net::buffer(scrap_),
                            [self = shared_from_this()](beast::error_code failed, std::size_t) {
                                if (!failed) self->drain();
                            });
}

}  // namespace spymaster::sockets
