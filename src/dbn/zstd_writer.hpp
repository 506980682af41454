// Compresses bytes as they come, in memory: one zstd frame with a checksum.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

struct ZSTD_CCtx_s;

namespace spymaster::dbn {

// What has been compressed so far is appended to `out`; what zstd still holds comes with a later call. One thread.
class ZstdWriter {
  public:
    explicit ZstdWriter(int level = 3);
    void write(std::span<const std::byte> bytes, std::vector<std::byte>& out);
    // All bytes so far can be decompressed from what is out.
    void flush(std::vector<std::byte>& out);
    // Ends the frame with these last bytes; the next write begins another. (A frame of one call says its size in its head.)
    void finish(std::span<const std::byte> bytes, std::vector<std::byte>& out);

  private:
    struct Free {
        void operator()(ZSTD_CCtx_s* context) const;
    };
    void compress(std::span<const std::byte> bytes, int directive, std::vector<std::byte>& out);

    std::unique_ptr<ZSTD_CCtx_s, Free> context_;
};

}  // namespace spymaster::dbn
