#include "feed/gateway/live_backlog.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace spymaster::feed {

namespace {

// Bytes sent are forgotten when there are that many, and at least half.
constexpr std::size_t kForget = std::size_t{64} << 10U;

}  // namespace

void Backlog::append(std::span<const std::byte> bytes) {
    auto& to = zstd_ ? plain_ : bytes_;
    to.insert(to.end(), bytes.begin(), bytes.end());
}

std::span<const std::byte> Backlog::ready() {
    if (!plain_.empty()) {
        zstd_->write(plain_, bytes_);
        zstd_->flush(bytes_);
        plain_.clear();
    }
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

}  // namespace spymaster::feed
