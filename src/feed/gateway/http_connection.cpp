#include "feed/gateway/http_connection.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "sockets/http_connection.hpp"

namespace spymaster::feed {

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Tcp = net::ip::tcp;

constexpr std::uint32_t kMaxHeaderBytes = 64U << 10U;

// A body whose pieces are made by the workers.
class WorkersBody final : public sockets::BodySource, public std::enable_shared_from_this<WorkersBody> {
  public:
    WorkersBody(std::unique_ptr<PieceSource> pieces, net::thread_pool& workers, net::any_io_executor sockets)
        : pieces_(std::move(pieces)), workers_(workers), sockets_(std::move(sockets)) {}

    void next(OnParts on_parts) override {
        net::post(workers_, [self = shared_from_this(), on_parts = std::move(on_parts)]() mutable {
            const auto made = self->pieces_->next(self->piece_);
            const auto executor = self->sockets_;
            net::post(executor, [self = std::move(self), made, on_parts = std::move(on_parts)] {
                self->hand_over(made, on_parts);
            });
        });
    }

  private:
    void hand_over(const Result<void>& made, const OnParts& on_parts) {
        if (!made) return on_parts(made.error());
        std::vector<sockets::BodyPart> parts;
        if (!piece_.empty())
            parts.push_back({nullptr, {reinterpret_cast<const char*>(piece_.data()), piece_.size()}});
        on_parts(std::move(parts));
    }

    std::unique_ptr<PieceSource> pieces_;
    std::vector<std::byte> piece_;
    net::thread_pool& workers_;
    net::any_io_executor sockets_;
};

std::string_view error_case_of(unsigned status) {
    return status == 431 ? "header_too_large" : status == 413 ? "payload_too_large" : "bad_request";
}

class Connection final : public sockets::HttpConnection {
  public:
    Connection(HttpShared& shared, Tcp::socket&& socket)
        : HttpConnection(std::move(socket), shared.options.write_timeout), shared_(shared) {
        ++shared_.open;
    }
    ~Connection() override { --shared_.open; }

    void read() override {
        parser_.emplace();
        parser_->header_limit(kMaxHeaderBytes);
        parser_->body_limit(shared_.options.max_body_bytes);
        stream_.expires_after(shared_.options.read_timeout);
        http::async_read(stream_, buffer_, *parser_,
                         [self = me()](beast::error_code failed, std::size_t) { self->on_read(failed); });
    }

  private:
    std::shared_ptr<Connection> me() { return std::static_pointer_cast<Connection>(shared_from_this()); }

    void on_read(beast::error_code failed) {
        head_only_ = false;
        if (failed) {
            const auto refused = sockets::unreadable(failed);
            if (!refused) return;
            keep_alive_ = false;  // where the next request would begin is not known
            auto why = refused->why;
            if (refused->status == 413)
                why += fmt::format(": it may have {} bytes", shared_.options.max_body_bytes);
            return reply(error_reply(refused->status, error_case_of(refused->status), why));
        }
        const auto& request = parser_->get();
        keep_alive_ = request.keep_alive();
        version_ = request.version();
        head_only_ = request.method() == http::verb::head;
        const bool form = request.method() == http::verb::post;
        if (request.method() != http::verb::get && !form && !head_only_) {
            auto refused = error_reply(405, "method_not_allowed", "only GET and POST");
            refused.headers.emplace_back("Allow", "GET, HEAD, POST");
            return reply(std::move(refused));
        }
        const auto target = request.target();
        auto made = make_request(form ? "POST" : "GET", {target.data(), target.size()},
                                 form ? std::string_view(request.body()) : std::string_view());
        if (!made) return reply(error_reply(400, "bad_request", made.error().message));
        made->authorization = request[http::field::authorization];
        made->range = request[http::field::range];
        made->server_url = shared_.listener.url();
        have_answered(std::move(*made));
    }

    // By a worker, whose hold on the connection comes back with the answer: it never ends on a worker.
    void have_answered(HttpRequest request) {
        stream_.expires_never();
        net::post(shared_.workers, [self = me(), request = std::move(request)]() mutable {
            auto answer = self->shared_.handler(request);
            const auto executor = self->stream_.get_executor();
            net::post(executor, [self = std::move(self), answer = std::move(answer)]() mutable {
                self->reply(std::move(answer));
            });
        });
    }

    void reply(HttpReply answer) {
        sockets::Reply sent{answer.status,          std::move(answer.content_type),
                            std::move(answer.body), nullptr,
                            answer.source_bytes,    std::move(answer.headers)};
        if (answer.source) {
            sent.source = std::make_shared<WorkersBody>(std::move(answer.source), shared_.workers,
                                                        stream_.get_executor());
        }
        send(std::move(sent));
    }

    HttpShared& shared_;
    std::optional<http::request_parser<http::string_body>> parser_;
};

}  // namespace

void serve_http(HttpShared& shared, Tcp::socket&& socket) {
    std::make_shared<Connection>(shared, std::move(socket))->read();
}

}  // namespace spymaster::feed
