#include "dbn/byte_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

namespace spymaster::dbn {

namespace {

class FileReader final : public InputReader {
  public:
    FileReader(int file, std::uint64_t size) : InputReader(size), file_(file) {}
    ~FileReader() override { ::close(file_); }
    FileReader(const FileReader&) = delete;
    FileReader& operator=(const FileReader&) = delete;

  private:
    ReadOutcome read_stored(std::span<std::byte> into) override {
        std::size_t filled = 0;
        while (filled < into.size()) {
            const ssize_t count = ::read(file_, into.data() + filled, into.size() - filled);
            if (count == 0) return {filled, true, std::nullopt};
            if (count < 0 && errno == EINTR) continue;
            if (count < 0)
                return {filled, false, make_error(ErrorCode::io, "cannot read: {}", std::strerror(errno))};
            filled += static_cast<std::size_t>(count);
        }
        return {filled, false, std::nullopt};
    }

    int file_;
};

class MemoryReader final : public InputReader {
  public:
    explicit MemoryReader(std::span<const std::byte> bytes) : InputReader(bytes.size()), rest_(bytes) {}

  private:
    ReadOutcome read_stored(std::span<std::byte> into) override {
        const std::size_t count = std::min(into.size(), rest_.size());
        std::copy_n(rest_.begin(), count, into.begin());
        rest_ = rest_.subspan(count);
        return {count, count < into.size(), std::nullopt};
    }

    std::span<const std::byte> rest_;
};

}  // namespace

Result<std::unique_ptr<InputReader>> InputReader::open(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        const ErrorCode code = errno == ENOENT || errno == ENOTDIR ? ErrorCode::missing : ErrorCode::io;
        return make_error(code, "{}: cannot open: {}", path.string(), std::strerror(errno));
    }
    struct stat status = {};
    if (::fstat(file, &status) != 0 || S_ISDIR(status.st_mode)) {
        ::close(file);
        return make_error(ErrorCode::io, "{}: not a file that can be read", path.string());
    }
    ::posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL);  // a hint: a failure costs time only
    const auto size = S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
    return std::unique_ptr<InputReader>(std::make_unique<FileReader>(file, size));
}

std::unique_ptr<InputReader> InputReader::over(std::span<const std::byte> bytes) {
    return std::make_unique<MemoryReader>(bytes);
}

Result<std::span<const std::byte>> InputReader::peek(std::size_t count) {
    peeked_.resize(count);
    const ReadOutcome outcome = read_stored(peeked_);
    if (outcome.error) return *outcome.error;
    peeked_.resize(outcome.size);
    ended_at_peek_ = outcome.end;
    return std::span<const std::byte>(peeked_);
}

ReadOutcome InputReader::read(std::span<std::byte> into) {
    const std::size_t from_peek = std::min(into.size(), peeked_.size() - peeked_used_);
    std::copy_n(peeked_.begin() + static_cast<std::ptrdiff_t>(peeked_used_), from_peek, into.begin());
    peeked_used_ += from_peek;
    ReadOutcome outcome;
    if (ended_at_peek_ && peeked_used_ == peeked_.size()) {
        outcome.end = true;
    } else if (from_peek < into.size()) {
        outcome = read_stored(into.subspan(from_peek));
    }
    outcome.size += from_peek;
    position_.fetch_add(outcome.size, std::memory_order_relaxed);
    return outcome;
}

}  // namespace spymaster::dbn
