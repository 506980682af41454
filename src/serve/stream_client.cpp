#include "serve/stream_client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>

#include <map>

#include "serve/control.hpp"
#include "serve/stream_client_class.hpp"
#include "serve/stream_framing.hpp"
#include "serve/stream_steering.hpp"
#include "serve/ws_frame.hpp"

namespace spymaster::serve {

namespace {

namespace websocket = beast::websocket;
using Clock = Playback::Clock;

constexpr std::size_t kMaxControlBytes = 4096;
constexpr std::string_view kSubprotocol = "spymaster.v1";

bool offers_subprotocol(const UpgradeRequest& upgrade) {
    const auto offered = upgrade[beast::http::field::sec_websocket_protocol];
    return beast::http::token_list(offered).exists(kSubprotocol);
}

std::shared_ptr<const std::string> feed_text(const LiveSessions& live, const LiveSession& session) {
    return std::make_shared<const std::string>(ws_text(live.feed_message(session)));
}

// They may go while this is worked through.
std::vector<std::shared_ptr<StreamClient>> clients_now(const StreamContext& context) {
    std::vector<std::shared_ptr<StreamClient>> clients;
    for (auto* client : context.clients) clients.push_back(client->shared_from_this());
    return clients;
}

}  // namespace

void StreamClient::start() {
    beast::get_lowest_layer(socket_).expires_never();
    websocket::stream_base::timeout timeouts{};
    timeouts.handshake_timeout = context_.options.header_timeout;
    timeouts.idle_timeout = context_.options.idle_timeout;
    timeouts.keep_alive_pings = true;
    socket_.set_option(timeouts);
    socket_.set_option(websocket::stream_base::decorator(
        [versioned = offers_subprotocol(upgrade_)](websocket::response_type& response) {
            response.set(beast::http::field::server, "spymaster");
            if (versioned) response.set(beast::http::field::sec_websocket_protocol, kSubprotocol);
        }));
    socket_.read_message_max(kMaxControlBytes);
    socket_.async_accept(upgrade_, [self = shared_from_this()](beast::error_code failed) {
        if (!failed && !self->over_) self->on_accepted();
    });
}

void StreamClient::on_accepted() {
    accepted_ = true;
    context_.metrics.http_request(101);
    read_message();
    context_.store.open(request_.session, [self = shared_from_this()](const WindowStore::Opened& opened) {
        self->on_session(opened.session);
    });
}

void StreamClient::on_session(const Result<SessionPtr>& session) {
    if (over_) return;
    if (!session) return fail(session.error().message);
    session_ = *session;
    const bool grows = session_->grows();  // before the windows: what ends meanwhile is told
    const auto ends = session_->window_ends();
    playback_.emplace(ends, first_window(*ends, request_), request_.speed);
    live_ = std::dynamic_pointer_cast<LiveSession>(session_);
    if (live_) {
        playback_->begin_live(Clock::now(), follows_from_start(request_));
        playback_->grow(Clock::now(), ends, grows);
        feed_due_ = feed_text(context_.live, *live_);
    }
    if (early_message_) handle(*early_message_);
    advance();
}

void StreamClient::read_message() {
    socket_.async_read(received_, [self = shared_from_this()](beast::error_code failed, std::size_t) {
        if (failed) return self->ended();
        const auto text = beast::buffers_to_string(self->received_.data());
        self->received_.consume(self->received_.size());
        self->on_message(text);
    });
}

void StreamClient::on_message(const std::string& text) {
    if (over_) return;  // the close reads on by itself
    if (!playback_) {
        early_message_ = text;
        return;
    }
    handle(text);
    advance();
}

void StreamClient::handle(const std::string& text) {
    const auto control = parse_control(text, request_.kind);
    if (!control) {
        answer_ = error_message(control.error().message);
        return;
    }
    const auto applied = apply(*playback_, *control, Clock::now());
    if (!applied) {
        answer_ = error_message(applied.error().message);
        return;
    }
    interactive_ = true;
    if (const auto* set = std::get_if<SetSurfaces>(&*control)) request_.surfaces = set->surfaces;
    answer_ = state_message(*playback_);
    state_due_ = false;
    end_told_ = playback_->ended();
}

void StreamClient::advance() {
    if (sending_ || over_ || !socket_.is_open()) return;
    if (failure_) return fail(*failure_);
    if (!playback_) return;
    if (answer_) {
        const std::string answer = *std::exchange(answer_, std::nullopt);
        send(ws_text(answer));
        return read_message();
    }
    if (interactive_ && state_due_) {
        state_due_ = false;
        end_told_ = playback_->ended();
        return send(ws_text(state_message(*playback_)));
    }
    if (feed_due_) return send(std::exchange(feed_due_, nullptr));
    const auto plan = playback_->plan(Clock::now());
    switch (plan.what) {
        case Playback::Next::send:
            return send_window(plan);
        case Playback::Next::ended:
            return on_end();
        case Playback::Next::paused:
        case Playback::Next::edge:  // on_grown() goes on
            return;
        case Playback::Next::wait:
            break;
    }
    timer_.expires_at(plan.due);
    timer_.async_wait([self = shared_from_this()](beast::error_code failed) {
        if (!failed) self->advance();
    });
}

void StreamClient::send_window(const Playback::Plan& plan) {
    const auto surfaces = request_.surfaces;
    const auto window = context_.store.find(session_, plan.window, surfaces);
    if (!window) return load_window(plan.window);
    playback_->begin_send(Clock::now());
    end_told_ = false;
    sending_ = true;
    context_.store.read_ahead(session_, plan.window, surfaces);
    window_ = window_messages(request_.kind, surfaces, *window);
    std::vector<net::const_buffer> buffers;
    for (const auto& part : window_) buffers.emplace_back(part.bytes.data(), part.bytes.size());
    socket_.next_layer().async_write_some(
        buffers, [self = shared_from_this(), due = plan.due](beast::error_code failed, std::size_t) {
            self->sending_ = false;
            self->window_.clear();
            if (failed) return self->ended();
            self->on_window_sent(due);
            self->advance();
        });
    // What fits into the kernel's buffer is there now: a client that takes its time is not counted.
    const auto arrived = plan.fresh ? live_->arrived(plan.window) : std::nullopt;
    if (arrived)
        context_.metrics.live_window_sent(std::chrono::duration<double>(Clock::now() - *arrived).count());
}

void StreamClient::on_grown() {
    if (!live_ || over_) return;
    const bool grows = live_->grows();  // before the windows, which are all there when it ends
    const auto ends = live_->window_ends();
    const bool followed = playback_->follows();
    playback_->grow(Clock::now(), ends, grows);
    if (!playback_->started()) playback_->begin_with(first_window(*ends, request_));
    if (followed != playback_->follows()) state_due_ = true;
    advance();
}

void StreamClient::tell_feed(std::shared_ptr<const std::string> message) {
    feed_due_ = std::move(message);
    advance();
}

void StreamClient::on_window_sent(Playback::Time due) {
    const auto now = Clock::now();
    playback_->finish_send(now);
    const bool paced = playback_->speed() <= Playback::kMaxPacedSpeed;
    context_.metrics.window_sent(paced ? std::chrono::duration<double>(now - due).count() : 0.0);
    const auto dropped = playback_->dropped_windows();
    if (dropped == dropped_told_) return;
    context_.metrics.windows_dropped(dropped - dropped_told_);
    dropped_told_ = dropped;
    state_due_ = true;
}

void StreamClient::load_window(std::size_t index) {
    if (loading_) return;
    loading_ = true;
    context_.store.load(session_, index, request_.surfaces,
                        [self = shared_from_this()](const Result<void>& loaded) {
                            self->loading_ = false;
                            if (self->over_) return;
                            if (!loaded) {
                                self->failure_ = loaded.error().message;
                            } else {
                                self->playback_->slip(Clock::now());
                            }
                            self->advance();
                        });
}

// A client that only listens is done; one that steers may want to go back.
void StreamClient::on_end() {
    if (!interactive_) {
        if (const auto end = end_message(request_.kind); !end.empty()) send(end);
        return close(websocket::close_code::normal);  // it waits for the end, see WholeWriteStream
    }
    if (std::exchange(end_told_, true)) return;
    send(ws_text(state_message(*playback_)));
}

void StreamClient::send(std::shared_ptr<const std::string> message) {
    text_ = std::move(message);
    sending_ = true;
    socket_.next_layer().async_write_some(net::buffer(*text_),
                                          [self = shared_from_this()](beast::error_code failed, std::size_t) {
                                              self->sending_ = false;
                                              if (failed) return self->ended();
                                              self->advance();
                                          });
}

void StreamClient::fail(std::string_view message) {
    if (over_ || !socket_.is_open()) return;
    send(ws_text(error_message(message)));  // the close waits for it, see WholeWriteStream
    close(websocket::close_code::internal_error);
}

void StreamClient::close(websocket::close_code code) {
    if (over_) return;
    ended();
    if (!accepted_) return beast::get_lowest_layer(socket_).close();  // no close frame within a handshake
    socket_.async_close(code, [self = shared_from_this()](beast::error_code) {});
}

void start_stream_client(StreamContext& context, beast::tcp_stream&& stream, UpgradeRequest upgrade,
                         const StreamRequest& request) {
    std::make_shared<StreamClient>(context, std::move(stream), std::move(upgrade), request)->start();
}

void close_stream_clients(StreamContext& context) {
    for (const auto& client : clients_now(context)) client->close(websocket::close_code::going_away);
}

void wake_live_clients(StreamContext& context) {
    for (const auto& client : clients_now(context)) client->on_grown();
}

void tell_feeds(StreamContext& context) {
    std::map<std::uint64_t, std::shared_ptr<const std::string>> messages;  // a session each
    for (const auto& client : clients_now(context)) {
        const auto& session = client->live_session();
        if (!session) continue;
        auto& message = messages[session->id()];
        if (!message) message = feed_text(context.live, *session);
        client->tell_feed(message);
    }
}

}  // namespace spymaster::serve
