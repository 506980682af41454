#include "forecast/evaluation/half_hours.hpp"

#include <algorithm>
#include <iterator>

namespace spymaster::forecast {

std::optional<int> HalfHours::minute_of_day(std::int64_t ts_ns) {
    if (const market::Date date = market::utc_date(ts_ns); date != prepared_) prepare(date);
    const auto after = std::ranges::upper_bound(starts_, ts_ns, {}, &Start::ts_ns);
    if (after == starts_.begin()) return std::nullopt;
    return std::prev(after)->minute_of_day;
}

void HalfHours::prepare(const market::Date& utc_date) {
    prepared_ = utc_date;
    starts_.clear();
    // New York is behind UTC: its date may still be the one before.
    for (const market::Date& date : {market::utc_date(utc_date.midnight_utc_ns() - 1), utc_date}) {
        for (int half = 0; half < 48; ++half) {
            const auto start = market::local_instant(date, half * 1'800, "America/New_York");
            if (start.ok()) starts_.push_back({*start, half * 30});
        }
    }
}

}  // namespace spymaster::forecast
