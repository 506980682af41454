#include "feed/historical/verified_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

#include "base/files.hpp"
#include "base/sha256.hpp"

namespace spymaster::feed {

namespace fs = std::filesystem;

namespace {

using std::chrono::milliseconds;

constexpr int kMostCuts = 5;       // in a row, without a byte between
constexpr int kMostDownloads = 3;  // of a file that comes wrong
constexpr milliseconds kFirstPause{1'000};

// REQUIRES: called at once after the system call that failed.
Error system_error(std::string_view doing, const fs::path& path) {
    return make_error(ErrorCode::io, "cannot {} {}: {}", doing, path.string(),
                      std::generic_category().message(errno));
}

// What there is of a file so far, and its hash.
class PartialFile {
  public:
    static Result<PartialFile> open(const fs::path& path) {
        PartialFile file(path, ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
        if (file.descriptor_ < 0) return system_error("open", path);
        std::vector<char> buffer(std::size_t{1} << 20);
        for (;;) {
            const ssize_t count = ::read(file.descriptor_, buffer.data(), buffer.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return system_error("read", path);
            if (count == 0) return file;
            file.hash_.update(buffer.data(), static_cast<std::size_t>(count));
            file.size_ += static_cast<std::uint64_t>(count);
        }
    }
    PartialFile(PartialFile&& other) noexcept
        : path_(std::move(other.path_)),
          descriptor_(std::exchange(other.descriptor_, -1)),
          size_(other.size_),
          hash_(std::move(other.hash_)) {}
    PartialFile& operator=(PartialFile&&) = delete;
    ~PartialFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    [[nodiscard]] std::uint64_t size() const { return size_; }

    Result<void> restart() {
        if (::ftruncate(descriptor_, 0) != 0 || ::lseek(descriptor_, 0, SEEK_SET) != 0)
            return system_error("empty", path_);
        size_ = 0;
        hash_ = Sha256();
        return {};
    }

    Result<void> append(std::span<const std::byte> bytes) {
        hash_.update(bytes.data(), bytes.size());
        while (!bytes.empty()) {
            const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return system_error("write", path_);
            bytes = bytes.subspan(static_cast<std::size_t>(count));
            size_ += static_cast<std::uint64_t>(count);
        }
        return {};
    }

    // REQUIRES: called last.
    std::string finish_hash() { return hash_.finish(); }
    [[nodiscard]] Result<void> sync() const {
        if (::fsync(descriptor_) != 0) return system_error("sync", path_);
        return {};
    }

  private:
    PartialFile(fs::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

    fs::path path_;
    int descriptor_;
    std::uint64_t size_ = 0;
    Sha256 hash_;
};

Error interrupted(const RemoteFile& file, std::uint64_t bytes) {
    return make_error(ErrorCode::io, "interrupted with {} of {} bytes of {}; the next time goes on there",
                      bytes, file.size_bytes, file.name);
}

// From where it is to its end. Error: malformed (more bytes than there should be), and those of others.
Result<void> complete(const VerifiedFileContext& context, const RemoteFile& file, PartialFile& partial) {
    const HttpSink sink{[&](std::uint64_t offset) -> Result<void> {
                            if (offset == partial.size()) return {};
                            if (offset == 0) return partial.restart();
                            return make_error(ErrorCode::malformed, "{} comes from byte {} on instead of {}",
                                              file.name, offset, partial.size());
                        },
                        [&](std::span<const std::byte> bytes) -> Result<void> {
                            if (bytes.size() > file.size_bytes - partial.size()) {
                                return make_error(ErrorCode::malformed, "{} is longer than its {} bytes",
                                                  file.name, file.size_bytes);
                            }
                            SPY_TRY(partial.append(bytes));
                            context.progress(partial.size());
                            return {};
                        }};
    int cuts = 0;
    milliseconds wait = kFirstPause;
    while (partial.size() < file.size_bytes) {
        const std::uint64_t before = partial.size();
        SPY_ASSIGN(HttpFetch fetched, context.service.fetch(file, before, sink));
        if (context.stopped()) return interrupted(file, partial.size());
        if (partial.size() >= file.size_bytes) break;
        if (fetched.end == HttpFetch::End::range_refused) SPY_TRY(partial.restart());
        if (fetched.end == HttpFetch::End::whole) fetched.why = "the service ended it early";
        if (partial.size() > before) {
            cuts = 0;
            wait = kFirstPause;
        }
        if (++cuts > kMostCuts) {
            return make_error(ErrorCode::io, "{} stops at byte {} of {}: {}", file.name, partial.size(),
                              file.size_bytes, fetched.why);
        }
        context.say(fmt::format("going on with {} from byte {} of {} in {} s: {}", file.name, partial.size(),
                                file.size_bytes, wait.count() / 1'000, fetched.why));
        if (!context.pause(wait)) return interrupted(file, partial.size());
        wait *= 2;
    }
    return {};
}

// Without ever replacing what is in the place.
Result<void> put(const fs::path& partial, const fs::path& place) {
    if (::renameat2(AT_FDCWD, partial.c_str(), AT_FDCWD, place.c_str(), RENAME_NOREPLACE) != 0) {
        if (errno == EEXIST) {
            return make_error(ErrorCode::conflict,
                              "{} came to be while {} was downloaded; neither is touched: move one away",
                              place.string(), partial.string());
        }
        return system_error(fmt::format("rename {} to", partial.string()), place);
    }
    std::error_code ignored;
    fs::remove(partial.parent_path(), ignored);  // if empty
    fs::remove(partial.parent_path().parent_path(), ignored);
    return sync_folder(place.parent_path());
}

}  // namespace

Result<void> download_verified(const VerifiedFileContext& context, const RemoteFile& file,
                               const std::string& job_id, const fs::path& place) {
    const fs::path folder = place.parent_path() / ".partial" / job_id;
    const fs::path path = folder / (file.name + ".partial");
    SPY_TRY(make_folders(folder));
    for (int download = 1;; ++download) {
        std::string wrong;
        {
            SPY_ASSIGN(PartialFile partial, PartialFile::open(path));
            if (partial.size() > file.size_bytes) SPY_TRY(partial.restart());
            const Result<void> completed = complete(context, file, partial);
            if (!completed.ok() && completed.error().code != ErrorCode::malformed) return completed;
            if (!completed.ok()) wrong = completed.error().message;
            if (completed.ok()) {
                SPY_TRY(partial.sync());
                const std::string sha256 = partial.finish_hash();
                if (sha256 == file.sha256) break;
                wrong =
                    fmt::format("the SHA-256 of {} is {} and should be {}", file.name, sha256, file.sha256);
            }
        }
        std::error_code failed;
        if (!fs::remove(path, failed) || failed)
            return make_error(ErrorCode::io, "cannot delete {}: {}", path.string(), failed.message());
        if (download == kMostDownloads) {
            return make_error(ErrorCode::malformed, "{}; it came wrong {} times and is deleted", wrong,
                              download);
        }
        context.say(fmt::format("{}; deleted, and downloaded again", wrong));
        if (!context.pause(kFirstPause)) return interrupted(file, 0);
    }
    return put(path, place);
}

}  // namespace spymaster::feed
