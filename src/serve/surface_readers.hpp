// Gold's rows of a window as the rows of the surfaces that are streamed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "serve/arrow_streams.hpp"
#include "serve/window_rows.hpp"

namespace spymaster::serve {

// rel_ticks beyond this are not streamed (spec 6).
inline constexpr std::int32_t kMaxRelTicks = 400;

// Surface `velocity`: the rows of the gold of a future or share as they are. One thread at a time.
class VelocityReader {
  public:
    // Errors as WindowRows::open.
    static Result<VelocityReader> open(const lake::Lake& lake, const lake::PartitionKey& key,
                                       const std::vector<std::int64_t>& window_ends);
    // Replaces `out`. REQUIRES: window < window_ends.size()
    Result<void> read(std::size_t window, VelocityRows& out);

  private:
    explicit VelocityReader(std::unique_ptr<WindowRows> rows) : rows_(std::move(rows)) {}
    std::unique_ptr<WindowRows> rows_;
};

// Surface `options`: the gold of an option chain, liquidity_velocity summed over right and side (spec 6). Sums
// are taken in the order of the stored rows (right C, P; side A, B), so that they are the same every time.
// One thread at a time.
class OptionsReader {
  public:
    // Errors as WindowRows::open.
    static Result<OptionsReader> open(const lake::Lake& lake, const lake::PartitionKey& key,
                                      const std::vector<std::int64_t>& window_ends);
    // Replaces `out`; rel_ticks ascend. Error: also malformed, a strike off the grid or two spots in a window.
    // REQUIRES: window < window_ends.size()
    Result<void> read(std::size_t window, OptionRows& out);

  private:
    static constexpr std::size_t kPlaces = 2 * kMaxRelTicks + 1;

    OptionsReader(std::unique_ptr<WindowRows> rows, lake::PartitionKey key, std::int32_t step_ticks)
        : rows_(std::move(rows)), key_(std::move(key)), step_ticks_(step_ticks) {}
    Result<void> add(const lake::ColumnBatch& rows, std::size_t first, std::size_t last, OptionRows& out);

    std::unique_ptr<WindowRows> rows_;
    lake::PartitionKey key_;
    std::int32_t step_ticks_;             // strikes stand at multiples of it
    std::array<double, kPlaces> sums_{};  // by rel_ticks, from -kMaxRelTicks; of the window being read
    std::array<bool, kPlaces> present_{};
};

}  // namespace spymaster::serve
