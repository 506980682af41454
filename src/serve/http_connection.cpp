#include "serve/http_connection.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace spymaster::serve {

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::uint32_t kMaxHeaderBytes = 8192;
// A client has this long to take one piece of an answer.
constexpr std::chrono::seconds kWriteTimeout{30};
// And this long to close its side after the last one.
constexpr std::chrono::seconds kGoodbye{2};

class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
  public:
    HttpConnection(HttpContext& context, net::ip::tcp::socket&& socket)
        : context_(context), stream_(std::move(socket)) {
        context_.connections += 1;
    }
    ~HttpConnection() { context_.connections -= 1; }
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    void read();

  private:
    void on_read(beast::error_code failed);
    void answer(const http::request<http::empty_body>& request);
    void upgrade();
    void reply(Reply answer);
    void send_whole(Reply answer);
    void send_head_only(const Reply& answer);
    void send_chunked(Reply answer);
    void send_chunk();
    void on_chunk(Result<std::vector<BodyPart>> parts);
    void on_sent(beast::error_code failed);
    void drain();

    template <class Body>
    void fill_head(http::response<Body>& response, const Reply& answer) const;

    HttpContext& context_;
    beast::tcp_stream stream_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::empty_body>> parser_;
    bool head_only_ = false;
    bool keep_alive_ = false;
    unsigned version_ = 11;

    // The answer being sent.
    std::optional<http::response<http::string_body>> whole_;
    std::optional<http::response<http::empty_body>> head_;
    std::optional<http::response_serializer<http::empty_body>> head_writer_;
    std::shared_ptr<BodySource> source_;
    std::vector<BodyPart> parts_;
    std::array<char, 4096> scrap_{};
};

void HttpConnection::read() {
    parser_.emplace();
    parser_->header_limit(kMaxHeaderBytes);
    parser_->body_limit(boost::none);  // no body is ever read
    stream_.expires_after(context_.stream.options.header_timeout);
    http::async_read(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](beast::error_code failed, std::size_t) { self->on_read(failed); });
}

void HttpConnection::on_read(beast::error_code failed) {
    head_only_ = false;
    if (failed == http::error::unexpected_body) failed = {};  // the head is whole, and the body stays unread
    if (failed) {
        const bool is_ours = failed.category() == http::make_error_code(http::error::bad_method).category();
        if (!is_ours || failed == http::error::end_of_stream || failed == http::error::partial_message)
            return;
        keep_alive_ = false;  // where the next request would begin is not known
        if (failed == http::error::header_limit)
            return reply(error_reply(431, "the request's head is too large"));
        return reply(error_reply(400, fmt::format("this is not an HTTP request: {}", failed.message())));
    }
    version_ = parser_->get().version();
    keep_alive_ = parser_->keep_alive() && parser_->is_done();  // a body stays unread
    if (beast::websocket::is_upgrade(parser_->get())) return upgrade();
    answer(parser_->get());
}

void HttpConnection::answer(const http::request<http::empty_body>& request) {
    head_only_ = request.method() == http::verb::head;
    if (request.method() == http::verb::options) {
        Reply preflight;
        preflight.status = 204;
        preflight.content_type.clear();
        preflight.headers.emplace_back("Allow", "GET, HEAD, OPTIONS");
        return reply(std::move(preflight));
    }
    if (request.method() != http::verb::get && !head_only_) {
        Reply refused = error_reply(405, "only GET, HEAD and OPTIONS");
        refused.headers.emplace_back("Allow", "GET, HEAD, OPTIONS");
        return reply(std::move(refused));
    }
    const auto target = request.target();
    context_.api.get({target.data(), target.size()},
                     [self = shared_from_this()](Reply answer) { self->reply(std::move(answer)); });
}

// What is wrong with the request is said in HTTP, before the upgrade (spec 6 [C]).
void HttpConnection::upgrade() {
    const auto text = parser_->get().target();
    const auto target = parse_target({text.data(), text.size()});
    if (!target) return reply(error_reply(target.error()));
    const bool hud = target->path == kHudStreamPath;
    if (target->path != kStreamPath && !hud)
        return reply(error_reply(404, "there is no WebSocket at this path"));
    const auto request = hud ? parse_hud_stream_request(*target) : parse_stream_request(*target);
    if (!request) return reply(error_reply(request.error()));
    if (buffer_.size() > 0) return reply(error_reply(400, "bytes after the upgrade request"));
    if (context_.stream.clients.size() >= context_.stream.options.max_clients) {
        return reply(error_reply(503, "the server has as many clients as it may"));
    }
    start_stream_client(context_.stream, std::move(stream_), parser_->release(), *request);
}

