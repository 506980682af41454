#include "feed/gateway/live_session.hpp"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>

namespace spymaster::feed {

namespace {

constexpr std::string_view kVersion = "spymaster-1";
constexpr std::size_t kMaxSymbolsPerSubscription = 100'000;
// How long the last bytes of a session have to get to a client.
constexpr std::chrono::seconds kGoodbye{2};
constexpr std::chrono::milliseconds kGoodbyeLook{2};

// The same subscription but for its symbols.
bool continues(const SubscriptionRequest& first, const SubscriptionRequest& more) {
    return first.id == more.id && first.schema == more.schema && first.stype_in == more.stype_in &&
           first.start_ns == more.start_ns && first.snapshot == more.snapshot;
}

}  // namespace

LiveSession::LiveSession(LiveGround& ground, Descriptor socket)
    : ground_(ground),
      socket_(std::move(socket)),
      challenge_(new_challenge()),
      authenticate_until_(Wall::now() + ground.options.authentication_timeout) {}

LiveSession::~LiveSession() {
    if (entered_) ground_.leave(*entered_);
}

void LiveSession::run() {
    say(fmt::format("lsg_version={}\ncram={}\n", kVersion, challenge_));
    send();
    while (!over()) {
        wait();
        if (readable_) receive();
        take_lines();
        if (stream_) stream_->pump();
        send();
        if (!stream_ && !refused_ && Wall::now() > authenticate_until_) refuse("Authentication timed out");
    }
    if (gone_ || stopped_) return;
    if (state() == LiveState::ending) return end_gently();
    break_off();
}

LiveState LiveSession::state() const {
    if (stream_) return stream_->state();
    return refused_ ? LiveState::ending : LiveState::open;
}

bool LiveSession::over() const {
    if (gone_ || stopped_ || state() == LiveState::dropped) return true;
    if (state() == LiveState::open) return false;
    return backlog_.size() == 0 || (ending_since_ && Wall::now() - *ending_since_ > kGoodbye);
}

void LiveSession::wait() {
    const bool closing = state() != LiveState::open;
    if (closing && !ending_since_) ending_since_ = Wall::now();
    std::chrono::nanoseconds idle = kGoodbyeLook;
    if (!closing) idle = stream_ ? stream_->idle_for() : authenticate_until_ - Wall::now();
    idle = std::max(idle, std::chrono::nanoseconds{0});
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(idle);
    const timespec timeout{seconds.count(), (idle - seconds).count()};

    short wanted = closing ? 0 : POLLIN;
    if (backlog_.size() > 0) wanted |= POLLOUT;
    std::array<pollfd, 2> polled{pollfd{socket_.get(), wanted, 0}, pollfd{ground_.stop, POLLIN, 0}};
    if (::ppoll(polled.data(), polled.size(), &timeout, nullptr) < 0) return;
    readable_ = (polled[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0;
    stopped_ = polled[1].revents != 0;
}

void LiveSession::receive() {
    readable_ = false;
    std::array<char, 16384> bytes;
    const auto got = ::recv(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got > 0) {
        lines_.append({bytes.data(), static_cast<std::size_t>(got)});
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        gone_ = true;
    }
}

void LiveSession::take_lines() {
    while (!gone_ && state() == LiveState::open) {
        auto line = lines_.next();
        if (!line) {
            if (stream_) return stream_->fail(ErrorMsgCode::invalid_subscription, line.error().message);
            return refuse(line.error().message);
        }
        if (!*line) return;
        take_line(**line);
    }
}

void LiveSession::take_line(std::string_view line) {
    if (!stream_) return authenticate(line);
    auto message = parse_control(line);
    if (!message) {
        return stream_->fail(ErrorMsgCode::invalid_subscription, field_text(message.error().message));
    }
    if (std::holds_alternative<StartSession>(*message)) return stream_->start();
    take_subscription(std::get<SubscriptionRequest>(std::move(*message)));
}

void LiveSession::take_subscription(SubscriptionRequest request) {
    if (partial_) {
        if (!continues(*partial_, request)) {
            return stream_->fail(ErrorMsgCode::invalid_subscription,
                                 "A subscription began before the last line of the one before");
        }
        const bool last = request.is_last;
        std::ranges::move(request.symbols, std::back_inserter(partial_->symbols));
        request = *std::exchange(partial_, std::nullopt);
        request.is_last = last;
    }
    if (request.symbols.size() > kMaxSymbolsPerSubscription) {
        return stream_->fail(
            ErrorMsgCode::invalid_subscription,
            fmt::format("More than {} symbols in one subscription", kMaxSymbolsPerSubscription));
    }
    if (request.is_last) return stream_->subscribe(std::move(request));
    partial_ = std::move(request);
}

void LiveSession::authenticate(std::string_view line) {
    const auto client = parse_authentication(line);
    if (!client) return refuse(client.error().message);
    LiveDataset* dataset = ground_.dataset(client->dataset);
    if (!answers_challenge(client->response, challenge_, ground_.options.key)) {
        return refuse("Authentication failed: the key is not known, or the response is not of the challenge");
    }
    if (dataset == nullptr) return refuse(fmt::format("Unknown dataset '{}'", client->dataset));
    if (!ground_.enter(client->dataset)) {
        return refuse(fmt::format("Connection limit exceeded: {} sessions of {}",
                                  ground_.options.max_sessions_per_dataset, client->dataset));
    }
    entered_ = client->dataset;
    say(fmt::format("success=1|session_id={}\n", ground_.new_session_id()));
    stream_.emplace(ground_.library, ground_.options, *dataset, *client, backlog_);
}

void LiveSession::refuse(std::string_view why) {
    if (std::exchange(refused_, true)) return;
    say(fmt::format("success=0|error={}\n", field_text(why)));
}

void LiveSession::say(std::string_view text) {
    backlog_.append(std::as_bytes(std::span(text)));
}

void LiveSession::send() {
    while (!gone_ && backlog_.size() > 0) {
        const auto bytes = backlog_.ready();
        const auto taken = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (taken > 0) {
            backlog_.sent(static_cast<std::size_t>(taken));
        } else if (errno != EINTR) {
            gone_ = errno != EAGAIN;
            return;
        }
    }
}

// A close while bytes of the client are unread would take our last words from it: it closes first, if it will.
void LiveSession::end_gently() {
    ::shutdown(socket_.get(), SHUT_WR);
    const auto until = Wall::now() + kGoodbye;
    std::array<char, 4096> ignored;
    while (Wall::now() < until) {
        pollfd polled{socket_.get(), POLLIN, 0};
        ::poll(&polled, 1, static_cast<int>(std::chrono::milliseconds(kGoodbye).count()));
        const auto got = ::recv(socket_.get(), ignored.data(), ignored.size(), MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return;
    }
}

// As when a network fails: a reset. What was sent before gets through first, unless the client does not read.
void LiveSession::break_off() {
    const auto until = Wall::now() + (state() == LiveState::cut ? kGoodbye : std::chrono::seconds{0});
    int unread = 1;
    while (::ioctl(socket_.get(), SIOCOUTQ, &unread) == 0 && unread > 0 && Wall::now() < until) {
        std::this_thread::sleep_for(kGoodbyeLook);
    }
    const linger at_once{1, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace spymaster::feed
