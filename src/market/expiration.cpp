#include "market/expiration.hpp"

#include <date/tz.h>

namespace spymaster::market {

namespace {

constexpr std::int64_t kNanosPerDay = 86'400 * kNanosPerSecond;
constexpr std::int64_t kExchangeOffsetNs = -5 * 3'600 * kNanosPerSecond;  // Etc/GMT+5
constexpr const char* kNewYork = "America/New_York";

Result<Date> new_york_date(std::int64_t ts_ns) {
    try {
        static const date::time_zone* const zone = date::locate_zone(kNewYork);
        const date::sys_seconds instant{std::chrono::seconds{ts_ns / kNanosPerSecond}};
        return utc_date(ts_ns + std::chrono::nanoseconds{zone->get_info(instant).offset}.count());
    } catch (const std::runtime_error&) {
        return make_error(ErrorCode::usage, "unknown time zone {}; the system's tzdata has it", kNewYork);
    }
}

bool is_on_futures_exchange(ProductType product) {
    return product == ProductType::future_mbo || product == ProductType::future_option_mbo;
}

}  // namespace

Result<std::optional<Date>> expiration_date(ProductType product, std::int64_t expiration_ns) {
    // The last days of 64 bits are no dates either: the shift to a zone would overflow.
    if (expiration_ns < 0 || expiration_ns > kNoExpiration - kNanosPerDay) return std::optional<Date>{};
    if (is_on_futures_exchange(product)) return std::optional(utc_date(expiration_ns + kExchangeOffsetNs));
    if (expiration_ns % kNanosPerDay == 0) return std::optional(utc_date(expiration_ns));
    SPY_ASSIGN(const Date date, new_york_date(expiration_ns));
    return std::optional(date);
}

Date third_friday(int year, int month) {
    const std::int64_t days = Date{year, month, 1}.midnight_utc_ns() / kNanosPerDay;
    // Of the first of the month; 1970-01-01 was a Thursday, Sunday is 0.
    const auto weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
    return {year, month, 1 + (5 - weekday + 7) % 7 + 14};
}

}  // namespace spymaster::market
