// The walls of a day, read back window by window: what gold of the radar family is computed from.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "windows/rows.hpp"

namespace spymaster::pipeline {

// The rows of one second of silver.*.wall_surface_1s, as WindowEngine gave them: bids then asks, prices ascending.
struct WallWindow {
    std::int64_t window_start_ts_ns = 0;
    std::int64_t window_end_ts_ns = 0;
    std::int64_t spot_ref_price_int = 0;  // unrounded; above 0
    bool window_valid = false;
    std::int64_t epoch = 0;
    std::vector<windows::WallRow1s> rows;
};

// Takes the windows of a day in time order. A second without a wall row (no spot, or an empty book) is not among them.
class WallSink {
  public:
    virtual ~WallSink() = default;
    virtual Result<void> on_wall(const WallWindow& window) = 0;
};

// Hands every window of a partition of silver.*.wall_surface_1s to `sink`, and stops at the first error that it returns. A row
// group in memory at a time. Error (malformed): rows that are not in time order; else as lake::Lake::read.
Result<void> read_walls(const lake::Lake& lake, const lake::PartitionKey& walls, WallSink& sink);

}  // namespace spymaster::pipeline
