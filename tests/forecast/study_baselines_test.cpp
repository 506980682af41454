// What the forecast is compared with: the last velocity, the spot now, the line through the order flow, and the micro-price.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "forecast/baselines/last_velocity.hpp"
#include "forecast/baselines/micro_price.hpp"
#include "forecast/baselines/order_flow.hpp"
#include "forecast/baselines/spot_now.hpp"
#include "study_days.hpp"

namespace spymaster::forecast::testing {
namespace {

TEST(LastVelocity, GoesOnWithinTheBoundsOfThePath) {
    EXPECT_EQ(last_velocity_forecast(2.0, 5), 10.0);
    EXPECT_EQ(last_velocity_forecast(-3.0, 30), -80.0) << "as far as a path goes";
    EXPECT_EQ(last_velocity_forecast(50.0, 2), 16.0) << "as fast as a path goes";
    EXPECT_EQ(last_velocity_forecast(0.0, 30), 0.0);
}

TEST(SpotNow, IsTheAnchorOfTheNextSecond) {
    const StudyDay day = day_of(std::array<std::int64_t, 2>{100, 103});
    EXPECT_EQ(spot_now_forecast(day.seconds[0], &day.seconds[1]), 3);
    EXPECT_EQ(spot_now_forecast(day.seconds[1], nullptr), 0);
}

StudyDay with_flows(StudyDay day, std::initializer_list<std::int64_t> flows) {
    auto second = day.seconds.begin();
    for (const std::int64_t flow : flows) (second++)->order_flow_imbalance_qty = flow;
    return day;
}

TEST(OrderFlow, IsWhatTheHandComputes) {
    // One second ahead: (10, 1), (-20, -3), (30, 2); two: (10, -2), (-20, -1).
    OrderFlowRegression regression;
    regression.add(with_flows(day_of(std::array<std::int64_t, 4>{100, 101, 98, 100}), {10, -20, 30, 7}));
    const OrderFlowModel model = regression.fit();
    EXPECT_EQ(model.samples, (std::array<std::int64_t, 6>{3, 2, 0, 0, 0, 0}));
    EXPECT_EQ(model.slope[0], 130.0 / 1'400.0);
    EXPECT_EQ(model.slope[1], 0.0);
    EXPECT_EQ(model.slope[2], 0.0) << "nothing that far ahead";
    double left = 0.0;
    for (const auto& [x, y] : {std::pair{10.0, 1.0}, {-20.0, -3.0}, {30.0, 2.0}}) {
        const double e = y - 130.0 / 1'400.0 * x;
        left += e * e * x * x;
    }
    EXPECT_NEAR(model.slope_std_error[0], std::sqrt(1.5 * left) / 1'400.0, 1e-15);
    EXPECT_NEAR(model.slope_std_error[1], std::sqrt(2.0 * (4.0 * 100.0 + 400.0)) / 500.0, 1e-15);

    Observation now;
    now.order_flow_imbalance_qty = 14;
    EXPECT_EQ(order_flow_forecast(model, now, 0), 130.0 / 1'400.0 * 14.0);
    EXPECT_EQ(order_flow_forecast(model, now, 5), 0.0);
}

TEST(OrderFlow, WithoutFlowSaysNothing) {
    OrderFlowRegression regression;
    regression.add(day_of(std::array<std::int64_t, 3>{1, 2, 3}));
    const OrderFlowModel model = regression.fit();
    EXPECT_EQ(model.slope[0], 0.0);
    EXPECT_EQ(model.slope_std_error[0], 0.0);
    EXPECT_EQ(model.samples[0], 2);
}

TEST(OrderFlow, NeverStraddlesDaysOrGapsOrInvalidSeconds) {
    const auto whole = with_flows(day_of(std::array<std::int64_t, 4>{0, 1, 2, 3}), {1, 1, 1, 1});
    OrderFlowRegression regression;
    StudyDay gap = whole;
    gap.seconds.erase(gap.seconds.begin() + 1);
    regression.add(gap);
    StudyDay invalid = whole;
    std::mt19937_64 random(1);
    spoil(invalid.seconds[2], random);
    regression.add(invalid);
    const OrderFlowModel model = regression.fit();
    EXPECT_EQ(model.samples[0], 2) << "2 to 3 around the gap, 0 to 1 before the invalid one";
    EXPECT_EQ(model.samples[1], 1) << "1 to 3 over the invalid one; nothing from one day to the next";
}

struct Book {
    double bid = 0.0;
    double ask = 0.0;
    std::int64_t bid_qty = 0;
    std::int64_t ask_qty = 0;
};

Observation second_of(const Book& book) {
    Observation second;
    second.valid = true;
    second.spot_tick = 100;
    second.bid_tick = book.bid, second.ask_tick = book.ask;
    second.bid_qty = book.bid_qty, second.ask_qty = book.ask_qty;
    return second;
}

StudyDay with_books(std::initializer_list<Book> books) {
    StudyDay day;
    for (const Book& book : books) {
        Observation& second = day.seconds.emplace_back(second_of(book));
        second.window_end_ts_ns = std::ssize(day.seconds) * kSecond;
    }
    return day;
}

MicroPriceModel model_of(std::initializer_list<StudyDay> days) {
    MicroPriceChain chain;
    for (const StudyDay& day : days) chain.add(day);
    return chain.fit();
}

constexpr Book heavy_bid{100, 101, 95, 5};  // the last tenth

TEST(MicroPrice, FollowsTheChainToItsEnd) {
    // After a heavy bid: once another, the mid where it was; once a balanced book, the mid a tick higher. So half a tick is
    // expected at once, and of the half that stays heavy as much again: 1/2 + 1/4 + ... = 1.
    const Book balanced{101, 102, 50, 50};
    const MicroPriceModel model = model_of({with_books({heavy_bid, heavy_bid, balanced})});
    EXPECT_EQ(model.samples, 2);
    EXPECT_NEAR(model.adjustment[0][9], 1.0, 1e-8);
    EXPECT_EQ(model.adjustment[0][0], -model.adjustment[0][9]) << "the mirror image, never seen itself";
    for (std::size_t spread = 0; spread < kSpreadStates; ++spread)
        for (std::size_t state = spread == 0 ? 1 : 0; state < (spread == 0 ? 9 : kImbalanceStates); ++state)
            EXPECT_EQ(model.adjustment[spread][state], 0.0) << "never seen: " << spread << " " << state;

    EXPECT_NEAR(micro_price_forecast(model, second_of(heavy_bid)), 100.5 + 1.0 - 100.0, 1e-8);
    EXPECT_NEAR(micro_price_forecast(model, second_of({100, 101, 5, 95})), 100.5 - 1.0 - 100.0, 1e-8);
    EXPECT_EQ(micro_price_forecast(model, second_of(balanced)), 1.5) << "the mid itself";
    EXPECT_EQ(micro_price_forecast(model, second_of({99, 100, 60, 40})), -0.5)
        << "the mid, from a state never seen";
    EXPECT_EQ(micro_price_forecast(model, second_of({})), 0.0) << "no two sides";
}

TEST(MicroPrice, AMirroredMarketGivesOppositeAdjustments) {
    Noise noise(4);
    StudyDay day, mirrored;
    double bid = 100.0;
    for (int i = 0; i < 2'000; ++i) {
        const double ask = bid + 1.0 + static_cast<double>(noise.below(4));
        const std::int64_t bid_qty = noise.below(12) + 1, ask_qty = noise.below(12) + 1;
        for (auto* made : {&day, &mirrored}) {
            const bool turned = made == &mirrored;
            Observation& second = made->seconds.emplace_back(
                turned ? second_of({-ask, -bid, ask_qty, bid_qty}) : second_of({bid, ask, bid_qty, ask_qty}));
            second.window_end_ts_ns = i * kSecond;
        }
        // Where there is more on the bid the price tends to rise.
        const double share = static_cast<double>(bid_qty) / static_cast<double>(bid_qty + ask_qty);
        if (noise.chance(0.5)) bid += noise.chance(share) ? 1.0 : -1.0;
    }
    const MicroPriceModel model = model_of({day});
    EXPECT_EQ(model.samples, 1'999);
    for (const auto& by_imbalance : model.adjustment) {
        for (std::size_t i = 0; i < kImbalanceStates; ++i)
            EXPECT_EQ(by_imbalance[i], -by_imbalance[kImbalanceStates - 1 - i]);
        EXPECT_GT(by_imbalance[9], 0.1) << "a heavy bid: the price rises";
    }
    EXPECT_GT(model.adjustment[0][9], model.adjustment[0][5]) << "the heavier the more";
    // Seen in the mirror every second says the opposite, by the same model: its training made no difference of the two.
    for (std::size_t i = 0; i < day.seconds.size(); ++i) {
        Observation turned = mirrored.seconds[i];
        turned.spot_tick = -100;
        ASSERT_EQ(micro_price_forecast(model, day.seconds[i]), -micro_price_forecast(model, turned));
    }
    const MicroPriceModel other = model_of({mirrored});
    for (std::size_t s = 0; s < kSpreadStates; ++s)
        for (std::size_t i = 0; i < kImbalanceStates; ++i)
            EXPECT_NEAR(other.adjustment[s][i], model.adjustment[s][i], 1e-12);
}

TEST(MicroPrice, IsTheExpectedMidChangeOfAKnownChain) {
    // The book turns from bid-heavy to ask-heavy and back with a chance of 0.1 a second, and the mid moves with it by half
    // a tick on average as long as it lasts: 0.5 * (1 + 0.8 + 0.64 + ...) = 2.5 ticks are still to come.
    Noise noise(8);
    StudyDay day;
    bool bid_heavy = true;
    double bid = 100.0;
    for (int i = 0; i < 40'000; ++i) {
        Observation& second =
            day.seconds.emplace_back(second_of({bid, bid + 1, bid_heavy ? 95 : 5, bid_heavy ? 5 : 95}));
        second.window_end_ts_ns = i * kSecond;
        if (noise.chance(0.5)) bid += bid_heavy ? 1.0 : -1.0;
        if (noise.chance(0.1)) bid_heavy = !bid_heavy;
    }
    EXPECT_NEAR(model_of({day}).adjustment[0][9], 2.5, 0.15);
}

TEST(MicroPrice, WhatNeverComesToRestIsNotFollowed) {
    // Rising on and on: nothing but its own state was ever seen to follow.
    const MicroPriceModel model = model_of({with_books({heavy_bid, {101, 102, 95, 5}, {102, 103, 95, 5}})});
    EXPECT_EQ(model.samples, 2);
    EXPECT_EQ(model.adjustment[0][9], 0.0);
    EXPECT_EQ(model.adjustment[0][0], 0.0);
}

TEST(MicroPrice, TransitionsNeedTwoValidSecondsWithTwoSidesOfOneDay) {
    StudyDay invalid = with_books({heavy_bid, heavy_bid, heavy_bid});
    std::mt19937_64 random(1);
    spoil(invalid.seconds[1], random);
    EXPECT_EQ(model_of({invalid}).samples, 0);
    EXPECT_EQ(model_of({with_books({heavy_bid, {}, heavy_bid})}).samples, 0) << "one-sided";
    EXPECT_EQ(model_of({with_books({heavy_bid}), with_books({heavy_bid})}).samples, 0) << "two days";
    StudyDay gap = with_books({heavy_bid, heavy_bid, heavy_bid});
    gap.seconds.erase(gap.seconds.begin() + 1);
    EXPECT_EQ(model_of({gap}).samples, 0) << "a second missing";
}

TEST(MicroPrice, SpreadsOfAnyKindHaveAState) {
    // Narrower than a tick (buckets), crossed, and very wide.
    const Book up{110, 111, 50, 50};
    for (const auto& [book, state] : {std::pair{Book{100, 100.02, 95, 5}, 0},
                                      {{101, 100, 95, 5}, 0},
                                      {{100, 102, 95, 5}, 1},
                                      {{100, 103, 95, 5}, 2},
                                      {{1, 900, 95, 5}, 2}}) {
        const MicroPriceModel model = model_of({with_books({book, up})});
        EXPECT_NEAR(model.adjustment[static_cast<std::size_t>(state)][9], 110.5 - 0.5 * (book.bid + book.ask),
                    1e-9)
            << book.bid << " " << book.ask;
    }
}

}  // namespace
}  // namespace spymaster::forecast::testing
