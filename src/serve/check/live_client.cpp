#include "serve/check/live_client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <optional>

namespace spymaster::serve {

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using net::ip::tcp;

constexpr std::chrono::seconds kPatience{30};
constexpr std::uint64_t kMaxBody = std::uint64_t{1} << 30U;
constexpr std::size_t kMaxMessage = std::size_t{64} << 20U;

Error broken(const ServerAddress& address, std::string_view step, const beast::error_code& why) {
    return make_error(ErrorCode::io, "http://{}:{}: {}: {}", address.host, address.port, step, why.message());
}

// Runs what was started until it is done; the stream's own timer ends it if nothing else does. That timer waits on beyond it, so
// the context is not run dry.
template <class Start>
beast::error_code complete(net::io_context& io, const Start& start) {
    std::optional<beast::error_code> result;
    start([&result](beast::error_code code, auto&&...) { result = code; });
    io.restart();
    while (!result && io.run_one() > 0) {
    }
    return result.value_or(net::error::operation_aborted);
}

Result<void> connect(net::io_context& io, beast::tcp_stream& stream, const ServerAddress& address) {
    tcp::resolver resolver(io);
    beast::error_code failed;
    const auto endpoints = resolver.resolve(address.host, address.port, failed);
    if (failed) return broken(address, "no such host", failed);
    stream.expires_after(kPatience);
    failed = complete(io, [&](auto done) { stream.async_connect(endpoints, done); });
    if (failed) return broken(address, "no server answers", failed);
    return {};
}

}  // namespace

Result<ServerAddress> parse_server_url(std::string_view url) {
    constexpr std::string_view kScheme = "http://";
    const auto bad = [url] {
        return make_error(ErrorCode::usage, "{} is no server: it has to be like http://127.0.0.1:8001", url);
    };
    if (!url.starts_with(kScheme)) return bad();
    std::string_view rest = url.substr(kScheme.size());
    if (rest.ends_with('/')) rest.remove_suffix(1);
    const std::size_t colon = rest.rfind(':');
    ServerAddress address{std::string(rest.substr(0, colon)),
                          colon == std::string_view::npos ? "80" : std::string(rest.substr(colon + 1))};
    const bool good = !address.host.empty() && address.host.find('/') == std::string::npos &&
                      !address.port.empty() && address.port.size() <= 5 &&
                      std::ranges::all_of(address.port, [](unsigned char c) { return std::isdigit(c) != 0; });
    if (!good) return bad();
    return address;
}

Result<LiveReply> fetch(const ServerAddress& address, const std::string& target) {
    net::io_context io;
    beast::tcp_stream stream(io);
    SPY_TRY(connect(io, stream, address));
    http::request<http::empty_body> request(http::verb::get, target, 11);
    request.set(http::field::host, address.host);
    request.set(http::field::connection, "close");
    stream.expires_after(kPatience);
    beast::error_code failed = complete(io, [&](auto done) { http::async_write(stream, request, done); });
    if (failed) return broken(address, target, failed);
    http::response_parser<http::string_body> parser;
    parser.body_limit(kMaxBody);
    beast::flat_buffer buffer;
    stream.expires_after(kPatience);
    failed = complete(io, [&](auto done) { http::async_read(stream, buffer, parser, done); });
    if (failed) return broken(address, target, failed);
    LiveReply reply;
    reply.status = parser.get().result_int();
    for (const auto& field : parser.get()) {
        std::string name(field.name_string());
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
        reply.headers[name] = std::string(field.value());
    }
    reply.body = std::move(parser.get().body());
    return reply;
}

struct LiveStream::Connection {
    explicit Connection(ServerAddress to) : address(std::move(to)), stream(io) {}
    ServerAddress address;
    net::io_context io;
    websocket::stream<beast::tcp_stream> stream;
};

LiveStream::LiveStream(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
LiveStream::LiveStream(LiveStream&&) noexcept = default;
LiveStream::~LiveStream() = default;

Result<LiveStream> LiveStream::open(const ServerAddress& address, const std::string& target) {
    auto connection = std::make_unique<Connection>(address);
    SPY_TRY(connect(connection->io, connection->stream.next_layer(), address));
    connection->stream.next_layer().expires_never();
    connection->stream.set_option(websocket::stream_base::timeout{kPatience, kPatience, false});
    connection->stream.read_message_max(kMaxMessage);
    websocket::response_type response;
    const beast::error_code failed = complete(connection->io, [&](auto done) {
        connection->stream.async_handshake(response, address.host, target, done);
    });
    if (failed && response.result() != http::status::switching_protocols && !response.body().empty()) {
        return make_error(ErrorCode::io, "{}: {} {}", target, response.result_int(), response.body());
    }
    if (failed) return broken(address, target, failed);
    return LiveStream(std::move(connection));
}

Result<LiveMessage> LiveStream::next() {
    beast::flat_buffer buffer;
    const beast::error_code failed =
        complete(connection_->io, [&](auto done) { connection_->stream.async_read(buffer, done); });
    if (failed == websocket::error::closed) return LiveMessage{true, false, {}};
    if (failed) return broken(connection_->address, "the stream broke off", failed);
    return LiveMessage{false, connection_->stream.got_binary(), beast::buffers_to_string(buffer.data())};
}

}  // namespace spymaster::serve
