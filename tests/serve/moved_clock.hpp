// A schedule under a clock that the test moves.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "serve/playback.hpp"

namespace spymaster::serve {

inline constexpr std::int64_t kSecond = 1'000'000'000;

class MovedClock : public testing::Test {
  protected:
    static std::shared_ptr<const std::vector<std::int64_t>> ends(std::int64_t count) {
        auto out = std::make_shared<std::vector<std::int64_t>>();
        for (std::int64_t k = 0; k < count; ++k) out->push_back(1'700'000'000 * kSecond + k * kSecond);
        return out;
    }
    // Sends the planned window, taking `took`.
    std::size_t send(Playback& playback, std::chrono::milliseconds took = std::chrono::milliseconds{0}) {
        const auto plan = playback.plan(now_);
        EXPECT_EQ(plan.what, Playback::Next::send);
        playback.begin_send(now_);
        now_ += took;
        playback.finish_send(now_);
        return plan.window;
    }

    Playback::Time now_{std::chrono::hours{100}};
};

}  // namespace spymaster::serve
