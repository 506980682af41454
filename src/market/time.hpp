// Times: UTC nanoseconds since the Unix epoch, as the exchange and Databento stamp them.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace spymaster::market {

inline constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr std::uint64_t kUndefTimestamp = std::numeric_limits<std::uint64_t>::max();

// A calendar date, as in a lake partition (dt=2023-12-25).
struct Date {
    int year = 0;
    int month = 0;
    int day = 0;

    auto operator<=>(const Date&) const = default;
    [[nodiscard]] std::string iso() const;      // "2023-12-25"
    [[nodiscard]] std::string compact() const;  // "20231225", as in Databento's file names
    [[nodiscard]] Date next() const;            // the next calendar day
    [[nodiscard]] std::int64_t midnight_utc_ns() const;
};

// "2023-12-25". Error (usage) for anything else, impossible days included.
Result<Date> parse_date(std::string_view text);

// The UTC calendar date that holds the instant.
Date utc_date(std::int64_t ts_ns);

// "2023-12-25T23:00:00.105900877Z"; the fraction is left out when it is zero.
std::string format_utc(std::int64_t ts_ns);

// How far the wall clocks of an IANA zone are ahead of UTC at an instant. Error (usage): unknown zone.
Result<std::int64_t> zone_offset_ns(std::int64_t ts_ns, std::string_view zone);

// "2023-12-25T18:00:00.105900877-05:00", by the wall clocks of an IANA zone; the fraction is left out when it is zero,
// and has six digits when they say it all. Error (usage): unknown zone. REQUIRES: an instant that is a day from where 64
// bits end.
Result<std::string> format_local(std::int64_t ts_ns, std::string_view zone);

// An instant: ISO 8601 with a zone ("2023-12-25T23:00:00Z", "…T18:00:00-05:00", optional fraction), or a bare
// count of nanoseconds since the epoch. Error (usage) for anything else.
Result<std::int64_t> parse_instant(std::string_view text);

// The instant of a wall-clock time of day (seconds since midnight, 0..86400) on a date in an IANA zone. A
// time skipped by daylight saving maps to the instant of the change; a repeated one to its first occurrence.
// Error (usage): unknown zone.
Result<std::int64_t> local_instant(const Date& date, int second_of_day, std::string_view zone);

}  // namespace spymaster::market
