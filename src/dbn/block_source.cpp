#include "dbn/block_source.hpp"

#include <utility>

namespace spymaster::dbn {

namespace {

// One being filled, one being read, and two so that neither waits for a hiccup of the other.
constexpr std::size_t kRingBlocks = 4;
// Keeps the data on a cache line of their own behind the room for a carried record.
constexpr std::size_t kHeadroom = (kMaxRecordSize + 63) / 64 * 64;

}  // namespace

BlockSource::BlockSource(std::unique_ptr<ByteReader> reader, std::size_t block_bytes, bool own_thread)
    : reader_(std::move(reader)), block_bytes_(block_bytes), ring_(own_thread ? kRingBlocks : 1) {
    for (Block& block : ring_) {
        block.storage = std::make_unique_for_overwrite<std::byte[]>(kHeadroom + block_bytes_);
        block.data = block.storage.get() + kHeadroom;
    }
    if (own_thread) thread_ = std::thread([this] { read_ahead(); });
}

BlockSource::~BlockSource() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

Block& BlockSource::next() {
    if (!thread_.joinable()) {
        fill(ring_.front());
        return ring_.front();
    }
    std::unique_lock lock(mutex_);
    if (holding_) {
        ++released_;
        changed_.notify_all();
    }
    holding_ = true;
    changed_.wait(lock, [this] { return filled_ > released_; });
    return ring_[released_ % ring_.size()];
}

void BlockSource::fill(Block& block) {
    ReadOutcome outcome = reader_->read({block.data, block_bytes_});
    block.size = outcome.size;
    block.last = outcome.end || outcome.error.has_value();
    block.error = std::move(outcome.error);
}

void BlockSource::read_ahead() {
    for (;;) {
        std::size_t number = 0;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return stop_ || filled_ - released_ < ring_.size(); });
            if (stop_) return;
            number = filled_;
        }
        Block& block = ring_[number % ring_.size()];
        fill(block);
        const bool last = block.last;
        {
            const std::lock_guard lock(mutex_);
            ++filled_;
        }
        changed_.notify_all();
        if (last) return;
    }
}

}  // namespace spymaster::dbn
