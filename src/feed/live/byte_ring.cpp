#include "feed/live/byte_ring.hpp"

#include <algorithm>
#include <cstring>

#include "base/assert.hpp"

namespace spymaster::feed::live {

namespace {

constexpr std::size_t kUnit = 16;  // every header begins at a multiple

constexpr std::size_t round_up(std::size_t size) {
    return (size + kUnit - 1) / kUnit * kUnit;
}

}  // namespace

ByteRing::ByteRing(std::size_t bytes)
    : capacity_(round_up(std::max(bytes, 4 * (kLeastRead + sizeof(Header))))),
      memory_(new std::byte[capacity_]) {
    static_assert(sizeof(Header) == kUnit);
}

std::optional<std::uint64_t> ByteRing::place_for_next() const {
    constexpr std::size_t kNeeded = sizeof(Header) + kLeastRead;
    const std::uint64_t head = head_.load(std::memory_order_relaxed);
    const std::size_t free = capacity_ - static_cast<std::size_t>(head - tail_.load());
    const std::size_t to_end = capacity_ - head % capacity_;
    const std::size_t left_out = to_end < kNeeded ? to_end : 0;
    if (free < left_out + kNeeded) return std::nullopt;
    return head + left_out;
}

std::span<std::byte> ByteRing::reserve(std::chrono::milliseconds wait) {
    auto place = place_for_next();
    if (!place) {
        full_waits_.fetch_add(1, std::memory_order_relaxed);
        std::unique_lock lock(mutex_);
        producer_sleeps_.store(true);
        freed_.wait_for(lock, wait, [&] { return (place = place_for_next()).has_value(); });
        producer_sleeps_.store(false);
        if (!place) return {};
    }
    reserved_at_ = *place;
    const std::size_t free = capacity_ - static_cast<std::size_t>(*place - tail_.load());
    const std::size_t to_end = capacity_ - *place % capacity_;
    const std::size_t room = std::min({free, to_end, kMostRead + sizeof(Header)}) - sizeof(Header);
    return {at(*place) + sizeof(Header), room / kUnit * kUnit};
}

void ByteRing::commit(std::size_t size, std::int64_t arrival_ns) {
    SPY_ASSERT(size != 0 && size <= kMostRead);
    const std::uint64_t head = head_.load(std::memory_order_relaxed);
    if (reserved_at_ != head) {
        const Header rest{0, static_cast<std::uint32_t>(reserved_at_ - head), 0};
        std::memcpy(at(head), &rest, sizeof rest);
    }
    const std::size_t step = sizeof(Header) + round_up(size);
    const Header header{static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(step), arrival_ns};
    std::memcpy(at(reserved_at_), &header, sizeof header);
    const std::uint64_t after = reserved_at_ + step;
    const std::uint64_t waiting = after - tail_.load(std::memory_order_relaxed);
    if (waiting > high_water_.load(std::memory_order_relaxed))
        high_water_.store(waiting, std::memory_order_relaxed);
    head_.store(after);
    wake(consumer_sleeps_, filled_);
}

std::optional<ByteRing::Chunk> ByteRing::front(std::chrono::microseconds wait) {
    if (empty()) {
        std::unique_lock lock(mutex_);
        consumer_sleeps_.store(true);
        filled_.wait_for(lock, wait, [&] { return !empty(); });
        consumer_sleeps_.store(false);
        if (empty()) return std::nullopt;
    }
    for (;;) {
        const std::uint64_t tail = tail_.load(std::memory_order_relaxed);
        Header header;
        std::memcpy(&header, at(tail), sizeof header);
        if (header.size != 0) return Chunk{{at(tail) + sizeof header, header.size}, header.arrival_ns};
        tail_.store(tail + header.step);  // a chunk follows: both were put in at once
    }
}

void ByteRing::pop() {
    const std::uint64_t tail = tail_.load(std::memory_order_relaxed);
    Header header;
    std::memcpy(&header, at(tail), sizeof header);
    tail_.store(tail + header.step);
    wake(producer_sleeps_, freed_);
}

// A sleeper said so under the mutex before it looked a last time, so it sees the change or gets the bell.
void ByteRing::wake(std::atomic<bool>& sleeper, std::condition_variable& bell) {
    if (!sleeper.load()) return;
    const std::lock_guard lock(mutex_);
    bell.notify_one();
}

void ByteRing::clear() {
    head_.store(0);
    tail_.store(0);
}

}  // namespace spymaster::feed::live
