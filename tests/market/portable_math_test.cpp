#include "market/portable_math.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace spymaster::market {
namespace {

TEST(PortableMath, LogarithmAsTheLibrarys) {
    for (double x = 1e-17; x < 1e9; x *= 1.37)
        EXPECT_NEAR(portable_log(x), std::log(x), 2e-14 * (1.0 + std::abs(std::log(x))));
}

TEST(PortableMath, ExponentialAsTheLibrarys) {
    for (double x = -690.0; x < 690.0; x += 0.37) ASSERT_NEAR(portable_exp(x) / std::exp(x), 1.0, 1e-14) << x;
    for (double x = -1.0; x < 1.0; x += 0.0013) ASSERT_NEAR(portable_exp(x) / std::exp(x), 1.0, 1e-15) << x;
    EXPECT_EQ(portable_exp(0.0), 1.0);
    EXPECT_EQ(portable_exp(-701.0), 0.0);
}

TEST(PortableMath, NormalDistributionAsTheLibrarys) {
    for (double x = -39.0; x < 39.0; x += 0.0037) {
        const double exact = 0.5 * std::erfc(-x / std::sqrt(2.0));
        ASSERT_NEAR(normal_cdf(x), exact, 1e-13) << x;
        // Small tails are right too, not only near 0.
        if (exact > 1e-290) {
            ASSERT_NEAR(normal_cdf(x) / exact, 1.0, 1e-6) << x;
        }
    }
    EXPECT_EQ(normal_cdf(0.0), 0.5);
}

TEST(PortableMath, DensityIsTheSlopeOfTheDistribution) {
    EXPECT_DOUBLE_EQ(normal_density(0.0), 1.0 / std::sqrt(2.0 * M_PI));
    for (double x = -6.0; x < 6.0; x += 0.01)
        ASSERT_NEAR(normal_density(x), (normal_cdf(x + 1e-5) - normal_cdf(x - 1e-5)) / 2e-5, 1e-8) << x;
}

}  // namespace
}  // namespace spymaster::market
