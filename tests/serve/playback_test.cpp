// The schedule, with a clock that the test moves.
#include "moved_clock.hpp"

namespace spymaster::serve {
namespace {

using std::chrono::milliseconds;
using Next = Playback::Next;

class PlaybackTest : public MovedClock {
  protected:
    void expect_wait(const Playback& playback, std::size_t window, milliseconds wait) {
        const auto plan = playback.plan(now_);
        EXPECT_EQ(plan.what, Next::wait);
        EXPECT_EQ(plan.window, window);
        EXPECT_EQ(plan.due - now_, wait);
    }
};

TEST_F(PlaybackTest, FirstAtOnceThenBySpeed) {
    Playback playback(ends(5), 1, 2.0);
    EXPECT_FALSE(playback.window_end_ts_ns().has_value());
    EXPECT_EQ(send(playback), 1U);
    expect_wait(playback, 2, milliseconds{500});
    EXPECT_EQ(playback.window_end_ts_ns(), (*ends(5))[1]);
}

TEST_F(PlaybackTest, TheTimeOfSendingDoesNotAddUp) {
    Playback playback(ends(100), 0, 1.0);
    for (std::size_t k = 0; k < 100; ++k) {
        EXPECT_EQ(send(playback, milliseconds{30}), k);
        if (k < 99) expect_wait(playback, k + 1, milliseconds{970});
        now_ += milliseconds{970};
    }
    EXPECT_TRUE(playback.ended());
    EXPECT_EQ(playback.plan(now_).what, Next::ended);
    EXPECT_EQ(playback.dropped_windows(), 0U);
}

TEST_F(PlaybackTest, ALateTimerLosesNothing) {
    Playback playback(ends(10), 0, 1.0);
    send(playback);
    now_ += milliseconds{3500};  // the server slept; the client is not to blame
    EXPECT_EQ(send(playback), 1U);
    EXPECT_EQ(send(playback), 2U);
    EXPECT_EQ(send(playback), 3U);
    expect_wait(playback, 4, milliseconds{500});
    EXPECT_EQ(playback.dropped_windows(), 0U);
}

TEST_F(PlaybackTest, ASlowClientGoesOnWithTheNewest) {
    Playback playback(ends(100), 0, 1.0);
    EXPECT_EQ(send(playback, milliseconds{5500}), 0U);  // windows 1 to 5 fell due
    EXPECT_EQ(playback.dropped_windows(), 4U);
    EXPECT_EQ(send(playback), 5U);
    expect_wait(playback, 6, milliseconds{500});  // on the schedule it had
}

TEST_F(PlaybackTest, ConflationStopsAtTheLastWindow) {
    Playback playback(ends(4), 0, 1.0);
    send(playback, milliseconds{60'000});
    EXPECT_EQ(send(playback), 3U);
    EXPECT_TRUE(playback.ended());
    EXPECT_EQ(playback.dropped_windows(), 2U);
}

TEST_F(PlaybackTest, AboveTheTopSpeedNothingIsDropped) {
    Playback playback(ends(1000), 0, 1e6);
    for (std::size_t k = 0; k < 1000; ++k) EXPECT_EQ(send(playback, milliseconds{400}), k);
    EXPECT_EQ(playback.dropped_windows(), 0U);
}

TEST_F(PlaybackTest, AServerThatWasNotReadyMovesTheSchedule) {
    Playback playback(ends(10), 0, 1.0);
    send(playback);
    now_ += milliseconds{4000};
    playback.slip(now_);
    EXPECT_EQ(send(playback), 1U);
    expect_wait(playback, 2, milliseconds{1000});
}

TEST_F(PlaybackTest, PauseKeepsThePlaceBetweenTwoWindows) {
    Playback playback(ends(10), 0, 1.0);
    send(playback);
    now_ += milliseconds{300};
    playback.pause(now_);
    EXPECT_EQ(playback.plan(now_).what, Next::paused);
    now_ += milliseconds{50'000};
    EXPECT_EQ(playback.plan(now_).what, Next::paused);
    playback.resume(now_);
    expect_wait(playback, 1, milliseconds{700});
}

TEST_F(PlaybackTest, SpeedChangesKeepThePlace) {
    Playback playback(ends(10), 0, 1.0);
    send(playback);
    now_ += milliseconds{600};
    playback.set_speed(now_, 10.0);
    expect_wait(playback, 1, milliseconds{40});
    playback.set_speed(now_, 0.1);
    expect_wait(playback, 1, milliseconds{4000});
    now_ += milliseconds{4000};
    EXPECT_EQ(send(playback), 1U);
    expect_wait(playback, 2, milliseconds{10'000});
}

TEST_F(PlaybackTest, ASlowSpeedDoesNotOverflow) {
    Playback playback(ends(3), 0, 1e-300);
    send(playback);
    const auto plan = playback.plan(now_);
    EXPECT_EQ(plan.what, Next::wait);
    EXPECT_GT(plan.due, now_ + std::chrono::hours{24 * 365});
}

TEST_F(PlaybackTest, SeekSendsAtOnceAlsoWhenPaused) {
    const auto at = ends(10);
    Playback playback(at, 0, 1.0);
    send(playback);
    playback.pause(now_);
    playback.seek((*at)[7]);
    EXPECT_EQ(playback.window_end_ts_ns(), (*at)[7]);
    EXPECT_EQ(send(playback), 7U);
    EXPECT_EQ(playback.plan(now_).what, Next::paused);
    playback.seek((*at)[3] - 1);  // between two: the later
    EXPECT_EQ(send(playback), 3U);
    playback.seek(0);
    EXPECT_EQ(send(playback), 0U);
    playback.seek(std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(send(playback), 9U);
    EXPECT_TRUE(playback.ended());
    playback.seek((*at)[2]);
    EXPECT_FALSE(playback.ended());
    EXPECT_EQ(send(playback), 2U);
    playback.resume(now_);
    expect_wait(playback, 3, milliseconds{1000});
    EXPECT_EQ(playback.dropped_windows(), 0U);
}

TEST_F(PlaybackTest, StepsPauseAndStopAtTheEnds) {
    Playback playback(ends(10), 4, 1.0);
    playback.step(now_, 1);  // before the first window: to it
    EXPECT_FALSE(playback.playing());
    EXPECT_EQ(send(playback), 4U);
    playback.step(now_, 1);
    playback.step(now_, 1);  // before the first one is out
    EXPECT_EQ(send(playback), 6U);
    playback.step(now_, -3);
    EXPECT_EQ(send(playback), 3U);
    playback.step(now_, std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(send(playback), 9U);
    playback.step(now_, 1);
    EXPECT_EQ(playback.plan(now_).what, Next::ended);
    playback.step(now_, std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(send(playback), 0U);
    playback.step(now_, -1);
    EXPECT_EQ(playback.plan(now_).what, Next::paused);
}

TEST_F(PlaybackTest, NothingToPlay) {
    Playback playback(ends(3), 99, 1.0);
    EXPECT_TRUE(playback.ended());
    EXPECT_EQ(playback.plan(now_).what, Next::ended);
    Playback empty(ends(0), 0, 1.0);
    empty.seek(5);
    empty.step(now_, 1);
    EXPECT_EQ(empty.plan(now_).what, Next::ended);
}

}  // namespace
}  // namespace spymaster::serve
