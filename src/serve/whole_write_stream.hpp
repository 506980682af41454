// A TCP stream whose writes are whole: each async_write_some sends all it was given before the next one
// begins.
//
// So a window's nine messages, framed once for all clients, go straight to the socket as one write, and the
// pings, pongs and closes that the WebSocket library writes on its own never land inside it. One thread only.
#pragma once

#include <boost/asio/compose.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/buffers_suffix.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/teardown.hpp>

namespace spymaster::serve {

namespace net = boost::asio;
namespace beast = boost::beast;

class WholeWriteStream {
  public:
    using executor_type = beast::tcp_stream::executor_type;
    using next_layer_type = beast::tcp_stream;

    explicit WholeWriteStream(beast::tcp_stream&& stream)
        : stream_(std::move(stream)), gate_(stream_.get_executor(), net::steady_timer::time_point::max()) {}

    executor_type get_executor() noexcept { return stream_.get_executor(); }
    beast::tcp_stream& next_layer() noexcept { return stream_; }
    [[nodiscard]] const beast::tcp_stream& next_layer() const noexcept { return stream_; }

    template <class Buffers, class Handler>
    auto async_read_some(const Buffers& buffers, Handler&& handler) {
        return stream_.async_read_some(buffers, std::forward<Handler>(handler));
    }

    template <class Buffers, class Handler>
    auto async_write_some(const Buffers& buffers, Handler&& handler) {
        return net::async_compose<Handler, void(beast::error_code, std::size_t)>(
            WriteOp<Buffers>{*this, buffers}, handler, stream_);
    }

    template <class Handler>
    friend void async_teardown(beast::role_type role, WholeWriteStream& stream, Handler&& handler) {
        beast::websocket::async_teardown(role, stream.stream_.socket(), std::forward<Handler>(handler));
    }
    friend void teardown(beast::role_type role, WholeWriteStream& stream, beast::error_code& failed) {
        beast::websocket::teardown(role, stream.stream_.socket(), failed);
    }

  private:
    template <class Buffers>
    struct WriteOp {
        WholeWriteStream& stream;
        beast::buffers_suffix<Buffers> rest;
        bool writing = false;
        std::size_t written = 0;

        WriteOp(WholeWriteStream& to, const Buffers& buffers) : stream(to), rest(buffers) {}

        template <class Self>
        void operator()(Self& self, beast::error_code failed = {}, std::size_t bytes = 0) {
            if (!writing) {
                if (stream.busy_) {  // woken by cancel(), an "error" that means: look again
                    stream.gate_.async_wait(std::move(self));
                    return;
                }
                stream.busy_ = writing = true;
                failed = {};
            }
            written += bytes;
            rest.consume(bytes);
            if (!failed && beast::buffer_bytes(rest) > 0) {
                const auto buffers = rest;  // `rest` moves away with `self`
                stream.stream_.async_write_some(buffers, std::move(self));
                return;
            }
            stream.busy_ = false;
            stream.gate_.cancel();
            self.complete(failed, written);
        }
    };

    beast::tcp_stream stream_;
    net::steady_timer gate_;  // never expires; cancelled when a write is done
    bool busy_ = false;
};

}  // namespace spymaster::serve
