#include "market/time.hpp"

#include <date/date.h>
#include <date/tz.h>

#include <charconv>
#include <chrono>
#include <cstdlib>

namespace spymaster::market {

namespace {

using NanoTime = date::sys_time<std::chrono::nanoseconds>;

constexpr std::int64_t kNanosPerDay = 86'400 * kNanosPerSecond;

date::year_month_day to_ymd(const Date& d) {
    return date::year{d.year} / date::month{static_cast<unsigned>(d.month)} /
           date::day{static_cast<unsigned>(d.day)};
}

Date from_ymd(const date::year_month_day& ymd) {
    return {static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
            static_cast<int>(static_cast<unsigned>(ymd.day()))};
}

// Reads exactly `count` digits at `pos`.
bool digits(std::string_view text, std::size_t pos, std::size_t count, int& out) {
    if (pos + count > text.size()) return false;
    const char* first = text.data() + pos;
    for (std::size_t i = 0; i < count; ++i) {
        if (first[i] < '0' || first[i] > '9') return false;
    }
    return std::from_chars(first, first + count, out).ec == std::errc{};
}

Result<const date::time_zone*> find_zone(std::string_view name) {
    try {
        return date::locate_zone(std::string(name));
    } catch (const std::runtime_error&) {
        return make_error(ErrorCode::usage,
                          "unknown time zone '{}'; use an IANA name such as America/New_York (the system's "
                          "tzdata has them)",
                          name);
    }
}

}  // namespace

std::string Date::iso() const {
    return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}
std::string Date::compact() const {
    return fmt::format("{:04}{:02}{:02}", year, month, day);
}
Date Date::next() const {
    return from_ymd(date::year_month_day{date::sys_days{to_ymd(*this)} + date::days{1}});
}
std::int64_t Date::midnight_utc_ns() const {
    return std::chrono::nanoseconds{date::sys_days{to_ymd(*this)}.time_since_epoch()}.count();
}

Result<Date> parse_date(std::string_view text) {
    Date d;
    const bool shape = text.size() == 10 && text[4] == '-' && text[7] == '-' && digits(text, 0, 4, d.year) &&
                       digits(text, 5, 2, d.month) && digits(text, 8, 2, d.day);
    // Nanoseconds since the epoch fit 1678 to 2262 in 64 bits; no market data is that old.
    if (!shape || !to_ymd(d).ok() || d.year < 1970 || d.year > 2261) {
        return make_error(ErrorCode::usage, "'{}' is not a date; write it as 2023-12-25", text);
    }
    return d;
}

Date utc_date(std::int64_t ts_ns) {
    return from_ymd(date::year_month_day{date::floor<date::days>(NanoTime{std::chrono::nanoseconds{ts_ns}})});
}

std::string format_utc(std::int64_t ts_ns) {
    // A remainder, not a difference from midnight: the midnight before the earliest instant does not fit 64
    // bits.
    std::int64_t in_day = ts_ns % kNanosPerDay;
    if (in_day < 0) in_day += kNanosPerDay;
    const std::int64_t second = in_day / kNanosPerSecond;
    std::string text = fmt::format("{}T{:02}:{:02}:{:02}", utc_date(ts_ns).iso(), second / 3600,
                                   second / 60 % 60, second % 60);
    if (const std::int64_t fraction = in_day % kNanosPerSecond; fraction != 0)
        text += fmt::format(".{:09}", fraction);
    return text + "Z";
}

Result<std::int64_t> parse_instant(std::string_view text) {
    const Error bad = make_error(
        ErrorCode::usage,
        "'{}' is not an instant; write 2023-12-25T23:00:00Z, with a zone, or nanoseconds since 1970", text);
    if (text.size() > 10 && text[10] == 'T') {
        SPY_ASSIGN(const Date day, parse_date(text.substr(0, 10)));
        int h = 0, m = 0, s = 0;
        if (!digits(text, 11, 2, h) || text.size() < 20 || text[13] != ':' || !digits(text, 14, 2, m) ||
            text[16] != ':' || !digits(text, 17, 2, s) || h > 23 || m > 59 || s > 59) {
            return bad;
        }
        std::int64_t ns = day.midnight_utc_ns() + (h * 3600LL + m * 60 + s) * kNanosPerSecond;
        std::size_t pos = 19;
        if (text[pos] == '.') {
            std::int64_t scale = kNanosPerSecond / 10;
            const std::size_t first = ++pos;
            for (; pos < text.size() && text[pos] >= '0' && text[pos] <= '9'; ++pos, scale /= 10) {
                ns += (text[pos] - '0') * scale;
            }
            if (pos == first || pos - first > 9) return bad;
        }
        const std::string_view zone = text.substr(pos);
        if (zone == "Z") return ns;
        int zh = 0, zm = 0;
        if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' ||
            !digits(zone, 1, 2, zh) || !digits(zone, 4, 2, zm) || zh > 23 || zm > 59) {
            return bad;
        }
        const std::int64_t offset_ns = (zh * 3600LL + zm * 60) * kNanosPerSecond;
        return zone[0] == '+' ? ns - offset_ns : ns + offset_ns;
    }
    std::int64_t ns = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), ns);
    if (text.empty() || failed != std::errc{} || end != text.data() + text.size()) return bad;
    return ns;
}

Result<std::int64_t> zone_offset_ns(std::int64_t ts_ns, std::string_view zone) {
    SPY_ASSIGN(const date::time_zone* const tz, find_zone(zone));
    const NanoTime instant{std::chrono::nanoseconds{ts_ns}};
    return std::chrono::nanoseconds{tz->get_info(date::floor<std::chrono::seconds>(instant)).offset}.count();
}

Result<std::string> format_local(std::int64_t ts_ns, std::string_view zone) {
    SPY_ASSIGN(const std::int64_t offset_ns, zone_offset_ns(ts_ns, zone));
    // A zone's clock reads as UTC's would so much later.
    std::string text = format_utc(ts_ns + offset_ns);
    text.pop_back();
    constexpr std::size_t kToMicroseconds = 26;
    if (text.size() > kToMicroseconds && text.ends_with("000")) text.resize(kToMicroseconds);
    const std::int64_t minutes = std::abs(offset_ns) / (60 * kNanosPerSecond);
    return fmt::format("{}{}{:02}:{:02}", text, offset_ns < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

Result<std::int64_t> local_instant(const Date& day, int second_of_day, std::string_view zone) {
    SPY_ASSIGN(const date::time_zone* const tz, find_zone(zone));
    const auto local = date::local_days{to_ymd(day)} + std::chrono::seconds{second_of_day};
    const auto utc = tz->to_sys(local, date::choose::earliest);
    return std::chrono::nanoseconds{utc.time_since_epoch()}.count();
}

}  // namespace spymaster::market
