#include "dbn/decoder.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "dbn/block_source.hpp"
#include "dbn/byte_reader.hpp"
#include "dbn/record_walk.hpp"
#include "dbn/upgrade.hpp"

namespace spymaster::dbn {

namespace {

// Fits the second-level cache with room for the reader's own data (bench/decode_bench.cpp).
constexpr std::size_t kBlockBytes = std::size_t{256} << 10U;
constexpr std::size_t kMagicBytes = 4;  // "DBN" and the version, or the number a zstd frame begins with

// The version a file's name states: ".v2." in "test_data.mbo.v2.dbn.frag".
int version_in_name(std::string_view name) {
    for (int version = 1; version <= kNewestVersion; ++version) {
        if (name.find(fmt::format(".v{}.", version)) != std::string_view::npos) return version;
    }
    return 0;
}

}  // namespace

class Decoder::Impl {
  public:
    Impl(std::unique_ptr<InputReader> input, std::string name, DecodeOptions options)
        : name_(std::move(name)), options_(options), input_(input.get()), owned_input_(std::move(input)) {}

    Result<void> start();
    Result<std::span<const std::byte>> next_block();

    std::optional<Metadata> metadata_;
    int version_ = kNewestVersion;
    std::uint64_t bytes_ = 0;    // delivered
    std::uint64_t records_ = 0;  // delivered

    [[nodiscard]] const InputReader& input() const { return *input_; }

  private:
    // Makes at least `count` bytes lie at cursor_, if the input has them. REQUIRES: count <= kMaxRecordSize.
    bool gather(std::size_t count);
    void next_from_source();
    Result<void> read_metadata();
    void guess_fragment_version();
    [[nodiscard]] std::size_t available() const { return static_cast<std::size_t>(end_ - cursor_); }
    [[nodiscard]] bool last_block() const { return block_ != nullptr && block_->last; }

    Error at_cursor(ErrorCode code, std::string_view what) const;
    Error why_ended(std::size_t bytes_into) const;
    Error unsound_record() const;

    std::string name_;
    DecodeOptions options_;
    InputReader* input_;  // owned by owned_input_, then by source_
    std::unique_ptr<InputReader> owned_input_;
    std::unique_ptr<BlockSource> source_;
    bool compressed_ = false;
    bool in_metadata_ = false;

