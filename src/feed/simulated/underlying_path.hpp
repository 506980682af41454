// Where a simulated market's best bid and ask were, every tenth of a second: what a simulator of options on it
// needs. Found by running the same market (the same options give the same events), so the options are priced
// on the very book that the underlying's file holds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/simulated/simulated_market.hpp"

namespace spymaster::feed {

// Immutable once made: any number of threads may read it. 8 bytes a step: 2 MB for a regular session.
class UnderlyingPath {
  public:
    static constexpr std::int64_t kStepNs = 100'000'000;         // from the ramp before the session on
    static constexpr std::int64_t kEarlyStepNs = 1'000'000'000;  // from the date's 00:00 UTC to the ramp

    // Runs the market to the end of its session. Error: as SimulatedMarket::create.
    static Result<UnderlyingPath> create(const SimulationOptions& options);

    // The top of the book as it was at the last step at or before `ts_ns`: never of a later instant. At the
    // last step for later times; {0, 0} before the book has two sides (equities: before 04:00 New York).
    [[nodiscard]] TopOfMarket at(std::int64_t ts_ns) const;

    [[nodiscard]] std::int64_t begin_ns() const { return begin_ns_; }  // 00:00 UTC of the date
    [[nodiscard]] std::int64_t fine_from_ns() const { return fine_from_ns_; }
    [[nodiscard]] std::int64_t end_ns() const { return end_ns_; }  // of the session
    [[nodiscard]] const SimulationOptions& options() const { return options_; }
    [[nodiscard]] const std::string& contract() const { return contract_; }  // "ESH6", "SPY"
    [[nodiscard]] std::uint32_t instrument_id() const { return instrument_id_; }
    [[nodiscard]] std::int64_t tick_int() const { return tick_int_; }

  private:
    struct Ticks {
        std::int32_t bid = 0;
        std::int32_t ask = 0;
    };

    UnderlyingPath() = default;

    SimulationOptions options_;
    std::string contract_;
    std::uint32_t instrument_id_ = 0;
    std::int64_t tick_int_ = 0;
    std::int64_t begin_ns_ = 0;
    std::int64_t fine_from_ns_ = 0;
    std::int64_t end_ns_ = 0;
    std::vector<Ticks> early_;  // every kEarlyStepNs from begin_ns_
    std::vector<Ticks> fine_;   // every kStepNs from fine_from_ns_
};

}  // namespace spymaster::feed
