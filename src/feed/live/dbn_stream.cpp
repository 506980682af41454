#include "feed/live/dbn_stream.hpp"

#include <algorithm>
#include <cstring>

#include "dbn/record_walk.hpp"

namespace spymaster::feed::live {

Result<void> DbnStream::feed(std::span<const std::byte> bytes, const Use& use) {
    if (!metadata_) SPY_TRY(read_metadata(bytes));
    if (!metadata_) return {};
    if (begun_size_ != 0) {
        SPY_ASSIGN(const bool whole, complete_record(bytes));
        if (!whole) return {};
        begun_size_ = 0;
        ++records_;
        if (!use(begun_.data())) return {};
    }
    const dbn::RecordWalk walk = dbn::walk_records(bytes.data(), bytes.data() + bytes.size());
    for (std::size_t at = 0; at < walk.bytes;) {
        const std::byte* const record = bytes.data() + at;
        at += dbn::load<dbn::RecordHeader>(record).size();
        ++records_;
        if (!use(record)) return {};
    }
    const auto rest = bytes.subspan(walk.bytes);
    if (!walk.sound) return unsound(rest.data());
    std::copy(rest.begin(), rest.end(), begun_.begin());
    begun_size_ = rest.size();
    return {};
}

Result<void> DbnStream::read_metadata(std::span<const std::byte>& bytes) {
    const auto take = [&](std::size_t wanted) {
        const std::size_t count = std::min(bytes.size(), wanted - std::min(wanted, head_.size()));
        head_.insert(head_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
        bytes = bytes.subspan(count);
        return head_.size() >= wanted;
    };
    if (!take(dbn::kMetadataPreludeSize)) return {};
    SPY_ASSIGN(const dbn::MetadataPrelude prelude,
               dbn::decode_prelude(std::span(head_).first(dbn::kMetadataPreludeSize)));
    if (!take(dbn::kMetadataPreludeSize + prelude.length)) return {};
    SPY_ASSIGN(dbn::Metadata metadata,
               dbn::decode_metadata(prelude.version, std::span(head_).subspan(dbn::kMetadataPreludeSize)));
    if (metadata.ts_out) {
        return make_error(ErrorCode::malformed, "the session sends ts_out, which was not asked for");
    }
    metadata_ = std::move(metadata);
    return {};
}

Result<bool> DbnStream::complete_record(std::span<const std::byte>& bytes) {
    // The first two bytes tell whether it can be a record, and how long it is.
    for (std::size_t wanted = sizeof(std::uint16_t);;) {
        const std::size_t count = std::min(bytes.size(), wanted - std::min(wanted, begun_size_));
        std::copy_n(bytes.begin(), count, begun_.begin() + static_cast<std::ptrdiff_t>(begun_size_));
        begun_size_ += count;
        bytes = bytes.subspan(count);
        if (begun_size_ < wanted) return false;
        const dbn::RecordWalk walk = dbn::walk_records(begun_.data(), begun_.data() + begun_size_);
        if (!walk.sound) return unsound(begun_.data());
        if (walk.records != 0) return true;
        wanted = std::to_integer<std::size_t>(begun_[0]) * 4;
    }
}

Error DbnStream::unsound(const std::byte* record) const {
    const auto size = std::to_integer<std::size_t>(record[0]) * 4;
    const auto type = std::to_integer<std::uint8_t>(record[1]);
    return make_error(ErrorCode::malformed,
                      "record {} of the session: a record of type {:#04x} cannot have {} bytes", records_ + 1,
                      type, size);
}

}  // namespace spymaster::feed::live