    Block* block_ = nullptr;
    const std::byte* cursor_ = nullptr;
    const std::byte* end_ = nullptr;
    std::optional<Error> failed_;
};

Result<void> Decoder::Impl::start() {
    auto first = owned_input_->peek(kMagicBytes);
    if (!first) return first.error().within(name_);
    if (first->empty() && !options_.fragment) {
        return make_error(ErrorCode::truncated, "{}: the file is empty; fetch it again", name_);
    }
    compressed_ = begins_zstd(*first);
    std::unique_ptr<ByteReader> reader = std::move(owned_input_);
    if (compressed_) reader = make_zstd_reader(std::move(reader));
    const std::size_t block_bytes = options_.block_bytes == 0 ? kBlockBytes : options_.block_bytes;
    // Uncompressed bytes cost less to read here than to hand over from another core.
    source_ =
        std::make_unique<BlockSource>(std::move(reader), block_bytes, options_.own_thread && compressed_);

    gather(kMetadataPreludeSize);
    const bool has_metadata = available() >= 3 && std::memcmp(cursor_, "DBN", 3) == 0;
    if (has_metadata || !options_.fragment) return read_metadata();
    guess_fragment_version();
    return {};
}

bool Decoder::Impl::gather(std::size_t count) {
    SPY_ASSERT(count <= kMaxRecordSize);
    while (available() < count && !last_block()) next_from_source();
    return available() >= count;
}

// Moves on to the next block, with what is left of this one (less than a record) put before it.
void Decoder::Impl::next_from_source() {
    std::array<std::byte, kMaxRecordSize> carried;
    const std::size_t left = available();
    SPY_ASSERT(left <= carried.size());
    if (left != 0) std::memcpy(carried.data(), cursor_, left);
    block_ = &source_->next();
    std::byte* const begin = block_->data - left;
    if (left != 0) std::memcpy(begin, carried.data(), left);
    cursor_ = begin;
    end_ = block_->data + block_->size;
}

Result<void> Decoder::Impl::read_metadata() {
    in_metadata_ = true;
    if (available() < kMetadataPreludeSize) return why_ended(available());
    const auto prelude = decode_prelude({cursor_, kMetadataPreludeSize});
    if (!prelude) return at_cursor(prelude.error().code, prelude.error().message);
    cursor_ += kMetadataPreludeSize;
    bytes_ += kMetadataPreludeSize;

    // Grows as the bytes come, so that a length that is a lie costs nothing.
    std::vector<std::byte> block;
    while (block.size() < prelude->length) {
        if (available() == 0) {
            if (last_block()) return why_ended(block.size());
            next_from_source();
            continue;
        }
        const std::size_t count = std::min(available(), prelude->length - block.size());
        block.insert(block.end(), cursor_, cursor_ + count);
        cursor_ += count;
    }
    auto metadata = decode_metadata(prelude->version, block);
    if (!metadata) return at_cursor(metadata.error().code, metadata.error().message);
    bytes_ += block.size();
    metadata_ = std::move(*metadata);
    version_ = metadata_->version;
    in_metadata_ = false;
    return {};
}

void Decoder::Impl::guess_fragment_version() {
    const int named = options_.fragment_version != 0 ? options_.fragment_version : version_in_name(name_);
    if (named != 0) {
        version_ = named;
    } else if (gather(sizeof(RecordHeader))) {
        const int fitting = newest_version_with(load<RecordHeader>(cursor_));
        if (fitting != 0) version_ = fitting;
    }
}

Result<std::span<const std::byte>> Decoder::Impl::next_block() {
    while (!failed_) {
        const RecordWalk walk = walk_records(cursor_, end_);
        if (walk.records != 0) {
            const std::span<const std::byte> whole(cursor_, walk.bytes);
            cursor_ += walk.bytes;
            bytes_ += walk.bytes;
            records_ += walk.records;
            return whole;
        }
        if (!walk.sound) {
            failed_ = unsound_record();
        } else if (!last_block()) {
            next_from_source();
        } else if (available() != 0 || block_->error) {
            failed_ = why_ended(available());
        } else {
            return std::span<const std::byte>();
        }
    }
    return *failed_;
}

Error Decoder::Impl::at_cursor(ErrorCode code, std::string_view what) const {
    const std::string_view space = compressed_ ? " of the decompressed data" : "";
    const std::string part = in_metadata_ ? "metadata" : fmt::format("record {}", records_ + 1);
    return make_error(code, "{}: byte {}{}, {}: {}", name_, bytes_, space, part, what);
}

// The input is over where it should not be: its own error, or a plain end inside a record or the metadata.
Error Decoder::Impl::why_ended(std::size_t bytes_into) const {
    if (block_->error) return at_cursor(block_->error->code, block_->error->message);
    return at_cursor(ErrorCode::truncated,
                     fmt::format("the data end {} bytes into it; fetch the file again", bytes_into));
}

Error Decoder::Impl::unsound_record() const {
    const auto length = std::to_integer<std::size_t>(cursor_[0]) * 4;
    const auto type = std::to_integer<std::uint8_t>(cursor_[1]);
    return at_cursor(
        ErrorCode::malformed,
        fmt::format(
            "a record of type {:#04x} cannot have {} bytes (at least {}); the data are corrupt or not DBN",
            type, length, min_record_size(type)));
}

Result<Decoder> Decoder::open(const std::filesystem::path& path, DecodeOptions options) {
    SPY_ASSIGN(std::unique_ptr<InputReader> input, InputReader::open(path));
    if (path.filename().string().find(".frag") != std::string::npos) options.fragment = true;
    auto impl = std::make_unique<Impl>(std::move(input), path.string(), options);
    SPY_TRY(impl->start());
    return Decoder(std::move(impl));
}

Result<Decoder> Decoder::from_memory(std::span<const std::byte> bytes, std::string name,
                                     DecodeOptions options) {
    auto impl = std::make_unique<Impl>(InputReader::over(bytes), std::move(name), options);
    SPY_TRY(impl->start());
    return Decoder(std::move(impl));
}

Decoder::Decoder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;
Decoder::~Decoder() = default;

const Metadata* Decoder::metadata() const {
    return impl_->metadata_ ? &*impl_->metadata_ : nullptr;
}
int Decoder::version() const {
    return impl_->version_;
}
Result<std::span<const std::byte>> Decoder::next_block() {
    return impl_->next_block();
}
std::uint64_t Decoder::bytes_consumed() const {
    return impl_->bytes_;
}
std::uint64_t Decoder::records_consumed() const {
    return impl_->records_;
}
std::uint64_t Decoder::compressed_bytes_consumed() const {
    return impl_->input().position();
}
std::uint64_t Decoder::compressed_size() const {
    return impl_->input().size();
}

}  // namespace spymaster::dbn
