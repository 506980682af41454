#include "feed/simulated/random.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace spymaster::feed {
namespace {

TEST(Random, SplitmixIsTheKnownOne) {
    std::uint64_t state = 0;
    EXPECT_EQ(splitmix64(state), 0xE220A8397B1DCDAFU);
    EXPECT_EQ(splitmix64(state), 0x6E789E6AA1B965F4U);
    EXPECT_EQ(splitmix64(state), 0x06C45D188009454FU);
}

TEST(Random, ExpOfWhatIsNegativeIsRight) {
    for (double x = 0.0; x < 690.0; x += 0.731)
        EXPECT_NEAR(portable_exp_negative(x) / std::exp(-x), 1.0, 1e-13);
    EXPECT_EQ(portable_exp_negative(800.0), 0.0);
}

TEST(Random, SamplesHaveTheirMoments) {
    Random random(42);
    constexpr int kCount = 200'000;
    double uniform = 0.0, exponential = 0.0, exponential2 = 0.0, normal = 0.0, normal2 = 0.0;
    int low = 0;
    for (int i = 0; i < kCount; ++i) {
        uniform += random.unit();
        const double e = random.exponential();
        exponential += e;
        exponential2 += e * e;
        const double n = random.normal();
        normal += n;
        normal2 += n * n;
        const std::int32_t die = random.between(1, 6);
        ASSERT_GE(die, 1);
        ASSERT_LE(die, 6);
        low += die == 1;
    }
    EXPECT_NEAR(uniform / kCount, 0.5, 0.005);
    EXPECT_NEAR(exponential / kCount, 1.0, 0.02);
    EXPECT_NEAR(exponential2 / kCount, 2.0, 0.08);
    EXPECT_NEAR(normal / kCount, 0.0, 0.02);
    EXPECT_NEAR(normal2 / kCount, 1.0, 0.02);
    EXPECT_NEAR(low / double{kCount}, 1.0 / 6.0, 0.005);
}

}  // namespace
}  // namespace spymaster::feed
