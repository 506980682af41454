// Bytes of a session on their way to its socket, compressed if the client wants that.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "dbn/zstd_writer.hpp"

namespace spymaster::feed {

// One thread.
class Backlog {
  public:
    // Everything appended from here on is one zstd frame, flushed so that what was appended can be read at once.
    void compress() { zstd_.emplace(kLevel); }
    void append(std::span<const std::byte> bytes);

    // What can be sent now: all that was appended.
    [[nodiscard]] std::span<const std::byte> ready();
    void sent(std::size_t bytes);
    // Bytes held; those appended since ready() count as they are.
    [[nodiscard]] std::size_t size() const { return bytes_.size() - sent_ + plain_.size(); }

  private:
    static constexpr int kLevel = 1;

    std::optional<dbn::ZstdWriter> zstd_;
    std::vector<std::byte> plain_;  // to be compressed
    std::vector<std::byte> bytes_;
    std::size_t sent_ = 0;  // of bytes_, from its begin
};

}  // namespace spymaster::feed
