// The calendar date on which a contract expires, from the instant in its definition (spec 1.2), and the
// third-Friday calendar for where there is no definition.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "base/result.hpp"
#include "market/product.hpp"
#include "market/time.hpp"

namespace spymaster::market {

// What stands for an expiration that there is not: DBN's undefined timestamp does not fit 64 signed bits.
inline constexpr std::int64_t kNoExpiration = std::numeric_limits<std::int64_t>::max();

// Futures and their options: the date at UTC-5, without daylight saving (Etc/GMT+5). Equities and their
// options: where the stamp is exactly midnight UTC, a date alone, that date; else New York's date.
// None: kNoExpiration, or an instant before 1970. Error (usage): the system has no time zone of New York.
Result<std::optional<Date>> expiration_date(ProductType product, std::int64_t expiration_ns);

// The instant at which it expires, ns UTC: that of the stamp. Equities and their options: where the stamp is exactly midnight
// UTC, a date alone, 16:00 New York of that date, also on a day with an early close. Errors as above.
Result<std::int64_t> expiration_moment(ProductType product, std::int64_t expiration_ns);

// The third Friday of a month. REQUIRES: a month of 1 to 12.
Date third_friday(int year, int month);

}  // namespace spymaster::market
