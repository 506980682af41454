#include "market/price.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <type_traits>

#include "market/side.hpp"

namespace spymaster::market {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

// Prices do not add up, and a price is not a number.
template <class A, class B>
concept Addable = requires(A a, B b) { a + b; };
static_assert(!Addable<Price, Price>);
static_assert(!Addable<Price, std::int64_t>);
static_assert(!std::is_convertible_v<std::int64_t, Price>);
static_assert(!std::is_convertible_v<Price, PriceDelta>);

TEST(Price, DistancesBetweenPrices) {
    const Price a{4810'000'000'000};
    const Price b{4810'250'000'000};
    EXPECT_EQ(b - a, PriceDelta{250'000'000});
    EXPECT_EQ(a + PriceDelta{250'000'000}, b);
    EXPECT_EQ(b - PriceDelta{250'000'000}, a);
    EXPECT_LT(a, b);
}

TEST(Price, PointsMultiplyAndNeverDivide) {
    EXPECT_EQ(Price{4810'250'000'000}.points(), 4810'250'000'000.0 * 1e-9);
    EXPECT_EQ(Price{}.points(), 0.0);
    EXPECT_FALSE(kUndefPrice.defined());
    EXPECT_TRUE(Price{-1}.defined());
}

TEST(DivideHalfEven, HalvesGoToTheEvenNeighbour) {
    EXPECT_EQ(divide_half_even(1, 2), 0);
    EXPECT_EQ(divide_half_even(3, 2), 2);
    EXPECT_EQ(divide_half_even(5, 2), 2);
    EXPECT_EQ(divide_half_even(-1, 2), 0);
    EXPECT_EQ(divide_half_even(-3, 2), -2);
    EXPECT_EQ(divide_half_even(-5, 2), -2);
    EXPECT_EQ(divide_half_even(7, 3), 2);
    EXPECT_EQ(divide_half_even(8, 3), 3);
    EXPECT_EQ(divide_half_even(-7, 3), -2);
    EXPECT_EQ(divide_half_even(-8, 3), -3);
    EXPECT_EQ(divide_half_even(0, 250'000'000), 0);
}

TEST(DivideHalfEven, ExtremesDoNotOverflow) {
    EXPECT_EQ(divide_half_even(kMax, 1), kMax);
    EXPECT_EQ(divide_half_even(kMin, 1), kMin);
    EXPECT_EQ(divide_half_even(kMax, kMax), 1);
    EXPECT_EQ(divide_half_even(kMin, kMax), -1);
    EXPECT_EQ(divide_half_even(kMax / 2, kMax), 0);
    EXPECT_EQ(divide_half_even(kMax / 2 + 1, kMax), 1);
    EXPECT_EQ(divide_half_even(kMin, 2), kMin / 2);
}

// The definition of spec 0.3 in wide integers.
RC_GTEST_PROP(DivideHalfEven, AgreesWithItsDefinition, (std::int64_t a, std::int64_t b)) {
    RC_PRE(b > 0);
    __extension__ using Wide = __int128;
    Wide q = Wide{a} / b;
    if (q * b > a) q -= 1;
    const Wide twice_rest = 2 * (Wide{a} - q * b);
    const bool up = twice_rest > b || (twice_rest == b && (q & 1) != 0);
    RC_ASSERT(Wide{divide_half_even(a, b)} == q + (up ? 1 : 0));
}

TEST(Side, LettersAndOpposites) {
    EXPECT_EQ(letter(Side::ask), 'A');
    EXPECT_EQ(letter(Side::bid), 'B');
    EXPECT_EQ(opposite(Side::ask), Side::bid);
    EXPECT_EQ(opposite(Side::bid), Side::ask);
}

}  // namespace
}  // namespace spymaster::market
