// Where spot came from (radar spec 1.9f): from below or above where it was three seconds ago.
//
//   approach = sign(spot - spot 3 s before): up, down; none if it is equal or was not there
//
//   unit    a direction
//   edge    a second without a spot begins anew; an invalid one does not, as spot is a price, not a depth
//   spec    radar 1.9f
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "windows/radar/radar_row.hpp"

namespace spymaster::windows {

class ApproachTrack {
  public:
    Approach next(std::int64_t spot) {
        std::int64_t& oldest = spots_[seen_ % spots_.size()];
        const bool known = seen_ >= spots_.size();
        const Approach approach = !known || spot == oldest ? Approach::none
                                  : spot > oldest          ? Approach::up
                                                           : Approach::down;
        oldest = spot;
        ++seen_;
        return approach;
    }
    void forget() { seen_ = 0; }

  private:
    std::array<std::int64_t, 3> spots_{};  // of the last three seconds
    std::size_t seen_ = 0;
};

}  // namespace spymaster::windows
