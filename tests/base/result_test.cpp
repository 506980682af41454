#include "base/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace spymaster {
namespace {

Result<int> half(int n) {
    if (n % 2 != 0) return make_error(ErrorCode::usage, "{} is odd", n);
    return n / 2;
}

Result<int> quarter(int n) {
    SPY_ASSIGN(const int h, half(n));
    SPY_ASSIGN(const int q, half(h));
    return q;
}

Result<void> even(int n) {
    SPY_TRY(half(n));
    return {};
}

TEST(Result, HoldsAValueOrAnError) {
    EXPECT_TRUE(half(4).ok());
    EXPECT_EQ(half(4).value(), 2);
    const Result<int> bad = half(3);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, ErrorCode::usage);
    EXPECT_EQ(bad.error().message, "3 is odd");
}

TEST(Result, TheFirstErrorLeavesTheFunction) {
    EXPECT_EQ(*quarter(12), 3);
    EXPECT_EQ(quarter(7).error().message, "7 is odd");
    EXPECT_EQ(quarter(6).error().message, "3 is odd");
    EXPECT_TRUE(even(2).ok());
    EXPECT_EQ(even(5).error().message, "5 is odd");
}

TEST(Result, CarriesWhatCanOnlyBeMoved) {
    Result<std::unique_ptr<int>> made(std::make_unique<int>(7));
    const std::unique_ptr<int> taken = std::move(made).value();
    EXPECT_EQ(*taken, 7);
}

TEST(Result, ContextGoesInFrontAndKeepsTheCode) {
    const Error outer = make_error(ErrorCode::truncated, "record 12 ends early").within("reading a.dbn");
    EXPECT_EQ(outer.code, ErrorCode::truncated);
    EXPECT_EQ(outer.message, "reading a.dbn: record 12 ends early");
}

using ResultDeath = ::testing::Test;

TEST(ResultDeath, AskingForTheWrongHalfStopsTheProgram) {
    EXPECT_DEATH(static_cast<void>(half(3).value()), "broken invariant: ok\\(\\)");
    EXPECT_DEATH(static_cast<void>(half(2).error()), "broken invariant: !ok\\(\\)");
}

TEST(ResultDeath, AFailedAssertionNamesConditionAndPlace) {
    const int size = 3;
    EXPECT_DEATH(SPY_ASSERT(size == 4), "result_test.cpp:[0-9]+: broken invariant: size == 4");
    SPY_ASSERT(size == 3);
}

}  // namespace
}  // namespace spymaster
