// What open interest was known at a moment, by the rows of statistics_clean up to it.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"

namespace spymaster::pipeline::checks {

class KnownOpenInterest {
  public:
    // Reads all of it: a row for each time that the open interest of an option changed.
    static Result<KnownOpenInterest> read(const lake::Lake& lake, const lake::PartitionKey& key);

    // Takes in what was known by then. REQUIRES: not before the moment of the last call.
    void move_to(std::int64_t ts_ns);
    // Contracts open of all options of a strike and right ("C", "P").
    [[nodiscard]] double of(std::int64_t strike_price_int, bool call) const;

  private:
    struct Change {
        std::int64_t ts_recv_ns;
        std::int64_t instrument_id;
        std::int64_t strike_price_int;
        bool call;
        double open_interest;
    };
    using Strike = std::pair<std::int64_t, bool>;

    std::vector<Change> changes_;  // by ts_recv_ns
    std::size_t next_ = 0;
    std::map<Strike, std::map<std::int64_t, double>> known_;  // by instrument
};

}  // namespace spymaster::pipeline::checks
