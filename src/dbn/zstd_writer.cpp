#include "dbn/zstd_writer.hpp"

#include <zstd.h>

#include "base/assert.hpp"

namespace spymaster::dbn {

void ZstdWriter::Free::operator()(ZSTD_CCtx_s* context) const {
    ZSTD_freeCCtx(context);
}

ZstdWriter::ZstdWriter(int level) : context_(ZSTD_createCCtx()) {
    SPY_ASSERT(context_ != nullptr);
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level);
    // A flipped bit is an error, not a wrong price.
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
}

void ZstdWriter::compress(std::span<const std::byte> bytes, int directive, std::vector<std::byte>& out) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (;;) {
        const std::size_t before = out.size();
        out.resize(before + ZSTD_CStreamOutSize());
        ZSTD_outBuffer room{out.data() + before, out.size() - before, 0};
        const std::size_t left =
            ZSTD_compressStream2(context_.get(), &room, &in, static_cast<ZSTD_EndDirective>(directive));
        out.resize(before + room.pos);
        // Compressing from memory to memory fails for want of memory only.
        SPY_ASSERT(ZSTD_isError(left) == 0U);
        if (directive == ZSTD_e_continue ? in.pos == in.size : left == 0) return;
    }
}

void ZstdWriter::write(std::span<const std::byte> bytes, std::vector<std::byte>& out) {
    compress(bytes, ZSTD_e_continue, out);
}

void ZstdWriter::flush(std::vector<std::byte>& out) {
    compress({}, ZSTD_e_flush, out);
}

void ZstdWriter::finish(std::span<const std::byte> bytes, std::vector<std::byte>& out) {
    compress(bytes, ZSTD_e_end, out);
}

}  // namespace spymaster::dbn
