// Answers' bodies made of files: a range of one, or several in a ZIP archive.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/gateway/http_message.hpp"

namespace spymaster::feed {

// The two ways a download is spoiled on purpose.
struct DownloadFault {
    bool corrupt = false;         // the first byte of the answer is changed
    std::uint64_t cut_bytes = 0;  // it breaks off after so many; 0: it does not
};

class FileBody final : public PieceSource {
  public:
    // Bytes [first, first + size) of the file. Error: io.
    static Result<std::unique_ptr<FileBody>> open(const std::filesystem::path& path, std::uint64_t first,
                                                  std::uint64_t size, DownloadFault fault);
    Result<void> next(std::vector<std::byte>& piece) override;

  private:
    FileBody(std::ifstream in, std::uint64_t size, DownloadFault fault)
        : in_(std::move(in)), left_(size), fault_(fault) {}

    std::ifstream in_;
    std::uint64_t left_;
    std::uint64_t given_ = 0;
    DownloadFault fault_;
};

// A file of an archive, as it lies on disk.
struct ArchivedFile {
    std::string name;
    std::filesystem::path path;
    std::uint64_t size = 0;
    std::uint32_t crc32 = 0;
};
Result<std::uint32_t> crc32_of_file(const std::filesystem::path& path);

// A ZIP archive of stored files, without the extensions for large ones.
class ZipBody final : public PieceSource {
  public:
    static constexpr std::uint64_t kMaxBytes = 0xFFFF'0000ULL;  // of all files together
    static constexpr std::size_t kMaxFiles = 0xFFFE;

    // REQUIRES: no more than that.
    explicit ZipBody(std::vector<ArchivedFile> files);
    [[nodiscard]] std::uint64_t size() const;
    Result<void> next(std::vector<std::byte>& piece) override;

  private:
    std::vector<ArchivedFile> files_;
    std::size_t file_ = 0;            // being given, or the next
    std::unique_ptr<FileBody> open_;  // none: its head comes next
    bool ended_ = false;
};

}  // namespace spymaster::feed
