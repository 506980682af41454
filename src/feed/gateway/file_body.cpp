#include "feed/gateway/file_body.hpp"

#include <algorithm>
#include <boost/crc.hpp>
#include <span>
#include <string_view>

namespace spymaster::feed {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{256} << 10U;
constexpr std::size_t kLocalHead = 30;    // bytes before the name
constexpr std::size_t kCentralHead = 46;  // likewise
constexpr std::size_t kEndRecord = 22;
constexpr std::uint32_t kVersion = 20;
constexpr std::uint32_t kDate1980 = 0x0021;  // 1980-01-01: the format's first

Error cannot_read(const std::filesystem::path& path) {
    return make_error(ErrorCode::io, "cannot read {}", path.string());
}

void put(std::vector<std::byte>& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

void put(std::vector<std::byte>& out, std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    out.insert(out.end(), bytes.begin(), bytes.end());
}

// What local and central heads have in common: versions, flags, method (stored), time, date, checksum, sizes, name length.
void put_facts(std::vector<std::byte>& out, const ArchivedFile& file) {
    put(out, kVersion, 2);
    put(out, 0, 2);
    put(out, 0, 2);
    put(out, 0, 2);
    put(out, kDate1980, 2);
    put(out, file.crc32, 4);
    put(out, file.size, 4);
    put(out, file.size, 4);
    put(out, file.name.size(), 2);
    put(out, 0, 2);  // extra field
}

void put_local_head(std::vector<std::byte>& out, const ArchivedFile& file) {
    put(out, 0x04034b50, 4);
    put_facts(out, file);
    put(out, file.name);
}

void put_directory(std::vector<std::byte>& out, const std::vector<ArchivedFile>& files) {
    std::uint64_t offset = 0;
    for (const auto& file : files) {
        put(out, 0x02014b50, 4);
        put(out, kVersion, 2);
        put_facts(out, file);
        put(out, 0, 2);  // comment
        put(out, 0, 2);  // disk
        put(out, 0, 2);  // attributes
        put(out, 0, 4);
        put(out, offset, 4);
        put(out, file.name);
        offset += kLocalHead + file.name.size() + file.size;
    }
    const std::uint64_t directory = out.size();
    put(out, 0x06054b50, 4);
    put(out, 0, 4);  // disks
    put(out, files.size(), 2);
    put(out, files.size(), 2);
    put(out, directory, 4);
    put(out, offset, 4);
    put(out, 0, 2);  // comment
}

}  // namespace

Result<std::unique_ptr<FileBody>> FileBody::open(const std::filesystem::path& path, std::uint64_t first,
                                                 std::uint64_t size, DownloadFault fault) {
    std::ifstream in(path, std::ios::binary);
    if (!in || !in.seekg(static_cast<std::streamoff>(first))) return cannot_read(path);
    return std::unique_ptr<FileBody>(new FileBody(std::move(in), size, fault));
}

Result<void> FileBody::next(std::vector<std::byte>& piece) {
    std::uint64_t wanted = std::min<std::uint64_t>(left_, kPieceBytes);
    if (fault_.cut_bytes > 0) {
        if (left_ > 0 && given_ == fault_.cut_bytes)
            return make_error(ErrorCode::io, "broken off on purpose after {} bytes", given_);
        wanted = std::min(wanted, fault_.cut_bytes - given_);
    }
    piece.resize(wanted);
    if (wanted == 0) return {};
    in_.read(reinterpret_cast<char*>(piece.data()), static_cast<std::streamsize>(wanted));
    if (static_cast<std::uint64_t>(in_.gcount()) != wanted)
        return make_error(ErrorCode::io, "a job's file has become shorter");
    if (fault_.corrupt && given_ == 0) piece[0] ^= std::byte{0x55};
    given_ += wanted;
    left_ -= wanted;
    return {};
}

Result<std::uint32_t> crc32_of_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return cannot_read(path);
    boost::crc_32_type crc;
    std::vector<char> block(kPieceBytes);
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0)
        crc.process_bytes(block.data(), static_cast<std::size_t>(in.gcount()));
    if (in.bad()) return cannot_read(path);
    return crc.checksum();
}

ZipBody::ZipBody(std::vector<ArchivedFile> files) : files_(std::move(files)) {}

std::uint64_t ZipBody::size() const {
    std::uint64_t size = kEndRecord;
    for (const auto& file : files_) size += kLocalHead + kCentralHead + 2 * file.name.size() + file.size;
    return size;
}

Result<void> ZipBody::next(std::vector<std::byte>& piece) {
    piece.clear();
    if (open_) {
        SPY_TRY(open_->next(piece));
        if (!piece.empty()) return {};
        open_.reset();
        ++file_;
    }
    if (file_ < files_.size()) {
        const auto& file = files_[file_];
        SPY_ASSIGN(open_, FileBody::open(file.path, 0, file.size, {}));
        put_local_head(piece, file);
    } else if (!ended_) {
        ended_ = true;
        put_directory(piece, files_);
    }
    return {};
}

}  // namespace spymaster::feed
