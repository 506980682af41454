#include "market/expiration.hpp"

namespace spymaster::market {

namespace {

constexpr std::int64_t kNanosPerDay = 86'400 * kNanosPerSecond;
constexpr std::int64_t kExchangeOffsetNs = -5 * 3'600 * kNanosPerSecond;  // Etc/GMT+5
constexpr std::string_view kNewYork = "America/New_York";
constexpr int kCloseSecond = 16 * 3'600;  // of the stock exchanges, New York

Result<Date> new_york_date(std::int64_t ts_ns) {
    SPY_ASSIGN(const std::int64_t offset_ns, zone_offset_ns(ts_ns, kNewYork));
    return utc_date(ts_ns + offset_ns);
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

Result<std::int64_t> expiration_moment(ProductType product, std::int64_t expiration_ns) {
    const bool is_date_alone = !is_on_futures_exchange(product) &&
                               expiration_ns <= kNoExpiration - kNanosPerDay &&
                               expiration_ns % kNanosPerDay == 0;
    if (!is_date_alone) return expiration_ns;
    return local_instant(utc_date(expiration_ns), kCloseSecond, kNewYork);
}

Date third_friday(int year, int month) {
    const std::int64_t days = Date{year, month, 1}.midnight_utc_ns() / kNanosPerDay;
    // Of the first of the month; 1970-01-01 was a Thursday, Sunday is 0.
    const auto weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
    return {year, month, 1 + (5 - weekday + 7) % 7 + 14};
}

}  // namespace spymaster::market