template <class Body>
void HttpConnection::fill_head(http::response<Body>& response, const Reply& answer) const {
    response.result(answer.status);
    response.version(version_);
    response.keep_alive(keep_alive_);
    response.set(http::field::server, "spymaster");
    // Anybody may read; nobody is known by cookies, so there are no credentials to allow (docs/protocol.md).
    response.set(http::field::access_control_allow_origin, "*");
    response.set(http::field::access_control_allow_methods, "GET, HEAD, OPTIONS");
    response.set(http::field::access_control_allow_headers, "*");
    response.set("X-Content-Type-Options", "nosniff");
    if (!answer.content_type.empty()) response.set(http::field::content_type, answer.content_type);
    for (const auto& [name, value] : answer.headers) response.set(name, value);
}

void HttpConnection::reply(Reply answer) {
    context_.stream.metrics.http_request(answer.status);
    stream_.expires_after(kWriteTimeout);
    if (head_only_) return send_head_only(answer);
    if (answer.source) return send_chunked(std::move(answer));
    send_whole(std::move(answer));
}

void HttpConnection::send_whole(Reply answer) {
    whole_.emplace();
    fill_head(*whole_, answer);
    whole_->body() = std::move(answer.body);
    if (answer.status != 204) whole_->content_length(whole_->body().size());
    http::async_write(stream_, *whole_, [self = shared_from_this()](beast::error_code failed, std::size_t) {
        self->whole_.reset();
        self->on_sent(failed);
    });
}

void HttpConnection::send_head_only(const Reply& answer) {
    head_.emplace();
    fill_head(*head_, answer);
    if (answer.source) {
        head_->chunked(version_ >= 11);
    } else {
        head_->content_length(answer.body.size());
    }
    head_writer_.emplace(*head_);
    http::async_write_header(
        stream_, *head_writer_,
        [self = shared_from_this()](beast::error_code failed, std::size_t) { self->on_sent(failed); });
}

// HTTP/1.0 knows no chunks: there the end of the connection is the end of the body.
void HttpConnection::send_chunked(Reply answer) {
    if (version_ < 11) keep_alive_ = false;
    source_ = std::move(answer.source);
    head_.emplace();
    fill_head(*head_, answer);
    if (version_ >= 11) head_->chunked(true);
    head_writer_.emplace(*head_);
    http::async_write_header(stream_, *head_writer_,
                             [self = shared_from_this()](beast::error_code failed, std::size_t) {
                                 if (!failed) self->send_chunk();
                             });
}

void HttpConnection::send_chunk() {
    source_->next([self = shared_from_this()](Result<std::vector<BodyPart>> parts) {
        self->on_chunk(std::move(parts));
    });
}

void HttpConnection::on_chunk(Result<std::vector<BodyPart>> parts) {
    if (!parts) return;  // the head is out: a body that breaks off is the only way left to say it
    parts_ = std::move(parts).value();
    stream_.expires_after(kWriteTimeout);
    if (parts_.empty()) {
        source_ = nullptr;
        if (version_ < 11) return on_sent({});
        net::async_write(
            stream_, http::make_chunk_last(),
            [self = shared_from_this()](beast::error_code failed, std::size_t) { self->on_sent(failed); });
        return;
    }
    std::vector<net::const_buffer> buffers;
    for (const auto& part : parts_) buffers.emplace_back(part.bytes.data(), part.bytes.size());
    const auto sent = [self = shared_from_this()](beast::error_code failed, std::size_t) {
        if (!failed) self->send_chunk();
    };
    if (version_ < 11) {
        net::async_write(stream_, buffers, sent);
    } else {
        net::async_write(stream_, http::make_chunk(buffers), sent);
    }
}

void HttpConnection::on_sent(beast::error_code failed) {
    head_writer_.reset();
    head_.reset();
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

}  // namespace

void start_http_connection(HttpContext& context, net::ip::tcp::socket&& socket) {
    std::make_shared<HttpConnection>(context, std::move(socket))->read();
}

}  // namespace spymaster::serve
