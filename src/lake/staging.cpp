#include "lake/staging.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "base/files.hpp"
#include "base/sha256.hpp"

namespace spymaster::lake {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStagingPrefix = ".tmp_";

Error refused(std::string_view doing, const fs::path& path, int number) {
    return make_error(ErrorCode::io, "cannot {} {}: {}", doing, path.string(),
                      std::generic_category().message(number));
}

fs::path folder_above(const fs::path& target) {
    return target.has_parent_path() ? target.parent_path() : fs::path(".");
}

fs::path aside_of(const fs::path& target) {
    return folder_above(target) / (".old_" + target.filename().string());
}

// A name nobody has: 128 random bits.
fs::path fresh_name(const fs::path& target) {
    std::array<unsigned char, 16> bytes{};
    SPY_ASSERT(::getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    return folder_above(target) / (std::string(kStagingPrefix) + hex(bytes));
}

// The descriptor of a folder, locked by us alone; -1 if it is gone or somebody else's.
int lock_folder(const fs::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) return -1;
    struct stat status{};
    // Locked, and not deleted between open and lock.
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0 && ::stat(folder.c_str(), &status) == 0)
        return descriptor;
    ::close(descriptor);
    return -1;
}

void delete_quietly(const fs::path& folder) {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
}

// Deletes the staging folders that no living writer holds.
void delete_leftovers(const fs::path& parent) {
    std::error_code error;
    for (fs::directory_iterator entry(parent, error), end; !error && entry != end; entry.increment(error)) {
        if (!entry->path().filename().string().starts_with(kStagingPrefix)) continue;
        const int lock = lock_folder(entry->path());
        if (lock < 0) continue;
        delete_quietly(entry->path());
        ::close(lock);
    }
}

// 0, or the errno of the rename.
int rename_to(const fs::path& from, const fs::path& to, unsigned int flags) {
    return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0 ? 0 : errno;
}

int exchange(const fs::path& a, const fs::path& b) {
    return staging_seam().can_exchange ? rename_to(a, b, RENAME_EXCHANGE) : EINVAL;
}

// Swaps names without exchange. A reader that restores in between makes the rename fail: then once more.
int swap_by_renames(const fs::path& staged, const fs::path& target) {
    const fs::path aside = aside_of(target);
    int error = 0;
    for (int attempt = 0; attempt < 100; ++attempt) {
        std::error_code absent;
        if (fs::exists(target, absent)) {
            delete_quietly(aside);  // of a writer killed before its step 3
            error = rename_to(target, aside, 0);
            if (error != 0 && error != ENOENT) return error;
            reached("old aside");
        }
        error = rename_to(staged, target, 0);
        if (error != ENOTEMPTY && error != EEXIST) break;
    }
    return error;
}

}  // namespace

StagingSeam& staging_seam() {
    static StagingSeam seam;
    return seam;
}

void reached(std::string_view step) {
    if (staging_seam().at_step != nullptr) staging_seam().at_step(step);
}

Staging::Staging(fs::path target, fs::path folder, int lock)
    : target_(std::move(target)), folder_(std::move(folder)), lock_(lock) {}

Staging::Staging(Staging&& other) noexcept
    : target_(std::move(other.target_)),
      folder_(std::exchange(other.folder_, {})),
      lock_(std::exchange(other.lock_, -1)) {}

Staging::~Staging() {
    if (!folder_.empty()) delete_quietly(folder_);
    if (lock_ >= 0) ::close(lock_);
}

Result<Staging> Staging::create(const fs::path& target) {
    SPY_TRY(make_folders(folder_above(target)));
    restore(target);
    delete_leftovers(folder_above(target));
    for (int attempt = 0; attempt < 100; ++attempt) {
        const fs::path folder = fresh_name(target);
        if (::mkdir(folder.c_str(), 0755) != 0) return refused("make folder", folder, errno);
        // Another writer may take it for a leftover before it is locked: then another name.
        const int lock = lock_folder(folder);
        if (lock < 0) continue;
        reached("staged");
        return Staging(target, folder, lock);
    }
    return make_error(ErrorCode::io, "cannot lock a new folder in {}", folder_above(target).string());
}

Result<void> Staging::publish() {
    SPY_TRY(sync_folder(folder_));
    reached("synced");
    int error = rename_to(folder_, target_, RENAME_NOREPLACE);
    if (error == EEXIST || error == ENOTEMPTY) error = exchange(folder_, target_);
    if (error == EINVAL || error == ENOSYS || error == EXDEV || error == EOPNOTSUPP || error == ENOENT) {
        error = swap_by_renames(folder_, target_);
    }
    if (error != 0) return refused("move a finished partition to", target_, error);
    reached("swapped");
    const fs::path old = std::exchange(folder_, {});
    // The swap has happened: if its name cannot be made durable the caller must know, but nothing is undone.
    const Result<void> durable = sync_folder(folder_above(target_));
    delete_quietly(old);
    delete_quietly(aside_of(target_));
    reached("cleaned");
    return durable;
}

void restore(const fs::path& target) {
    std::error_code error;
    if (fs::exists(target, error)) return;
    const fs::path aside = aside_of(target);
    if (fs::exists(aside, error)) rename_to(aside, target, 0);
}

Result<void> remove_folder(const fs::path& target) {
    restore(target);
    std::error_code absent;
    delete_quietly(aside_of(target));  // first, so that nothing is left that could be restored
    if (!fs::exists(target, absent)) return {};
    const fs::path doomed = fresh_name(target);
    const int error = rename_to(target, doomed, 0);
    if (error == ENOENT) return {};
    if (error != 0) return refused("remove", target, error);
    const Result<void> durable = sync_folder(folder_above(target));
    delete_quietly(doomed);
    return durable;
}

}  // namespace spymaster::lake
