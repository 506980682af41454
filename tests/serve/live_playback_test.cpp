// The schedule of a session that grows, with a clock that the test moves.
#include "moved_clock.hpp"

namespace spymaster::serve {
namespace {

using std::chrono::milliseconds;
using Next = Playback::Next;

class LivePlayback : public MovedClock {
  protected:
    Playback playing(std::int64_t windows, std::size_t first, bool follow, double speed = 1.0) {
        windows_ = windows;
        Playback playback(ends(windows), first, speed);
        playback.begin_live(now_, follow);
        return playback;
    }
    void grow(Playback& playback, std::int64_t by = 1, bool grows = true) {
        windows_ += by;
        playback.grow(now_, ends(windows_), grows);
    }
    void expect_next(const Playback& playback, Next what) { EXPECT_EQ(playback.plan(now_).what, what); }

    std::int64_t windows_ = 0;
};

TEST_F(LivePlayback, AFollowerGetsEachWindowWhenItIsThere) {
    auto playback = playing(10, 9, true);
    EXPECT_TRUE(playback.follows());
    EXPECT_FALSE(playback.plan(now_).fresh) << "it was there before";
    EXPECT_EQ(send(playback), 9U);
    expect_next(playback, Next::edge);
    for (std::size_t k = 10; k < 15; ++k) {
        now_ += milliseconds{1003};
        grow(playback);
        EXPECT_TRUE(playback.plan(now_).fresh);
        EXPECT_EQ(playback.plan(now_).due, now_);
        EXPECT_EQ(send(playback), k);
        expect_next(playback, Next::edge);
    }
    EXPECT_FALSE(playback.ended());
    grow(playback, 0, false);
    EXPECT_TRUE(playback.ended());
    EXPECT_FALSE(playback.follows());
}

TEST_F(LivePlayback, ABurstIsSentWhole) {
    auto playback = playing(1, 0, true);
    send(playback);
    grow(playback, 5);
    for (std::size_t k = 1; k < 6; ++k) EXPECT_EQ(send(playback, milliseconds{40}), k);
    EXPECT_EQ(playback.dropped_windows(), 0U);
}

TEST_F(LivePlayback, ASlowFollowerGoesOnWithTheNewest) {
    auto playback = playing(1, 0, true);
    send(playback);
    grow(playback);
    const auto plan = playback.plan(now_);
    playback.begin_send(now_);  // window 1
    for (int second = 0; second < 5; ++second) {
        now_ += milliseconds{1000};
        grow(playback);
    }
    playback.finish_send(now_);
    EXPECT_EQ(plan.window, 1U);
    EXPECT_EQ(playback.dropped_windows(), 4U);
    EXPECT_EQ(send(playback), 6U);
    expect_next(playback, Next::edge);
    now_ += milliseconds{1000};
    grow(playback);
    EXPECT_EQ(send(playback, milliseconds{900}), 7U);
    EXPECT_EQ(playback.dropped_windows(), 4U);
}

TEST_F(LivePlayback, WhatWasMissedIsNeverDropped) {
    auto playback = playing(100, 40, true);
    for (std::size_t k = 40; k < 100; ++k) {
        EXPECT_EQ(send(playback, milliseconds{300}), k);
        if (k % 10 == 0) grow(playback);
    }
    EXPECT_EQ(playback.dropped_windows(), 0U) << "before the first that closed meanwhile";
    EXPECT_EQ(send(playback, milliseconds{400}), 100U);
    EXPECT_EQ(send(playback), 105U) << "of those that closed meanwhile the newest";
}

TEST_F(LivePlayback, BehindTheEdgeItKeepsItsPaceAndFollowsFromTheEdgeOn) {
    auto playback = playing(3, 0, false, 2.0);
    EXPECT_EQ(send(playback), 0U);
    EXPECT_EQ(playback.plan(now_).what, Next::wait);
    now_ += milliseconds{500};
    EXPECT_EQ(send(playback), 1U);
    now_ += milliseconds{500};
    EXPECT_EQ(send(playback), 2U);
    EXPECT_FALSE(playback.follows());
    now_ += milliseconds{400};
    grow(playback);
    EXPECT_FALSE(playback.follows()) << "it was not due yet";
    EXPECT_EQ(playback.plan(now_).due - now_, milliseconds{100});
    now_ += milliseconds{100};
    EXPECT_EQ(send(playback), 3U);
    now_ += milliseconds{501};
    grow(playback);
    EXPECT_TRUE(playback.follows());
    EXPECT_EQ(send(playback), 4U);
}

TEST_F(LivePlayback, SteeringLeavesTheEdge) {
    auto playback = playing(10, 9, true);
    send(playback);
    playback.pause(now_);
    EXPECT_FALSE(playback.follows());
    grow(playback, 20);
    expect_next(playback, Next::paused);
    playback.resume(now_);
    EXPECT_EQ(playback.plan(now_).due - now_, milliseconds{1000});
    now_ += milliseconds{1000};
    EXPECT_EQ(send(playback), 10U);

    EXPECT_TRUE(playback.go_live(now_));
    EXPECT_TRUE(playback.follows());
    EXPECT_EQ(playback.window_end_ts_ns(), ends(30)->back());
    EXPECT_EQ(send(playback), 29U);
    expect_next(playback, Next::edge);
    EXPECT_EQ(playback.dropped_windows(), 0U);

    playback.set_speed(now_, 0.5);
    EXPECT_FALSE(playback.follows());
    now_ += milliseconds{1000};
    grow(playback);
    EXPECT_FALSE(playback.follows()) << "at half the speed it falls behind";
    EXPECT_EQ(playback.plan(now_).due - now_, milliseconds{1000});

    playback.seek((*ends(windows_))[3]);
    EXPECT_EQ(send(playback), 3U);
    EXPECT_FALSE(playback.follows());
    playback.go_live(now_);
    send(playback);
    playback.step(now_, -2);
    EXPECT_FALSE(playback.follows());
    EXPECT_EQ(send(playback), static_cast<std::size_t>(windows_) - 3);
    expect_next(playback, Next::paused);
}

TEST_F(LivePlayback, GoingLiveAtTheEdgeSendsNothingTwice) {
    auto playback = playing(10, 9, true);
    send(playback);
    playback.pause(now_);
    EXPECT_TRUE(playback.go_live(now_));
    expect_next(playback, Next::edge);
    grow(playback, 0, false);
    EXPECT_FALSE(playback.go_live(now_)) << "it is over";
}

TEST_F(LivePlayback, BeforeTheFirstWindow) {
    auto playback = playing(0, 0, true);
    expect_next(playback, Next::edge);
    EXPECT_TRUE(playback.go_live(now_));
    EXPECT_FALSE(playback.window_end_ts_ns().has_value());
    playback.seek(0);
    playback.step(now_, 1);
    expect_next(playback, Next::edge);
    playback.go_live(now_);
    grow(playback);
    EXPECT_EQ(send(playback), 0U);
}

TEST_F(LivePlayback, WhoBeganBeyondTheEdgeFollows) {
    auto playback = playing(5, 5, false);
    expect_next(playback, Next::edge);
    grow(playback);
    EXPECT_TRUE(playback.follows());
    EXPECT_EQ(send(playback), 5U);
}

TEST_F(LivePlayback, AReplayOfAllReachesTheEdge) {
    auto playback = playing(1000, 0, false, 1e6);
    for (std::size_t k = 0; k < 1000; ++k) EXPECT_EQ(send(playback, milliseconds{5}), k);
    expect_next(playback, Next::edge);
    grow(playback);
    EXPECT_TRUE(playback.follows());
    EXPECT_EQ(send(playback), 1000U);
    EXPECT_EQ(playback.dropped_windows(), 0U);
}

}  // namespace
}  // namespace spymaster::serve
