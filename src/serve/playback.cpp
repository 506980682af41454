#include "serve/playback.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace spymaster::serve {

namespace {

// A wait longer than this (a century) is as good as for ever, and fits every clock.
constexpr double kLongestNs = 3.0e18;

}  // namespace

Playback::Playback(std::shared_ptr<const std::vector<std::int64_t>> window_ends, std::size_t first,
                   double speed)
    : ends_(std::move(window_ends)), next_(std::min(first, ends_->size())), speed_(speed) {
    SPY_ASSERT(speed > 0.0);
}

Playback::Time Playback::due(std::size_t window) const {
    const double ns = static_cast<double>((*ends_)[window] - anchor_data_) / speed_;
    const auto wait =
        std::chrono::nanoseconds(static_cast<std::int64_t>(std::clamp(ns, -kLongestNs, kLongestNs)));
    return anchor_time_ + wait;
}

std::int64_t Playback::data_clock(Time now) const {
    if (!playing_ || !started_) return anchor_data_;
    const double ns = static_cast<double>(std::chrono::nanoseconds(now - anchor_time_).count()) * speed_;
    return anchor_data_ + static_cast<std::int64_t>(std::clamp(ns, 0.0, kLongestNs));
}

void Playback::anchor(Time now, std::int64_t data) {
    anchor_time_ = now;
    anchor_data_ = data;
}

// Keeps the place of the data clock, but never one beyond the next window: what is overdue stays due now.
void Playback::anchor_here(Time now) {
    if (!started_) return;
    std::int64_t data = data_clock(now);
    if (next_ < ends_->size()) data = std::min(data, (*ends_)[next_]);
    anchor(now, data);
}

Playback::Plan Playback::plan(Time now) const {
    if (forced_) return {Next::send, next_, now};
    if (next_ >= ends_->size()) return {grows_ ? Next::edge : Next::ended};
    if (!playing_) return {Next::paused, next_, now};
    if (following_ && next_ >= followed_from_) return {Next::send, next_, waiting_since_, true};
    if (!started_ || following_) return {Next::send, next_, now};
    const Time at = due(next_);
    return {at <= now ? Next::send : Next::wait, next_, at};
}

void Playback::begin_send(Time now) {
    SPY_ASSERT(next_ < ends_->size());
    if (forced_ || !started_ || following_) anchor(now, (*ends_)[next_]);
    started_ = true;
    forced_ = false;
    position_ = next_;
    next_ += 1;
    send_began_ = now;
}

void Playback::finish_send(Time now) {
    if (following_) return catch_up(now);
    if (forced_ || !playing_ || next_ >= ends_->size() || speed_ > kMaxPacedSpeed) return;
    const bool slow = now - send_began_ > due(next_) - due(next_ - 1);
    if (!slow || now - due(next_) < kLagTolerance) return;
    const auto begin = ends_->begin();
    const auto later =
        std::upper_bound(begin + static_cast<std::ptrdiff_t>(next_), ends_->end(), data_clock(now));
    const auto newest = static_cast<std::size_t>(later - begin) - 1;
    if (newest <= next_) return;
    dropped_ += newest - next_;
    next_ = newest;
}

void Playback::catch_up(Time now) {
    if (next_ <= followed_from_) waiting_since_ = now;
    if (forced_ || next_ <= followed_from_ || next_ >= ends_->size()) return;
    const std::size_t newest = ends_->size() - 1;
    if (now - waiting_since_ < kLagTolerance || newest == next_) return;
    dropped_ += newest - next_;
    next_ = newest;
    waiting_since_ = now;
}

void Playback::slip(Time now) {
    if (following_) waiting_since_ = now;
    if (started_ && !forced_ && playing_ && next_ < ends_->size() && due(next_) < now)
        anchor(now, (*ends_)[next_]);
}

void Playback::begin_live(Time now, bool follow) {
    live_ = grows_ = true;
    following_ = follow;
    followed_from_ = ends_->size();
    waiting_since_ = now;
}

void Playback::begin_with(std::size_t first) {
    if (!started_ && !forced_) next_ = std::min(first, ends_->size());
}

void Playback::grow(Time now, std::shared_ptr<const std::vector<std::int64_t>> window_ends, bool grows) {
    SPY_ASSERT(live_ && window_ends->size() >= ends_->size());
    const bool at_edge = next_ == ends_->size();
    ends_ = std::move(window_ends);
    grows_ = grows;
    if (!at_edge || next_ == ends_->size()) return;
    if (following_) {
        waiting_since_ = now;
    } else if (playing_ && !forced_ && (!started_ || due(next_) <= now)) {
        following_ = true;
        followed_from_ = next_;
        waiting_since_ = now;
    }
}

bool Playback::go_live(Time now) {
    if (!grows_) return false;
    playing_ = following_ = true;
    followed_from_ = ends_->size();
    waiting_since_ = now;
    const std::size_t newest = ends_->size() - std::min<std::size_t>(ends_->size(), 1);
    const bool is_sent = position_ && *position_ + 1 == ends_->size();
    next_ = is_sent ? ends_->size() : newest;
    forced_ = next_ < ends_->size();
    return true;
}

// The next window is due a period after now.
void Playback::leave_edge(Time now) {
    if (std::exchange(following_, false)) anchor_time_ = now;
}

void Playback::pause(Time now) {
    if (!playing_) return;
    leave_edge(now);
    anchor_here(now);
    playing_ = false;
}

void Playback::resume(Time now) {
    if (playing_) return;
    playing_ = true;
    anchor_time_ = now;
}

void Playback::set_speed(Time now, double speed) {
    SPY_ASSERT(speed > 0.0);
    leave_edge(now);
    anchor_here(now);
    speed_ = speed;
}

void Playback::seek(std::int64_t window_end_ts_ns) {
    following_ = false;
    if (ends_->empty()) return;
    const auto at = std::lower_bound(ends_->begin(), ends_->end(), window_end_ts_ns);
    next_ = std::min(static_cast<std::size_t>(at - ends_->begin()), ends_->size() - 1);
    forced_ = true;
}

void Playback::step(Time now, std::int64_t windows) {
    pause(now);
    if (ends_->empty()) return;
    const auto last = static_cast<std::int64_t>(ends_->size()) - 1;
    const bool at_window = forced_ || position_.has_value();
    const std::int64_t here = forced_     ? static_cast<std::int64_t>(next_)
                              : position_ ? static_cast<std::int64_t>(*position_)
                                          : -1;
    const std::int64_t from = at_window ? here : static_cast<std::int64_t>(next_) - 1;
    // Bounded before adding: the count comes from outside.
    const std::int64_t to =
        std::clamp(from + std::clamp(windows, -last - 1, last + 1), std::int64_t{0}, last);
    if (at_window && to == here) return;
    next_ = static_cast<std::size_t>(to);
    forced_ = true;
}

std::optional<std::int64_t> Playback::window_end_ts_ns() const {
    if (forced_) return (*ends_)[next_];
    if (position_) return (*ends_)[*position_];
    return std::nullopt;
}

}  // namespace spymaster::serve
