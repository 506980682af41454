// Reads ahead into a few large buffers, on its own thread or when asked.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "dbn/byte_reader.hpp"

namespace spymaster::dbn {

// The longest record: RecordHeader::length is a byte, in units of four.
inline constexpr std::size_t kMaxRecordSize = 255 * 4;

// A stretch of the input. Before `data` there is room for the start of a record carried over from the block
// before.
struct Block {
    std::unique_ptr<std::byte[]> storage;
    std::byte* data = nullptr;
    std::size_t size = 0;
    bool last = false;           // nothing follows
    std::optional<Error> error;  // why, if it is not the end of the input; then last is set as well
};

class BlockSource {
  public:
    // A thread of its own, or none: the blocks are the same.
    BlockSource(std::unique_ptr<ByteReader> reader, std::size_t block_bytes, bool own_thread);
    ~BlockSource();
    BlockSource(const BlockSource&) = delete;
    BlockSource& operator=(const BlockSource&) = delete;

    // The next block, valid until the next call. REQUIRES: the block before was not the last.
    Block& next();

  private:
    void fill(Block& block);
    void read_ahead();

    std::unique_ptr<ByteReader> reader_;
    std::size_t block_bytes_;
    std::vector<Block> ring_;

    // Blocks filled and released so far; ring_[n % size] holds block n. Guarded by mutex_ when there is a
    // thread.
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t filled_ = 0;
    std::size_t released_ = 0;
    bool holding_ = false;  // the consumer has a block
    bool stop_ = false;
    std::thread thread_;
};

}  // namespace spymaster::dbn
