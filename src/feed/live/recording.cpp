#include "feed/live/recording.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "dbn/decoder.hpp"
#include "feed/live/recording_path.hpp"

namespace spymaster::feed::live {

namespace fs = std::filesystem;

namespace {

// A new name is on the disk once its folder is.
void flush_folder(const fs::path& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    ::fsync(fd);
    ::close(fd);
}

// Nothing but zeros from there to the end: what some file systems leave of a write that a power cut has interrupted.
bool ends_in_zeros(int fd, std::uint64_t from) {
    std::array<char, 4096> bytes;
    for (;;) {
        const ssize_t count = ::pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(from));
        if (count <= 0) return count == 0;
        if (std::any_of(bytes.begin(), bytes.begin() + count, [](char c) { return c != 0; })) return false;
        from += static_cast<std::uint64_t>(count);
    }
}

Result<std::vector<std::byte>> first_bytes(const fs::path& path, int fd, std::uint64_t size) {
    std::vector<std::byte> bytes(size);
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t count = ::pread(fd, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0)
            return make_error(ErrorCode::io, "cannot read {}: {}", path.string(), std::strerror(errno));
        at += static_cast<std::size_t>(count);
    }
    return bytes;
}

}  // namespace

Result<RecordingLock> RecordingLock::take(const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return make_error(ErrorCode::io, "cannot make {}: {}", folder.string(), failed.message());
    RecordingLock lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (lock.fd_ < 0) {
        return make_error(ErrorCode::io, "cannot open {}: {}", folder.string(), std::strerror(errno));
    }
    if (::flock(lock.fd_, LOCK_EX | LOCK_NB) != 0) {
        return make_error(ErrorCode::conflict,
                          "another program records into {}; stop it, or record into another lake",
                          folder.string());
    }
    return lock;
}

RecordingLock::RecordingLock(RecordingLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
RecordingLock& RecordingLock::operator=(RecordingLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}
RecordingLock::~RecordingLock() {
    if (fd_ >= 0) ::close(fd_);
}

Result<std::optional<FoundRecording>> newest_recording(const fs::path& folder, std::string_view dataset,
                                                       const market::Date& from) {
    const std::string first = recording_name(dataset, from);
    const std::size_t date_at = first.find(from.compact());
    std::string newest;  // the names are as long as each other, and sort by date
    std::error_code failed;
    for (auto entry = fs::directory_iterator(folder, failed); !failed && entry != fs::directory_iterator();
         entry.increment(failed)) {
        std::string name = entry->path().filename().string();
        if (name.size() != first.size() || name < first || name < newest) continue;
        const std::string digits = name.substr(date_at, from.compact().size());
        const auto date = market::parse_date(
            fmt::format("{}-{}-{}", digits.substr(0, 4), digits.substr(4, 2), digits.substr(6)));
        if (date && recording_name(dataset, *date) == name) newest = std::move(name);
    }
    if (failed) return make_error(ErrorCode::io, "cannot list {}: {}", folder.string(), failed.message());
    if (newest.empty()) return std::optional<FoundRecording>();
    const std::string digits = newest.substr(date_at);
    SPY_ASSIGN(const market::Date date,
               market::parse_date(
                   fmt::format("{}-{}-{}", digits.substr(0, 4), digits.substr(4, 2), digits.substr(6, 2))));
    return std::optional(FoundRecording{date, folder / newest});
}

Error Recording::failed(std::string_view what, int error) const {
    const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    return make_error(ErrorCode::io, "cannot {} {}: {}{}", what, path_.string(), std::strerror(error),
                      full ? "; make room and start again: what it has is whole" : "");
}

Result<void> Recording::open(const fs::path& path, int flags) {
    path_ = path;
    const int fd = ::open(path.c_str(), flags | O_RDWR | O_CLOEXEC, 0644);
    if (fd < 0 && errno == EEXIST) {
        return make_error(ErrorCode::conflict,
                          "{} is there already and belongs to no earlier day of this run; move it away",
                          path.string());
    }
    if (fd < 0) return failed("open", errno);
    flusher_.watch(fd);
    fd_ = fd;
    size_ = 0;
    return {};
}

Result<void> Recording::create(const fs::path& path, std::span<const std::byte> metadata_bytes) {
    SPY_TRY(open(path, O_CREAT | O_EXCL));
    SPY_TRY(append(metadata_bytes));
    flush_folder(path.parent_path());
    return {};
}

Result<void> Recording::reopen(const fs::path& path, std::string_view dataset, const OnHead& on_head,
                               const OnBlock& on_block) {
    SPY_TRY(open(path, 0));
    auto decoder = dbn::Decoder::open(path, {.own_thread = false});
    if (!decoder && (decoder.error().code == ErrorCode::truncated || ends_in_zeros(fd_, 0))) {
        close();
        std::error_code failed_to;
        fs::remove(path, failed_to);
        if (failed_to)
            return make_error(ErrorCode::io, "cannot remove {}: {}", path.string(), failed_to.message());
        return {};
    }
    if (!decoder) return decoder.error().within("the recording to continue; move it away");
    const dbn::Metadata& metadata = *decoder->metadata();
    if (metadata.dataset != dataset) {
        return make_error(ErrorCode::conflict, "{} is of {}, not {}; move it away", path.string(),
                          metadata.dataset, dataset);
    }
    SPY_ASSIGN(const auto head, first_bytes(path, fd_, decoder->bytes_consumed()));
    SPY_TRY(on_head(metadata, head));
    for (;;) {
        const auto block = decoder->next_block();
        if (!block) {
            const bool half = block.error().code == ErrorCode::truncated;
            if (half || ends_in_zeros(fd_, decoder->bytes_consumed())) break;
            return block.error().within("the recording to continue; move it away");
        }
        if (block->empty()) break;
        SPY_TRY(on_block(*block));
    }
    return cut_back(decoder->bytes_consumed());
}

Result<void> Recording::cut_back(std::uint64_t size) {
    if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) return failed("cut", errno);
    if (::lseek(fd_, static_cast<off_t>(size), SEEK_SET) < 0) return failed("seek in", errno);
    size_ = size;
    flusher_.wrote();
    return {};
}

Result<void> Recording::append(std::span<const std::byte> whole_records) {
    if (const std::string why = flusher_.failure(); !why.empty()) {
        return make_error(ErrorCode::io, "{} does not reach the disk: {}", path_.string(), why);
    }
    if (auto written = write_all(whole_records); !written) {
        const auto cut = cut_back(size_);
        return cut ? written.error() : cut.error();
    }
    size_ += whole_records.size();
    flusher_.wrote();
    return {};
}

Result<void> Recording::write_all(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return failed("write", errno);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> Recording::finish() {
    if (!is_open()) return {};
    const std::string why = flusher_.finish();
    close();
    if (!why.empty()) return make_error(ErrorCode::io, "{} does not reach the disk: {}", path_.string(), why);
    return {};
}

void Recording::close() {
    flusher_.watch(-1);
    fd_ = -1;
}

}  // namespace spymaster::feed::live
