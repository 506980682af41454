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
            if (in_.pos == in_.size && compressed_ended_ && !inside_frame_)
                return {out.pos, true, std::nullopt};
            const std::size_t in_before = in_.pos;
            const std::size_t out_before = out.pos;
            const std::size_t hint = ZSTD_decompressStream(context_, &out, &in_);
            if (ZSTD_isError(hint) != 0U) {
                return {out.pos, false,
                        make_error(ErrorCode::malformed, "zstd: {}, near byte {} of the compressed file",
                                   ZSTD_getErrorName(hint), before_buffer_ + in_.pos)};
            }
            inside_frame_ = hint != 0;
            if (in_.pos == in_before && out.pos == out_before && compressed_ended_) {
                return {out.pos, false,
                        make_error(ErrorCode::truncated, "the file ends at byte {} inside a zstd frame",
                                   before_buffer_ + in_.size)};
            }
        }
        return {out.pos, false, std::nullopt};
    }

  private:
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
