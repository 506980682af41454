// The derivatives (differences.hpp) of a measure of each level, from window to window; zeros where the window before is not
// known (radar spec 1.7, 2.1, D-16).
//
// The window before is known if it and this one are valid, of one epoch and next to each other. Of it every level is
// known that was in its range: where nothing was said of one, x was 0 and its differences went on. A window that is not
// valid has zeros and is not remembered.
// Compatibility::reference: of a level, the window before is the last that said something of it, however long ago.
//
// Levels come as they stand in a window: bids first, then asks, prices ascending. Costs are linear in the levels said
// and remembered; memory is reused. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/assert.hpp"
#include "market/side.hpp"
#include "windows/compatibility.hpp"
#include "windows/differences.hpp"
#include "windows/price_range.hpp"

namespace spymaster::windows {

// A window, as far as it matters to what is remembered over it.
struct LevelWindow {
    std::int64_t window_start_ts_ns = 0;
    std::int64_t window_end_ts_ns = 0;
    std::int64_t epoch = 0;
    bool window_valid = false;
    PriceRange range{};  // in which its levels are
};

// T: std::int64_t or double.
template <class T>
class LevelDifferences {
  public:
    explicit LevelDifferences(Compatibility compatibility = Compatibility::corrected)
        : compatibility_(compatibility) {}

    // Begins the next window; the one before is over. REQUIRES: windows come in time order.
    void open(const LevelWindow& window) {
        carry_until(before_.size());
        before_.swap(now_);
        now_.clear();
        next_ = 0;
        before_known_ = follows(window);
        if (!before_known_) before_.clear();
        before_window_ = window_;
        window_ = window;
    }

    // What a level of the open window has changed by. REQUIRES: it comes after the one of the last call.
    Differences<T> next(market::Side side, std::int64_t price_int, T x) {
        const Level key{.price_int = price_int, .side = side};
        SPY_ASSERT(now_.empty() || now_.back().comes_before(key));
        std::size_t at = next_;
        while (at < before_.size() && before_[at].comes_before(key)) ++at;
        carry_until(at);
        const bool found = next_ < before_.size() && !key.comes_before(before_[next_]);
        if (compatibility_ == Compatibility::corrected && !window_.window_valid) return {};
        Level level{.price_int = price_int, .side = side, .memory = {.x = x}};
        Differences<T> differences;
        if (found || knows_silent(price_int)) {
            level.memory = found ? before_[next_].memory : DifferenceMemory<T>{};
            differences = level.memory.next(x);
        }
        next_ += found ? 1 : 0;
        now_.push_back(level);
        return differences;
    }

  private:
    struct Level {
        std::int64_t price_int = 0;
        market::Side side = market::Side::bid;
        DifferenceMemory<T> memory{};

        [[nodiscard]] bool comes_before(const Level& other) const {
            if (side != other.side) return side == market::Side::bid;
            return price_int < other.price_int;
        }
    };

    [[nodiscard]] bool follows(const LevelWindow& next) const {
        if (compatibility_ == Compatibility::reference) return true;
        return window_.window_valid && next.window_valid && window_.epoch == next.epoch &&
               window_.window_end_ts_ns == next.window_start_ts_ns;
    }

    // A level of which nothing is remembered was silent before, long enough that all is 0.
    [[nodiscard]] bool knows_silent(std::int64_t price_int) const {
        return compatibility_ == Compatibility::corrected && before_known_ &&
               before_window_.range.contains(price_int);
    }

    // Levels of which the open window says nothing.
    void carry_until(std::size_t end) {
        for (; next_ < end; ++next_) {
            Level level = before_[next_];
            if (compatibility_ == Compatibility::corrected) {
                if (!window_.range.contains(level.price_int)) continue;
                level.memory.next(T{});
                if (level.memory == DifferenceMemory<T>{}) continue;
            }
            now_.push_back(level);
        }
    }

    Compatibility compatibility_;
    LevelWindow window_;
    LevelWindow before_window_;
    bool before_known_ = false;
    std::vector<Level> before_;  // remembered of the window before, in order
    std::vector<Level> now_;     // to be remembered of the open one
    std::size_t next_ = 0;       // of before_
};

}  // namespace spymaster::windows
