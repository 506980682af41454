#include "serve/http_connection.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <chrono>
#include <memory>
#include <optional>

#include "sockets/http_connection.hpp"

namespace spymaster::serve {

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::uint32_t kMaxHeaderBytes = 8192;
// A client has this long to take one piece of an answer.
constexpr std::chrono::seconds kWriteTimeout{30};

class Connection final : public sockets::HttpConnection {
  public:
    Connection(HttpContext& context, net::ip::tcp::socket&& socket)
        : HttpConnection(std::move(socket), kWriteTimeout), context_(context) {
        context_.connections += 1;
    }
    ~Connection() override { context_.connections -= 1; }

    void read() override;

  private:
    std::shared_ptr<Connection> me() { return std::static_pointer_cast<Connection>(shared_from_this()); }
    void on_read(beast::error_code failed);
    void answer(const http::request<http::empty_body>& request);
    void upgrade();
    void reply(Reply answer);

    HttpContext& context_;
    std::optional<http::request_parser<http::empty_body>> parser_;
};

void Connection::read() {
    parser_.emplace();
    parser_->header_limit(kMaxHeaderBytes);
    parser_->body_limit(boost::none);  // no body is ever read
    stream_.expires_after(context_.stream.options.header_timeout);
    http::async_read(stream_, buffer_, *parser_,
                     [self = me()](beast::error_code failed, std::size_t) { self->on_read(failed); });
}

void Connection::on_read(beast::error_code failed) {
    head_only_ = false;
    if (failed == http::error::unexpected_body) failed = {};  // the head is whole, and the body stays unread
    if (failed) {
        const auto refused = sockets::unreadable(failed);
        if (!refused) return;
        keep_alive_ = false;  // where the next request would begin is not known
        return reply(error_reply(refused->status, refused->why));
    }
    version_ = parser_->get().version();
    keep_alive_ = parser_->keep_alive() && parser_->is_done();  // a body stays unread
    if (beast::websocket::is_upgrade(parser_->get())) return upgrade();
    answer(parser_->get());
}

void Connection::answer(const http::request<http::empty_body>& request) {
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
                     [self = me()](Reply answer) { self->reply(std::move(answer)); });
}

// What is wrong with the request is said in HTTP, before the upgrade (spec 6 [C]).
void Connection::upgrade() {
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

void Connection::reply(Reply answer) {
    context_.stream.metrics.http_request(answer.status);
    // Anybody may read; nobody is known by cookies, so there are no credentials to allow (docs/protocol.md).
    answer.headers.emplace_back("Access-Control-Allow-Origin", "*");
    answer.headers.emplace_back("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
    answer.headers.emplace_back("Access-Control-Allow-Headers", "*");
    answer.headers.emplace_back("X-Content-Type-Options", "nosniff");
    send(std::move(answer));
}

}  // namespace

void start_http_connection(HttpContext& context, net::ip::tcp::socket&& socket) {
    std::make_shared<Connection>(context, std::move(socket))->read();
}

}  // namespace spymaster::serve
