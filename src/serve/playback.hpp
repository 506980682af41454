// Playback: which window of a day is due when. Pure: no sockets, no clock of its own.
//
// The schedule is a data clock tied to the monotonic clock at one anchor: due(k) = anchor + (end(k) -
// anchor_data) / speed. Sending takes no part in it, so its time does not add up (spec 6 [C]). The anchor
// moves only when somebody asks for it (pause, speed, seek, step), at the first window, and when the server
// itself was late (slip).
//
// A slow client is conflated: when the sending of one window took longer than the time to the next one, and
// the client is kLagTolerance behind, it goes on with the newest window that is due. Above kMaxPacedSpeed
// there is no schedule to keep: windows go out as fast as the client takes them, and none is dropped.
//
// A session that grows has an edge, its newest window. Who follows it gets each window when it is there; who replays
// behind it follows from when the schedule finds nothing to send. A follower that is slow is conflated likewise: when
// windows have been waiting for kLagTolerance without a break, it goes on with the newest. Of windows that were there
// when it began to follow none is dropped.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace spymaster::serve {

class Playback {
  public:
    using Clock = std::chrono::steady_clock;
    using Time = Clock::time_point;

    static constexpr double kMaxPacedSpeed = 1000.0;
    static constexpr std::chrono::milliseconds kLagTolerance{250};

    // `window_ends`: ascending, distinct. Starts playing, with window `first` due at once.
    // REQUIRES: speed finite and > 0.
    Playback(std::shared_ptr<const std::vector<std::int64_t>> window_ends, std::size_t first, double speed);

    // Who plays a session that is live calls this first. `follow`: windows go out as soon as they are there, from the
    // first on.
    void begin_live(Time now, bool follow);
    // The window to begin with after all, before anything was sent or steered.
    void begin_with(std::size_t first);
    // There are more windows, or there will be none any more. REQUIRES: begin_live(); the windows so far are the same.
    void grow(Time now, std::shared_ptr<const std::vector<std::int64_t>> window_ends, bool grows);
    // Sends the newest window, unless it was sent last, and follows. False: nothing grows any more.
    bool go_live(Time now);

    enum class Next : std::uint8_t {
        send,
        wait,
        paused,
        edge,
        ended
    };  // edge: until there is another window
    struct Plan {
        Next what = Next::ended;
        std::size_t window = 0;  // send, wait
        Time due{};              // send, wait
        bool fresh = false;      // send: it closed while it was being followed
    };
    [[nodiscard]] Plan plan(Time now) const;

    // The planned window goes out now / has gone out. REQUIRES: plan() said send / begin_send() came before.
    void begin_send(Time now);
    void finish_send(Time now);
    // The server was not ready to send the due window before now: the schedule goes on from here.
    void slip(Time now);

    void pause(Time now);
    void resume(Time now);
    void set_speed(Time now, double speed);
    // The window that ends at `window_end_ts_ns`, else the first after it, else the last: sent at once,
    // paused or not.
    void seek(std::int64_t window_end_ts_ns);
    // So many windows on from the current one, stopping at the ends; pauses.
    void step(Time now, std::int64_t windows);

    [[nodiscard]] bool playing() const { return playing_; }
    [[nodiscard]] double speed() const { return speed_; }
    [[nodiscard]] bool ended() const { return !forced_ && !grows_ && next_ >= ends_->size(); }
    [[nodiscard]] bool of_live_session() const { return live_; }
    [[nodiscard]] bool follows() const { return grows_ && following_; }
    [[nodiscard]] bool started() const { return started_; }
    [[nodiscard]] std::uint64_t dropped_windows() const { return dropped_; }
    // Of the window sent last, or of the one that a seek or step sends next; none before the first.
    [[nodiscard]] std::optional<std::int64_t> window_end_ts_ns() const;

  private:
    [[nodiscard]] Time due(std::size_t window) const;
    [[nodiscard]] std::int64_t data_clock(Time now) const;
    void anchor(Time now, std::int64_t data);
    void anchor_here(Time now);
    void leave_edge(Time now);
    void catch_up(Time now);

    std::shared_ptr<const std::vector<std::int64_t>> ends_;
    std::size_t next_;
    double speed_;
    bool playing_ = true;
    bool started_ = false;
    bool forced_ = false;                  // next_ goes out at once: sought or stepped to
    std::optional<std::size_t> position_;  // sent last
    Time anchor_time_{};
    std::int64_t anchor_data_ = 0;
    Time send_began_{};
    std::uint64_t dropped_ = 0;

    bool live_ = false;
    bool grows_ = false;
    bool following_ = false;
    std::size_t followed_from_ = 0;  // the windows before were there when it began to follow
    Time waiting_since_{};           // following: since then there was always a window to send
};

}  // namespace spymaster::serve
