// Small files and the durability of folders: what has been written is on the disk before anything refers to
// it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace spymaster {

// The whole text of a file. Error: missing, io, malformed (longer than `limit` bytes: not one of ours).
Result<std::string> read_text(const std::filesystem::path& path, std::size_t limit);

// Writes a new file and syncs it. Error (io): it exists, or the system refused.
Result<void> write_synced(const std::filesystem::path& path, std::string_view text);

// A file that is written beside its place and goes unless it was put there. The place holds the old one or the new
// one, whatever happens; of two writers at once the last stays.
class FileBeside {
  public:
    // Makes missing folders. Error: io.
    static Result<FileBeside> create(const std::filesystem::path& place);
    ~FileBeside();
    FileBeside(FileBeside&& other) noexcept;
    FileBeside& operator=(FileBeside&&) = delete;

    // Where to write it; nothing is there yet.
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    // Puts the file, which is synced, in its place. Error: io.
    Result<void> publish();

  private:
    FileBeside(std::filesystem::path place, std::filesystem::path path)
        : place_(std::move(place)), path_(std::move(path)) {}

    std::filesystem::path place_;
    std::filesystem::path path_;  // empty: moved from, or published
};

// Replaces a file by this text, or makes it, with FileBeside. Error: io.
Result<void> replace_text(const std::filesystem::path& path, std::string_view text);

// Makes the names in a folder durable. Error: io.
Result<void> sync_folder(const std::filesystem::path& folder);

// Makes the folder and what is missing above it, durably. Error: io.
Result<void> make_folders(const std::filesystem::path& folder);

// A folder, held: while it is, no other can be taken for it.
class HeldFolder {
  public:
    // Holds nothing where there is no folder.
    explicit HeldFolder(const std::filesystem::path& path);
    ~HeldFolder();
    HeldFolder(const HeldFolder&) = delete;
    HeldFolder& operator=(const HeldFolder&) = delete;

    // Whether the path leads to this folder now.
    [[nodiscard]] bool is_at(const std::filesystem::path& path) const;

  private:
    int descriptor_;
};

// True for a relative path without ".." or empty parts: it stays below whatever it is appended to.
bool stays_below(const std::filesystem::path& path);

}  // namespace spymaster
