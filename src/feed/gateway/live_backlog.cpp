#include "feed/gateway/live_backlog.hpp"

#include <zstd.h>

#include <algorithm>
#include <array>

#include "base/assert.hpp"

namespace spymaster::feed {

namespace {

constexpr int kLevel = 1;
// Bytes sent are forgotten when there are that many.
constexpr std::size_t kForget = std::size_t{64} << 10U;

}  // namespace

void Backlog::Free::operator()(ZSTD_CCtx_s* context) const {
    ZSTD_freeCCtx(context);
}

void Backlog::compress() {
    zstd_.reset(ZSTD_createCCtx());
    SPY_ASSERT(zstd_ != nullptr);
    ZSTD_CCtx_setParameter(zstd_.get(), ZSTD_c_compressionLevel, kLevel);
}

void Backlog::append(std::span<const std::byte> bytes) {
    if (zstd_) {
        put_compressed(bytes, false);
        unflushed_ = true;
    } else {
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }
}

std::span<const std::byte> Backlog::ready() {
    if (unflushed_) put_compressed({}, true);
    unflushed_ = false;
    return std::span(bytes_).subspan(sent_);
}

void Backlog::sent(std::size_t bytes) {
    sent_ += bytes;
    SPY_ASSERT(sent_ <= bytes_.size());
    if (sent_ == bytes_.size() || sent_ >= std::max(kForget, bytes_.size() / 2)) {
        bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(sent_));
        sent_ = 0;
    }
}

void Backlog::put_compressed(std::span<const std::byte> bytes, bool flush) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    std::array<std::byte, 4096> block;
    while (true) {
        ZSTD_outBuffer out{block.data(), block.size(), 0};
        const std::size_t left =
            ZSTD_compressStream2(zstd_.get(), &out, &in, flush ? ZSTD_e_flush : ZSTD_e_continue);
        SPY_ASSERT(ZSTD_isError(left) == 0);  // memory to memory
        bytes_.insert(bytes_.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(out.pos));
        if (flush ? left == 0 : in.pos == in.size) return;
    }
}

}  // namespace spymaster::feed
