// Bytes from one thread to another: chunks as they were read from a socket, each with the time it came, in a ring of fixed
// size. One producer, one consumer; the memory is touched as it is first used.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

namespace spymaster::feed::live {

class ByteRing {
  public:
    // Rounded up to what a few reads need.
    explicit ByteRing(std::size_t bytes);

    // Producer: room for the next chunk, at least kLeastRead bytes; empty if there was none within the wait.
    std::span<std::byte> reserve(std::chrono::milliseconds wait);
    // The first `size` bytes of what was reserved are a chunk. REQUIRES: 0 < size, which fits.
    void commit(std::size_t size, std::int64_t arrival_ns);

    struct Chunk {
        std::span<const std::byte> bytes;  // until pop()
        std::int64_t arrival_ns = 0;
    };
    // Consumer: the oldest chunk; none if none came within the wait.
    std::optional<Chunk> front(std::chrono::microseconds wait);
    // REQUIRES: front() gave a chunk.
    void pop();
    [[nodiscard]] bool empty() const { return head_.load() == tail_.load(); }

    // Forgets everything. REQUIRES: no producer.
    void clear();

    // Most bytes that were ever waiting; how often reserve() had to wait. From any thread.
    [[nodiscard]] std::uint64_t high_water() const { return high_water_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t full_waits() const { return full_waits_.load(std::memory_order_relaxed); }

    static constexpr std::size_t kLeastRead = std::size_t{4} << 10U;
    static constexpr std::size_t kMostRead = std::size_t{256} << 10U;

  private:
    struct Header {
        std::uint32_t size;  // of the bytes that follow; 0: the rest of the ring is left out
        std::uint32_t step;  // to the next header
        std::int64_t arrival_ns;
    };
    [[nodiscard]] std::byte* at(std::uint64_t position) const { return memory_.get() + position % capacity_; }
    // Where the next chunk would begin, past what is left out at the end; nothing if there is no room.
    [[nodiscard]] std::optional<std::uint64_t> place_for_next() const;
    void wake(std::atomic<bool>& sleeper, std::condition_variable& bell);

    std::size_t capacity_;
    std::unique_ptr<std::byte[]> memory_;
    std::uint64_t reserved_at_ = 0;        // of the producer
    std::atomic<std::uint64_t> head_ = 0;  // bytes ever put in, headers included
    std::atomic<std::uint64_t> tail_ = 0;  // bytes ever taken out
    std::atomic<std::uint64_t> high_water_ = 0;
    std::atomic<std::uint64_t> full_waits_ = 0;

    // Only for those who wait.
    std::mutex mutex_;
    std::condition_variable filled_;
    std::condition_variable freed_;
    std::atomic<bool> consumer_sleeps_ = false;
    std::atomic<bool> producer_sleeps_ = false;
};

}  // namespace spymaster::feed::live
