#include "feed/live/session_opening.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/client_text.hpp"
#include "feed/live/control_lines.hpp"

namespace spymaster::feed::live {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kMostLines = 64;            // before the answer to the challenge
constexpr std::size_t kMostQuoted = 200;  // of what a gateway says, in messages

// It goes into messages.
std::string short_text(std::string_view text) {
    return printable(text.substr(0, kMostQuoted));
}

// Lines of text out of a transport; what follows the last one is kept.
class LineReader {
  public:
    LineReader(Transport& transport, std::chrono::milliseconds timeout)
        : transport_(transport), deadline_(Clock::now() + timeout) {}

    Result<std::string> next() {
        for (;;) {
            if (const auto end = received_.find('\n'); end != std::string::npos) {
                std::string line = received_.substr(0, end);
                received_.erase(0, end + 1);
                if (line.ends_with('\r')) line.pop_back();
                return line;
            }
            if (received_.size() > kLongestControlLine) {
                return make_error(ErrorCode::malformed, "{} is no live gateway: it says \"{}\"",
                                  transport_.peer(), short_text(received_));
            }
            SPY_TRY(read_more());
        }
    }

    [[nodiscard]] std::chrono::milliseconds left() const {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
        return std::max(left, std::chrono::milliseconds(1));
    }
    [[nodiscard]] std::vector<std::byte> rest() const {
        const auto bytes = std::as_bytes(std::span(received_));
        return {bytes.begin(), bytes.end()};
    }

  private:
    Result<void> read_more() {
        if (Clock::now() >= deadline_) return silent();
        std::array<std::byte, 4096> bytes;
        SPY_ASSIGN(const Transport::Read read, transport_.read(bytes, left()));
        switch (read.outcome) {
            case Transport::Outcome::bytes:
                received_.append(reinterpret_cast<const char*>(bytes.data()), read.size);
                return {};
            case Transport::Outcome::timed_out:
                return silent();
            case Transport::Outcome::closed:
                return make_error(ErrorCode::io, "{} closed the connection before the session began",
                                  transport_.peer());
            case Transport::Outcome::stopped:
                break;
        }
        return make_error(ErrorCode::io, "stopped");
    }
    [[nodiscard]] Error silent() const {
        return make_error(ErrorCode::io, "{} did not answer in time", transport_.peer());
    }

    Transport& transport_;
    Clock::time_point deadline_;
    std::string received_;
};

// The gateway's texts are not a contract; that there are too many sessions is the one refusal that time may mend.
Error refusal(const std::string& peer, std::string_view error) {
    std::string lower(error);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (lower.find("limit") != std::string::npos) {
        return make_error(ErrorCode::conflict, "{}: {}; close another session of this account", peer,
                          short_text(error));
    }
    return make_error(ErrorCode::usage, "{} refuses: {}; check DATABENTO_API_KEY and the dataset", peer,
                      short_text(error));
}

}  // namespace

Result<OpenedSession> open_session(Transport& transport, const SessionRequest& request) {
    LineReader lines(transport, request.timeout);
    OpenedSession session;
    for (int count = 0; session.id.empty(); ++count) {
        SPY_ASSIGN(const std::string line, lines.next());
        if (const auto challenge = field(line, "cram")) {
            SPY_TRY(transport.write(
                authentication_line(*challenge, request.key, request.dataset, request.heartbeat_interval_s),
                lines.left()));
        } else if (const auto success = field(line, "success")) {
            if (*success != "1") return refusal(transport.peer(), field(line, "error").value_or("no reason"));
            session.id = short_text(field(line, "session_id").value_or("0"));
            if (session.id.empty()) session.id = "0";
        } else if (count > kMostLines || !field(line, "lsg_version")) {
            return make_error(ErrorCode::malformed, "{} is no live gateway: it says \"{}\"", transport.peer(),
                              short_text(line));
        }
    }
    std::string asked;
    for (std::size_t i = 0; i < request.subscriptions.size(); ++i)
        asked += subscription_lines(request.subscriptions[i], i + 1);
    asked += kStartSession;
    SPY_TRY(transport.write(asked, request.timeout));
    session.beginning = lines.rest();
    return session;
}

}  // namespace spymaster::feed::live
