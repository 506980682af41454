#include <zstd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.hpp"
#include "dbn/byte_reader.hpp"
#include "dbn/records.hpp"

namespace spymaster::dbn {

namespace {

constexpr std::uint32_t kSkippableMask = 0xFFFFFFF0;
constexpr std::size_t kFrameStart = 5;   // bytes zstd asks for at the start of a frame
constexpr std::size_t kBlockHeader = 3;  // zstd asks for a block and the header of the one after it

class ZstdReader final : public ByteReader {
  public:
    explicit ZstdReader(std::unique_ptr<ByteReader> compressed)
        : compressed_(std::move(compressed)), context_(ZSTD_createDCtx()), stored_(ZSTD_DStreamInSize()) {
        SPY_ASSERT(context_ != nullptr);
    }
    ~ZstdReader() override { ZSTD_freeDCtx(context_); }
    ZstdReader(const ZstdReader&) = delete;
    ZstdReader& operator=(const ZstdReader&) = delete;

    ReadOutcome read(std::span<std::byte> into) override {
        ZSTD_outBuffer out{into.data(), into.size(), 0};
        while (out.pos < out.size) {
            if (in_.pos == in_.size && !compressed_ended_) {
                if (std::optional<Error> failed = refill()) return {out.pos, false, std::move(failed)};
            }
            const bool exhausted = in_.pos == in_.size;
            if (exhausted && !inside_frame_) return {out.pos, true, std::nullopt};
            const std::size_t out_before = out.pos;
            const bool flushing = maybe_unflushed_;
            if (std::optional<Error> failed = step(out)) return {out.pos, false, std::move(failed)};
            if (exhausted && out.pos == out_before && !flushing) {
                return {out.pos, false,
                        make_error(ErrorCode::truncated, "the file ends at byte {} inside a zstd frame",
                                   before_buffer_ + in_.size)};
            }
        }
        return {out.pos, false, std::nullopt};
    }

  private:
    // Gives zstd one piece of a frame: its header, one block's header, or one block; or nothing, while the block before may
    // not be all out. A call that fails forgets what it put out before it failed, so no call may have the rest of a good
    // block and a bad one; nor a whole small frame, which it would decompress in one go.
    std::optional<Error> step(ZSTD_outBuffer& out) {
        std::size_t piece = wanted_ > kBlockHeader ? wanted_ - kBlockHeader : wanted_;
        if (maybe_unflushed_) piece = 0;
        ZSTD_inBuffer in{in_.src, in_.pos + std::min(piece, in_.size - in_.pos), in_.pos};
        const std::size_t wanted = ZSTD_decompressStream(context_, &out, &in);
        if (ZSTD_isError(wanted) != 0U) {
            return make_error(ErrorCode::malformed, "zstd: {}, near byte {} of the compressed file",
                              ZSTD_getErrorName(wanted), before_buffer_ + in_.pos);
        }
        in_.pos = in.pos;
        maybe_unflushed_ = out.pos == out.size;
        inside_frame_ = wanted != 0;
        wanted_ = inside_frame_ ? wanted : kFrameStart;
        return std::nullopt;
    }

    std::optional<Error> refill() {
        if (pending_) return std::move(pending_);
        before_buffer_ += in_.size;
        ReadOutcome outcome = compressed_->read(stored_);
        in_ = {stored_.data(), outcome.size, 0};
        compressed_ended_ = outcome.end;
        if (outcome.size == 0) return std::move(outcome.error);
        pending_ = std::move(outcome.error);  // the bytes before it first
        return std::nullopt;
    }

    std::unique_ptr<ByteReader> compressed_;
    ZSTD_DCtx* context_;
    std::vector<std::byte> stored_;
    ZSTD_inBuffer in_ = {nullptr, 0, 0};
    std::uint64_t before_buffer_ = 0;  // compressed bytes before stored_
    std::optional<Error> pending_;
    bool compressed_ended_ = false;
    bool inside_frame_ = false;
    bool maybe_unflushed_ = false;      // the last call filled its output
    std::size_t wanted_ = kFrameStart;  // bytes zstd asked for
};

}  // namespace

bool begins_zstd(std::span<const std::byte> bytes) {
    if (bytes.size() < sizeof(std::uint32_t)) return false;
    const auto magic = load<std::uint32_t>(bytes.data());
    return magic == ZSTD_MAGICNUMBER || (magic & kSkippableMask) == ZSTD_MAGIC_SKIPPABLE_START;
}

std::unique_ptr<ByteReader> make_zstd_reader(std::unique_ptr<ByteReader> compressed) {
    return std::make_unique<ZstdReader>(std::move(compressed));
}

}  // namespace spymaster::dbn
