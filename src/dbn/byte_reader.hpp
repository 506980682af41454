// Where the bytes of a DBN input come from: a file, memory, or zstd frames in either.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"

namespace spymaster::dbn {

// What a read gave: `size` good bytes, then the end, an error, or (neither) more to come.
struct ReadOutcome {
    std::size_t size = 0;
    bool end = false;
    std::optional<Error> error;  // says what happened; the caller knows which file and record
};

// Bytes in order, once. One thread at a time.
class ByteReader {
  public:
    virtual ~ByteReader() = default;
    // Fills `into` unless the input ends or fails first. Not to be called again after an end or an error.
    virtual ReadOutcome read(std::span<std::byte> into) = 0;
};

// The bytes as they are stored, with a look at the first ones.
class InputReader : public ByteReader {
  public:
    static Result<std::unique_ptr<InputReader>> open(const std::filesystem::path& path);
    // The bytes must outlive the reader.
    static std::unique_ptr<InputReader> over(std::span<const std::byte> bytes);

    ReadOutcome read(std::span<std::byte> into) final;
    // Up to `count` first bytes without consuming them. Before the first read().
    Result<std::span<const std::byte>> peek(std::size_t count);

    // Bytes read so far; from any thread.
    [[nodiscard]] std::uint64_t position() const { return position_.load(std::memory_order_relaxed); }
    // 0 when not known, as for a pipe.
    [[nodiscard]] std::uint64_t size() const { return size_; }

  protected:
    explicit InputReader(std::uint64_t size) : size_(size) {}
    virtual ReadOutcome read_stored(std::span<std::byte> into) = 0;

  private:
    std::vector<std::byte> peeked_;
    std::size_t peeked_used_ = 0;
    bool ended_at_peek_ = false;
    std::atomic<std::uint64_t> position_ = 0;
    std::uint64_t size_;
};

// True for the first four bytes of a zstd frame, skippable frames included.
bool begins_zstd(std::span<const std::byte> bytes);

// Decompresses consecutive zstd frames. A frame may ask for a window of at most 128 MiB (zstd's own default
// limit).
std::unique_ptr<ByteReader> make_zstd_reader(std::unique_ptr<ByteReader> compressed);

}  // namespace spymaster::dbn
