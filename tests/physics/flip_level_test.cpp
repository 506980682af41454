#include "physics/gamma/flip_level.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "market/portable_math.hpp"

namespace spymaster::physics {
namespace {

TEST(FlipLevel, OfTwoAsNearTheUpperAndNoneWithoutAChange) {
    // Puts at 100 between calls at 90 and 110, alike in the logarithm: the changes lie to both sides of 100.
    const auto term = [](double weight, double strike) {
        return FlipTerm{weight, market::portable_log(strike), 0.02};
    };
    const std::vector<FlipTerm> terms{term(1.0, 90.0), term(-1.0, 100.0), term(1.0, 110.0)};
    const std::vector<double> strikes{90.0, 100.0, 110.0};
    const auto up = flip_level(terms, strikes, 101.0);
    const auto down = flip_level(terms, strikes, 99.0);
    ASSERT_TRUE(up && down);
    EXPECT_NEAR(*up, std::sqrt(100.0 * 110.0), 0.05);
    EXPECT_NEAR(*down, std::sqrt(90.0 * 100.0), 0.05);
    EXPECT_FALSE(flip_level(std::vector{term(1.0, 90.0), term(2.0, 110.0)}, std::vector{90.0, 110.0}, 100.0));
    // The nearest strike shows a change, 8 points below; the nearest change is that 5 points above.
    const std::vector<FlipTerm> uneven{{1.0, market::portable_log(100.0), 0.02},
                                       {-1.0, market::portable_log(90.0), 0.005},
                                       {-1.5, market::portable_log(120.0), 0.05}};
    const auto nearest = flip_level(uneven, std::vector{90.0, 100.0, 120.0}, 100.0);
    ASSERT_TRUE(nearest);
    EXPECT_NEAR(*nearest, 105.0, 1.0);
    // So short before expiration that everything underflows where the underlying is: still between the two.
    const auto sharp = [](double weight, double strike) {
        return FlipTerm{weight, market::portable_log(strike), 1e-5};
    };
    const auto between =
        flip_level(std::vector{sharp(-1.0, 90.0), sharp(1.0, 110.0)}, std::vector{90.0, 110.0}, 101.0);
    ASSERT_TRUE(between);
    EXPECT_GT(*between, 90.0);
    EXPECT_LT(*between, 110.0);
}

}  // namespace
}  // namespace spymaster::physics
