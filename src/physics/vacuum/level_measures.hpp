// What is measured of each level of a wall, for its vacuum, its band and their calibration alike: the formulas are in the
// files beside this one, and in velocity/intensity.hpp and obstacle/resting_mass.hpp.
//
// pull_add_log has differences as windows/level_differences.hpp says: of a level that is in range without a row it is 0.
#pragma once

#include <vector>

#include "market/price.hpp"
#include "windows/level_differences.hpp"
#include "windows/rows.hpp"

namespace spymaster::physics {

struct LevelMeasures {
    double pull_intensity_rest = 0.0;
    double pull_add_log = 0.0;
    windows::Differences<double> pull_add_log_differences;  // a second
    double wall_strength_log = 0.0;
    double wall_erosion = 0.0;  // lots/s
    double log1p_pull_intensity_rest = 0.0;
    double log1p_erosion_norm = 0.0;
};

// One thread at a time. A copy carries the memory along.
class LevelMeasurer {
  public:
    // REQUIRES: price_increment is above 0
    explicit LevelMeasurer(market::PriceDelta price_increment,
                           windows::Compatibility compatibility = windows::Compatibility::corrected)
        : price_increment_(price_increment), pull_add_logs_(compatibility) {}

    // Of every row of the window's wall, in its order. Valid until the next call.
    // REQUIRES: windows in time order, rows as windows::Window has them and within wall reach of its wall spot.
    const std::vector<LevelMeasures>& measure(const windows::Window& window);

  private:
    market::PriceDelta price_increment_;
    windows::LevelDifferences<double> pull_add_logs_;
    std::vector<LevelMeasures> measures_;
};

}  // namespace spymaster::physics
