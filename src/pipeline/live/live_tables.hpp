// The rows of every dataset of a live second, as the layers would write them into the lake, kept in memory for the call in
// which they are told: from closed windows to a LiveSecond.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "physics/surface.hpp"
#include "pipeline/live/live_second.hpp"
#include "pipeline/reference/option_universe.hpp"
#include "windows/chain_rows.hpp"
#include "windows/rows.hpp"

namespace spymaster::pipeline {

// A closed window of the contract, with its surface (nullptr: no spot); and of the options on it, where they are measured.
struct ClosedSecond {
    const windows::Window* window = nullptr;
    const physics::PhysicsSurface1s* surface = nullptr;
    const windows::ChainWindow* chain = nullptr;
    const physics::PhysicsSurface1s* chain_surface = nullptr;
    std::chrono::steady_clock::time_point arrived;
};

// One thread at a time.
class LiveTables {
  public:
    // `universe`: the options on the contract, where they are measured; else nullptr. The bounds of vacuum and bands, and the
    // calibrations of the forecast, are those in the lake now. Error: as those who read them.
    static Result<std::unique_ptr<LiveTables>> open(const lake::Lake& lake, const LiveContract& contract,
                                                    const OptionUniverse* universe);
    virtual ~LiveTables() = default;

    // So many contracts of an option are open from the first window on that ends at `ts_recv_ns` or later.
    virtual void publish_open_interest(std::int64_t ts_recv_ns, std::int64_t instrument_id,
                                       double contracts) = 0;

    // Valid until the next call. REQUIRES: in time order; a chain window where there are options
    virtual Result<const LiveSecond*> close(const ClosedSecond& second) = 0;
};

}  // namespace spymaster::pipeline
