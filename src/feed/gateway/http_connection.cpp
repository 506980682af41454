#include "feed/gateway/http_connection.hpp"

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <memory>
#include <optional>
#include <vector>

namespace spymaster::feed {

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Tcp = net::ip::tcp;

constexpr std::uint32_t kMaxHeaderBytes = 64U << 10U;
// A client has this long to close its side after the last answer.
constexpr std::chrono::milliseconds kGoodbye{2000};

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(HttpShared& shared, Tcp::socket&& socket) : shared_(shared), stream_(std::move(socket)) {
        ++shared_.open;
    }
    ~Connection() { --shared_.open; }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void read() {
        parser_.emplace();
        parser_->header_limit(kMaxHeaderBytes);
        parser_->body_limit(shared_.options.max_body_bytes);
        stream_.expires_after(shared_.options.read_timeout);
        http::async_read(
            stream_, buffer_, *parser_,
            [self = shared_from_this()](beast::error_code failed, std::size_t) { self->on_read(failed); });
    }

  private:
    void on_read(beast::error_code failed) {
        head_only_ = false;
        if (failed) return refuse_unreadable(failed);
        const auto& request = parser_->get();
        keep_alive_ = request.keep_alive();
        version_ = request.version();
        head_only_ = request.method() == http::verb::head;
        if (request.method() != http::verb::get && request.method() != http::verb::post && !head_only_) {
            auto refused = error_reply(405, "method_not_allowed", "only GET and POST");
            refused.headers.emplace_back("Allow", "GET, HEAD, POST");
            return reply(std::move(refused));
        }
        const auto target = request.target();
        const bool form = request.method() == http::verb::post;
        auto made = make_request(form ? "POST" : "GET", {target.data(), target.size()},
                                 form ? std::string_view(request.body()) : std::string_view());
        if (!made) return reply(error_reply(400, "bad_request", made.error().message));
        made->authorization = request[http::field::authorization];
        made->range = request[http::field::range];
        made->server_url = shared_.url;
        stream_.expires_never();
        net::post(shared_.workers, [self = shared_from_this(), request = std::move(*made)]() mutable {
            auto answer = self->shared_.handler(request);
            back(std::move(self),
                 [answer = std::move(answer)](Connection& c) mutable { c.reply(std::move(answer)); });
        });
    }

    // Back to the sockets' thread, with the worker's hold on the connection, so that it never ends on a worker.
    template <class Then>
    static void back(std::shared_ptr<Connection> self, Then then) {
        const auto executor = self->stream_.get_executor();
        net::post(executor, [self = std::move(self), then = std::move(then)]() mutable { then(*self); });
    }

    void refuse_unreadable(beast::error_code failed) {
        const bool is_ours = failed.category() == http::make_error_code(http::error::bad_method).category();
        if (!is_ours || failed == http::error::end_of_stream || failed == http::error::partial_message)
            return;
        keep_alive_ = false;  // where the next request would begin is not known
        if (failed == http::error::body_limit) {
            return reply(error_reply(
                413, "payload_too_large",
                fmt::format("a request's body may have {} bytes", shared_.options.max_body_bytes)));
        }
        if (failed == http::error::header_limit)
            return reply(error_reply(431, "header_too_large", "the request's head is too large"));
        reply(error_reply(400, "bad_request", "this is not an HTTP request: " + failed.message()));
    }

    template <class Body>
    void fill_head(http::response<Body>& response, const HttpReply& answer) const {
        response.result(answer.status);
        response.version(version_);
        response.keep_alive(keep_alive_);
        response.set(http::field::server, "spymaster");
        if (!answer.content_type.empty()) response.set(http::field::content_type, answer.content_type);
        for (const auto& [name, value] : answer.headers) response.set(name, value);
    }

    void reply(HttpReply answer) {
        stream_.expires_after(shared_.options.write_timeout);
        if (answer.source && version_ < 11)
            keep_alive_ = false;  // the end of the body is that of the connection
        if (answer.source || head_only_) return send_head(std::move(answer));
        whole_.emplace();
        fill_head(*whole_, answer);
        whole_->body() = std::move(answer.body);
        whole_->prepare_payload();
        http::async_write(stream_, *whole_,
                          [self = shared_from_this()](beast::error_code failed, std::size_t) {
                              self->whole_.reset();
                              self->on_sent(failed);
                          });
    }

    void send_head(HttpReply answer) {
        head_.emplace();
        fill_head(*head_, answer);
        chunked_ = answer.source && !answer.source_bytes && version_ >= 11;
        if (chunked_) {
            head_->chunked(true);
        } else if (!answer.source || answer.source_bytes) {
            head_->content_length(answer.source ? *answer.source_bytes : answer.body.size());
        }
        source_ = head_only_ ? nullptr : std::move(answer.source);
        head_writer_.emplace(*head_);
        http::async_write_header(stream_, *head_writer_,
                                 [self = shared_from_this()](beast::error_code failed, std::size_t) {
                                     if (failed || !self->source_) return self->on_sent(failed);
                                     self->next_piece();
                                 });
    }

    void next_piece() {
        stream_.expires_never();
        net::post(shared_.workers, [self = shared_from_this()]() mutable {
            const bool good = self->source_->next(self->piece_).ok();
            back(std::move(self), [good](Connection& c) { c.send_piece(good); });
        });
    }

    void send_piece(bool good) {
        if (!good) return stream_.close();  // the head is out: to break off is the only way left to say it
        stream_.expires_after(shared_.options.write_timeout);
        const bool last = piece_.empty();
        auto sent = [self = shared_from_this(), last](beast::error_code failed, std::size_t) {
            if (failed || last) return self->on_sent(failed);
            self->next_piece();
        };
        if (last && !chunked_) return on_sent({});
        if (last) return net::async_write(stream_, http::make_chunk_last(), std::move(sent));
        const net::const_buffer bytes(piece_.data(), piece_.size());
        if (chunked_) return net::async_write(stream_, http::make_chunk(bytes), std::move(sent));
        net::async_write(stream_, bytes, std::move(sent));
    }

    void on_sent(beast::error_code failed) {
        head_writer_.reset();
        head_.reset();
        source_.reset();
        if (failed) return;
        if (keep_alive_) return read();
        stream_.socket().shutdown(Tcp::socket::shutdown_send, failed);
        stream_.expires_after(kGoodbye);
        drain();
    }

    // Closing with bytes unread makes the kernel reset the connection, and the client may lose the answer.
    void drain() {
        stream_.async_read_some(net::buffer(scrap_),
                                [self = shared_from_this()](beast::error_code failed, std::size_t) {
                                    if (!failed) self->drain();
                                });
    }

    HttpShared& shared_;
    beast::tcp_stream stream_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    bool head_only_ = false;
    bool keep_alive_ = false;
    unsigned version_ = 11;

    // The answer being sent.
    std::optional<http::response<http::string_body>> whole_;
    std::optional<http::response<http::empty_body>> head_;
    std::optional<http::response_serializer<http::empty_body>> head_writer_;
    std::unique_ptr<BodySource> source_;
    std::vector<std::byte> piece_;
    bool chunked_ = false;
    std::array<char, 4096> scrap_{};
};

}  // namespace

void serve_http(HttpShared& shared, Tcp::socket&& socket) {
    std::make_shared<Connection>(shared, std::move(socket))->read();
}

}  // namespace spymaster::feed
