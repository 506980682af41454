// The clock of a session: which window a record belongs to, and which windows are emitted. One of it drives every
// engine, so that every product has the same seconds (spec 1.2, 4.2.5).
//
// A window owns the times [start, end). Time only moves on: a record of an earlier window is one of the current
// (late). Windows before the session warm up; from the first of the session on every window is opened and closed,
// with records or without.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/assert.hpp"
#include "market/product.hpp"
#include "market/session.hpp"

namespace spymaster::windows {

class WindowClock {
  public:
    // REQUIRES: market::check_grid(grid).ok()
    WindowClock(const market::Grid& grid, market::SessionWindow session)
        : window_ns_(grid.window_ns),
          first_emitted_((session.start_ns + grid.window_ns - 1) / grid.window_ns - 1),
          last_emitted_(session.end_ns / grid.window_ns - 1),
          done_(first_emitted_ > last_emitted_) {
        SPY_ASSERT(market::check_grid(grid).ok());
        SPY_ASSERT(session.start_ns >= 0 &&
                   session.start_ns < std::numeric_limits<std::int64_t>::max() - grid.window_ns);
    }

    // The current window ends after `t`: nothing to roll. False before the first window and when done.
    [[nodiscard]] bool covers(std::int64_t t) const { return t < end_; }
    [[nodiscard]] std::int64_t start() const { return start_; }
    [[nodiscard]] std::int64_t end() const { return end_; }
    [[nodiscard]] std::int64_t index() const { return index_; }
    // The current window is in the session.
    [[nodiscard]] bool emitting() const { return index_ >= first_emitted_; }
    [[nodiscard]] bool done() const { return done_; }

    // Makes the window that owns `t` the current one: open() after each change of window, close() before one of the
    // session is left. False once the session is over. REQUIRES: t >= 0
    template <class Open, class Close>
    bool roll_to(std::int64_t t, Open&& open, Close&& close) {
        if (done_) return false;
        const std::int64_t target = t / window_ns_;
        if (!started_) {
            started_ = true;
            move_to(std::min(target, first_emitted_), open);
        }
        while (index_ < target) {
            if (emitting()) {
                close();
                if (index_ >= last_emitted_) {
                    done_ = true;
                    end_ = kBeforeAll;
                    return false;
                }
            }
            const std::int64_t next = index_ + 1;
            move_to(next < first_emitted_ ? std::min(target, first_emitted_) : next, open);
        }
        return true;
    }

    // The same to the end of the session.
    template <class Open, class Close>
    void finish(Open&& open, Close&& close) {
        if (!done_) roll_to((last_emitted_ + 1) * window_ns_, open, close);
    }

  private:
    static constexpr std::int64_t kBeforeAll = std::numeric_limits<std::int64_t>::min();

    template <class Open>
    void move_to(std::int64_t index, Open&& open) {
        index_ = index;
        start_ = index * window_ns_;
        end_ = start_ + window_ns_;
        open();
    }

    std::int64_t window_ns_;
    std::int64_t first_emitted_;  // window numbers: floor(time / window_ns)
    std::int64_t last_emitted_;
    std::int64_t index_ = 0;
    std::int64_t start_ = 0;
    std::int64_t end_ = kBeforeAll;  // before the first record and when done no time is covered
    bool started_ = false;
    bool done_;
};

}  // namespace spymaster::windows
