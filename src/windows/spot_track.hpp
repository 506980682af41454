// Where the underlying stood in each window: what an option chain is measured from. Filled in time order, by
// the underlying's snapshots from the lake or, live, by its engine; a window's spot is its anchor at window
// start, so it is known before the window closes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/assert.hpp"

namespace spymaster::windows {

class SpotTrack {
  public:
    // REQUIRES: later than the window before. `spot_ref_price_int` is 0 where there is none.
    void add(std::int64_t window_end_ts_ns, std::int64_t spot_ref_price_int) {
        SPY_ASSERT(spots_.empty() || spots_.back().window_end_ts_ns < window_end_ts_ns);
        spots_.push_back({window_end_ts_ns, spot_ref_price_int});
    }

    // 0 where the window is not on the track.
    [[nodiscard]] std::int64_t spot_ref_price_int(std::int64_t window_end_ts_ns) const {
        const auto found = std::ranges::lower_bound(spots_, window_end_ts_ns, {}, &Spot::window_end_ts_ns);
        return found == spots_.end() || found->window_end_ts_ns != window_end_ts_ns
                   ? 0
                   : found->spot_ref_price_int;
    }

  private:
    struct Spot {
        std::int64_t window_end_ts_ns;
        std::int64_t spot_ref_price_int;
    };
    std::vector<Spot> spots_;
};

}  // namespace spymaster::windows
