#include "feed/habits.hpp"

#include <algorithm>
#include <array>

namespace spymaster::feed {

double usual_lots(std::int32_t tick, std::int32_t distance) {
    constexpr std::array<double, 3> near{26.0, 36.0, 46.0};
    double lots = 58.0;
    if (distance < 3) lots = near[static_cast<std::size_t>(std::max(distance, 0))];
    if (distance > 80) lots = 58.0 * 80.0 / distance;
    if (tick % 20 == 0) return lots * 1.8;  // every 5 points
    return tick % 4 == 0 ? lots * 1.2 : lots;
}

std::uint32_t order_size(Random& random) {
    const std::uint32_t u = random.below(1000);
    if (u < 620) return 1;
    if (u < 760) return 2;
    if (u < 830) return 3;
    if (u < 870) return 5;
    if (u < 900) return 4;
    if (u < 925) return 10;
    if (u < 950) return 6 + random.below(4);
    if (u < 990) return 11 + random.below(15);
    return 26 + random.below(55);
}

std::uint32_t aggressor_size(Random& random) {
    const std::uint32_t u = random.below(100);
    if (u < 50) return 1;
    if (u < 65) return 2;
    if (u < 80) return 3 + random.below(4);
    if (u < 95) return 5 + random.below(11);
    return 15 + random.below(46);
}

std::int32_t usual_distance(Random& random) {
    const std::uint32_t u = random.below(1000);
    if (u < 480) return 0;
    if (u < 740) return random.between(1, 4);
    if (u < 880) return random.between(5, 20);
    if (u < 960) return random.between(21, 60);
    return random.between(61, 250);
}

}  // namespace spymaster::feed
