#include "market/session.hpp"

#include <array>
#include <charconv>

namespace spymaster::market {

namespace {

struct NamedSession {
    std::string_view name;
    std::string_view times;
};

constexpr std::array kNamed{
    NamedSession{"open10", "09:30-09:40 America/New_York"},
    NamedSession{"open60", "09:30-10:30 America/New_York"},
    NamedSession{"calibration", "09:30-12:30 America/New_York"},
    NamedSession{"rth", "09:30-16:00 America/New_York"},
    NamedSession{"full-day", "00:00-24:00 UTC"},
};

constexpr int kSecondsPerDay = 86'400;

// "HH:MM" or "HH:MM:SS"; "24:00" is the end of the day. -1 if it is neither.
int second_of_day(std::string_view text) {
    std::array<int, 3> part{0, 0, 0};
    if (text.size() != 5 && text.size() != 8) return -1;
    for (std::size_t i = 0; i * 3 < text.size(); ++i) {
        const char* first = text.data() + i * 3;
        if (*first < '0') return -1;  // from_chars would take "-0"
        const auto [end, failed] = std::from_chars(first, first + 2, part[i]);
        if (failed != std::errc{} || end != first + 2) return -1;
        if (i * 3 + 2 < text.size() && text[i * 3 + 2] != ':') return -1;
    }
    const int second = part[0] * 3600 + part[1] * 60 + part[2];
    return part[1] > 59 || part[2] > 59 || second > kSecondsPerDay ? -1 : second;
}

}  // namespace

Result<Session> parse_session(std::string_view text) {
    std::string_view times = text;
    for (const NamedSession& named : kNamed) {
        if (named.name == text) times = named.times;
    }
    Session session;
    session.name = std::string(text);
    if (const auto space = times.find(' '); space != std::string_view::npos) {
        session.zone = std::string(times.substr(space + 1));
        times = times.substr(0, space);
    }
    const auto dash = times.find('-');
    session.start_second = dash == std::string_view::npos ? -1 : second_of_day(times.substr(0, dash));
    session.end_second = dash == std::string_view::npos ? -1 : second_of_day(times.substr(dash + 1));
    if (session.start_second < 0 || session.end_second < 0 || session.start_second == kSecondsPerDay) {
        return make_error(
            ErrorCode::usage,
            "'{}' is not a session; write HH:MM-HH:MM, optionally followed by a zone, or one of: {}", text,
            session_names());
    }
    SPY_TRY(
        local_instant({2024, 1, 2}, 0, session.zone));  // an unknown zone is said here, not at the first date
    if (session.end_second <= session.start_second) session.end_second += kSecondsPerDay;
    return session;
}

Result<SessionWindow> on_date(const Session& session, const Date& date) {
    SPY_ASSIGN(const std::int64_t start_ns, local_instant(date, session.start_second, session.zone));
    // Wall-clock arithmetic, so a session over a daylight-saving change keeps its wall-clock end.
    const bool next_day = session.end_second > kSecondsPerDay;
    SPY_ASSIGN(
        const std::int64_t end_ns,
        local_instant(next_day ? date.next() : date,
                      next_day ? session.end_second - kSecondsPerDay : session.end_second, session.zone));
    return SessionWindow{start_ns, end_ns};
}

std::string session_names() {
    std::string text;
    for (const NamedSession& named : kNamed)
        text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", named.name, named.times);
    return text;
}

}  // namespace spymaster::market
