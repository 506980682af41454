// Rows of the lake's tables as the rows of the surfaces that are made for the stream, wherever they come from.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "serve/arrow_streams.hpp"

namespace spymaster::serve {

// rel_ticks beyond this are not streamed (spec 6).
inline constexpr std::int32_t kMaxRelTicks = 400;

// The columns that each needs; the first is window_end_ts_ns.
std::vector<std::string> snap_columns();
std::vector<std::string> velocity_columns();
std::vector<std::string> option_columns();

// Surface `snap`: appends every row of the snapshots. `at`: where the snap_columns() are.
void append_snaps(const lake::ColumnBatch& rows, const std::vector<std::size_t>& at,
                  std::vector<SnapRow>& out);

// Surface `velocity`: appends rows [first, last) of the gold of a future or share as they are. `at`: where the
// velocity_columns() are. Error: malformed.
Result<void> append_velocity(const lake::ColumnBatch& rows, const std::vector<std::size_t>& at,
                             std::size_t first, std::size_t last, VelocityRows& out);

// Surface `options`: the gold of an option chain, liquidity_velocity summed over right and side (spec 6). Sums
// are taken in the order of the stored rows (right C, P; side A, B), so that they are the same every time.
class OptionSums {
  public:
    // `key` is whose rows they are, for messages. REQUIRES: step_ticks > 0
    OptionSums(lake::PartitionKey key, std::int32_t step_ticks);

    // begin, add as many rows as the window has, finish: `out` has them then, rel_ticks ascending.
    void begin(OptionRows& out);
    // `at`: where the option_columns() are. Error (malformed): a strike off the grid or two spots in a window.
    // REQUIRES: first < last
    Result<void> add(const lake::ColumnBatch& rows, const std::vector<std::size_t>& at, std::size_t first,
                     std::size_t last, OptionRows& out);
    void finish(OptionRows& out) const;

  private:
    static constexpr std::size_t kPlaces = 2 * kMaxRelTicks + 1;

    lake::PartitionKey key_;
    std::int32_t step_ticks_;             // strikes stand at multiples of it
    std::array<double, kPlaces> sums_{};  // by rel_ticks, from -kMaxRelTicks; of the window being read
    std::array<bool, kPlaces> present_{};
};

}  // namespace spymaster::serve
