// What StreamClient is made of, for the file that has its functions.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "serve/live/live_session.hpp"
#include "serve/playback.hpp"
#include "serve/reply.hpp"
#include "serve/session.hpp"
#include "serve/stream_client.hpp"
#include "serve/whole_write_stream.hpp"

namespace spymaster::serve {

// Reading: one message at a time; the next is not read before the answer to this one is on its way, so a
// client cannot make answers pile up. Writing: at most one write of ours at a time, a window or one text.
class StreamClient : public std::enable_shared_from_this<StreamClient> {
  public:
    StreamClient(StreamContext& context, beast::tcp_stream&& stream, UpgradeRequest upgrade,
                 StreamRequest request)
        : context_(context),
          socket_(WholeWriteStream(std::move(stream))),
          timer_(socket_.get_executor()),
          upgrade_(std::move(upgrade)),
          request_(std::move(request)) {
        context_.clients.insert(this);
        context_.metrics.client_came();
    }
    ~StreamClient() {
        context_.clients.erase(this);
        context_.metrics.client_went();
    }
    StreamClient(const StreamClient&) = delete;
    StreamClient& operator=(const StreamClient&) = delete;

    void start();
    void close(beast::websocket::close_code code);
    // Sessions that are live have grown, or ended.
    void on_grown();
    // The live session that it plays; nullptr: none.
    [[nodiscard]] const std::shared_ptr<LiveSession>& live_session() const { return live_; }
    // Sends a text about the feed of the session after what is being sent; one that waits is replaced.
    void tell_feed(std::shared_ptr<const std::string> message);

  private:
    void on_accepted();
    void on_session(const Result<SessionPtr>& session);
    void read_message();
    void on_message(const std::string& text);
    void handle(const std::string& text);
    // Sends what is due next, if nothing is being sent; else it is called again when that is done.
    void advance();
    void send_window(const Playback::Plan& plan);
    void on_window_sent(Playback::Time due);
    void load_window(std::size_t index);
    void on_end();
    void send(std::shared_ptr<const std::string> message);
    void send(std::string message) { send(std::make_shared<const std::string>(std::move(message))); }
    void fail(std::string_view message);
    void ended() {
        over_ = true;
        timer_.cancel();
    }

    StreamContext& context_;
    beast::websocket::stream<WholeWriteStream, false> socket_;
    net::steady_timer timer_;
    UpgradeRequest upgrade_;
    StreamRequest request_;
    beast::flat_buffer received_;

    SessionPtr session_;
    std::shared_ptr<LiveSession> live_;  // the same, if it is live
    std::optional<Playback> playback_;
    std::optional<std::string> early_message_;  // came before the session was open

    bool accepted_ = false;
    bool sending_ = false;
    bool loading_ = false;
    bool over_ = false;         // nothing more is sent
    bool interactive_ = false;  // has sent a control message
    bool state_due_ = false;
    bool end_told_ = false;
    std::optional<std::string> answer_;   // to the last control message
    std::optional<std::string> failure_;  // to be told before closing with 1011
    std::shared_ptr<const std::string> feed_due_;
    std::shared_ptr<const std::string> text_;  // being sent
    std::vector<BodyPart> window_;             // being sent
    std::uint64_t dropped_told_ = 0;
};

}  // namespace spymaster::serve
