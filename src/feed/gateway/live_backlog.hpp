// Bytes of a session on their way to its socket, compressed if the client wants that.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

struct ZSTD_CCtx_s;

namespace spymaster::feed {

// One thread.
class Backlog {
  public:
    // Everything appended from here on is one zstd frame, flushed so that what was appended can be read at once.
    void compress();
    void append(std::span<const std::byte> bytes);

    // What can be sent now: all that was appended.
    [[nodiscard]] std::span<const std::byte> ready();
    void sent(std::size_t bytes);
    // Bytes held; those that zstd still holds in its block are not counted.
    [[nodiscard]] std::size_t size() const { return bytes_.size() - sent_; }

  private:
    void put_compressed(std::span<const std::byte> bytes, bool flush);

    struct Free {
        void operator()(ZSTD_CCtx_s* context) const;
    };
    std::unique_ptr<ZSTD_CCtx_s, Free> zstd_;
    bool unflushed_ = false;
    std::vector<std::byte> bytes_;
    std::size_t sent_ = 0;  // of bytes_, from its begin
};

}  // namespace spymaster::feed
