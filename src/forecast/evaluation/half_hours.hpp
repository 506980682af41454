// Half hours of the day in New York, where the market that all of this is about has its hours.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "market/time.hpp"

namespace spymaster::forecast {

// Keeps the table of the UTC date last asked for. One thread at a time.
class HalfHours {
  public:
    // Minutes from midnight to the beginning of its half hour: 570 is 09:30. Where the clock is put back, the hour that
    // comes twice counts as its last half hour. None if the system has no time zones.
    std::optional<int> minute_of_day(std::int64_t ts_ns);

  private:
    struct Start {
        std::int64_t ts_ns;
        int minute_of_day;
    };
    void prepare(const market::Date& utc_date);

    market::Date prepared_;
    std::vector<Start> starts_;  // ascending
};

}  // namespace spymaster::forecast
