#include "feed/gateway/dbn_body.hpp"

namespace spymaster::feed {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{256} << 10U;  // of raw DBN

}  // namespace

DbnBody::DbnBody(std::vector<std::byte> head, std::vector<std::byte> first, RecordReader reader, bool zstd)
    : raw_(std::move(head)), reader_(std::move(reader)) {
    raw_.insert(raw_.end(), first.begin(), first.end());
    if (zstd) compressor_.emplace();
}

Result<void> DbnBody::next(std::vector<std::byte>& piece) {
    piece.clear();
    while (piece.empty() && !ended_) {
        while (raw_.size() < kPieceBytes && !ended_) {
            SPY_ASSIGN(const auto record, reader_.next());
            raw_.insert(raw_.end(), record.begin(), record.end());
            ended_ = record.empty();
        }
        if (!compressor_) {
            piece = std::move(raw_);
        } else if (ended_) {
            compressor_->finish(raw_, piece);
        } else {
            compressor_->write(raw_, piece);
        }
        raw_.clear();
    }
    return {};
}

}  // namespace spymaster::feed
