#include "base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace spymaster {
namespace {

namespace fs = std::filesystem;

// An open file descriptor.
class Descriptor {
  public:
    Descriptor(const fs::path& path, int flags, mode_t mode = 0)
        : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] bool valid() const { return fd_ >= 0; }
    [[nodiscard]] int get() const { return fd_; }

  private:
    int fd_;
};

// REQUIRES: called at once after the system call that failed.
Error system_error(std::string_view doing, const fs::path& path) {
    const int number = errno;
    const ErrorCode code = number == ENOENT ? ErrorCode::missing : ErrorCode::io;
    return make_error(code, "cannot {} {}: {}", doing, path.string(),
                      std::generic_category().message(number));
}

}  // namespace

Result<std::string> read_text(const fs::path& path, std::size_t limit) {
    const Descriptor file(path, O_RDONLY);
    if (!file.valid()) return system_error("open", path);
    std::string text;
    std::array<char, 16384> buffer;
    for (;;) {
        const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error("read", path);
        if (count == 0) return text;
        text.append(buffer.data(), static_cast<std::size_t>(count));
        if (text.size() > limit) {
            return make_error(ErrorCode::malformed, "{} is longer than {} bytes: not one that is ours",
                              path.string(), limit);
        }
    }
}

Result<void> write_synced(const fs::path& path, std::string_view text) {
    const Descriptor file(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (!file.valid()) return system_error("create", path);
    while (!text.empty()) {
        const ssize_t count = ::write(file.get(), text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error("write", path);
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    if (::fsync(file.get()) != 0) return system_error("sync", path);
    return {};
}

Result<FileBeside> FileBeside::create(const fs::path& place) {
    if (!place.has_filename()) return make_error(ErrorCode::io, "{} is no name of a file", place.string());
    const fs::path folder = place.has_parent_path() ? place.parent_path() : fs::path(".");
    SPY_TRY(make_folders(folder));
    FileBeside beside(place, folder / fmt::format(".tmp_{}_{}", ::getpid(), place.filename().string()));
    std::error_code ignored;
    fs::remove(beside.path_, ignored);  // of a dead writer that had this number
    return beside;
}

FileBeside::FileBeside(FileBeside&& other) noexcept
    : place_(std::move(other.place_)), path_(std::exchange(other.path_, {})) {}

FileBeside::~FileBeside() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove(path_, ignored);
}

Result<void> FileBeside::publish() {
    std::error_code failed;
    fs::rename(path_, place_, failed);
    if (failed) {
        return make_error(ErrorCode::io, "cannot rename {} to {}: {}", path_.string(), place_.string(),
                          failed.message());
    }
    const fs::path folder = std::exchange(path_, {}).parent_path();
    return sync_folder(folder);
}

Result<void> replace_text(const fs::path& path, std::string_view text) {
    SPY_ASSIGN(FileBeside beside, FileBeside::create(path));
    SPY_TRY(write_synced(beside.path(), text));
    return beside.publish();
}

Result<void> sync_folder(const fs::path& folder) {
    const Descriptor descriptor(folder, O_RDONLY | O_DIRECTORY);
    if (!descriptor.valid()) return system_error("open", folder);
    if (::fsync(descriptor.get()) != 0) return system_error("sync", folder);
    return {};
}

Result<void> make_folders(const fs::path& folder) {
    std::error_code error;
    if (folder.empty() || fs::is_directory(folder, error)) return {};
    const fs::path parent = folder.parent_path();
    if (parent != folder) SPY_TRY(make_folders(parent));
    if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) return system_error("make folder", folder);
    if (!fs::is_directory(folder, error)) {
        return make_error(ErrorCode::io, "cannot make folder {}: something else has that name",
                          folder.string());
    }
    return sync_folder(parent.empty() ? fs::path(".") : parent);
}

HeldFolder::HeldFolder(const fs::path& path)
    : descriptor_(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {}

HeldFolder::~HeldFolder() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

bool HeldFolder::is_at(const fs::path& path) const {
    struct stat held{};
    struct stat there{};
    return descriptor_ >= 0 && ::fstat(descriptor_, &held) == 0 && ::stat(path.c_str(), &there) == 0 &&
           held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

bool stays_below(const fs::path& path) {
    if (path.empty() || path.is_absolute()) return false;
    for (const fs::path& part : path) {
        if (part.empty() || part == "..") return false;
    }
    return true;
}

}  // namespace spymaster
