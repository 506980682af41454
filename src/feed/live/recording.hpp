// One day's file of a live feed: append-only, never with less than whole records at its end but for a crash, whose rest is cut
// off when the file is opened again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "dbn/metadata.hpp"
#include "feed/live/disk_flusher.hpp"
#include "market/time.hpp"

namespace spymaster::feed::live {

// The one recorder of a dataset in a lake: a lock on the folder of its recordings, until it is destroyed or the process ends.
class RecordingLock {
  public:
    // Makes the folder. Error: io; conflict (another program records into it).
    static Result<RecordingLock> take(const std::filesystem::path& folder);
    RecordingLock(RecordingLock&& other) noexcept;
    RecordingLock& operator=(RecordingLock&& other) noexcept;
    ~RecordingLock();

  private:
    explicit RecordingLock(int fd) : fd_(fd) {}
    int fd_;
};

// The recording of the latest day, `from` or later, in the folder; nothing if there is none.
struct FoundRecording {
    market::Date date;
    std::filesystem::path path;
};
Result<std::optional<FoundRecording>> newest_recording(const std::filesystem::path& folder,
                                                       std::string_view dataset, const market::Date& from);

class Recording {
  public:
    using OnHead =
        std::function<Result<void>(const dbn::Metadata&, std::span<const std::byte> metadata_bytes)>;
    using OnBlock = std::function<Result<void>(std::span<const std::byte> whole_records)>;

    Recording() = default;
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;
    ~Recording() { close(); }

    // A new file. Error: io; conflict (there is one).
    Result<void> create(const std::filesystem::path& path, std::span<const std::byte> metadata_bytes);

    // An earlier file, to be appended to; what it has goes to on_head and on_block. Cut back behind its last whole record if a
    // crash left half of one, or zeros. A file that is not even whole in its metadata is removed, and nothing is open then.
    // Error: io; malformed (no DBN, or garbage between records: it is left as it is); conflict (of another dataset); on_block's.
    Result<void> reopen(const std::filesystem::path& path, std::string_view dataset, const OnHead& on_head,
                        const OnBlock& on_block);

    // All or nothing: after an Error (io) the file ends where it did. REQUIRES: is_open(), whole records.
    Result<void> append(std::span<const std::byte> whole_records);

    // Flushes and closes. Error (io): something written earlier did not reach the disk.
    Result<void> finish();

    [[nodiscard]] bool is_open() const { return fd_ >= 0; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    void close();
    Result<void> open(const std::filesystem::path& path, int flags);
    Result<void> cut_back(std::uint64_t size);
    Result<void> write_all(std::span<const std::byte> bytes);
    [[nodiscard]] Error failed(std::string_view what, int error) const;

    std::filesystem::path path_;
    int fd_ = -1;  // the flusher's
    std::uint64_t size_ = 0;
    DiskFlusher flusher_;
};

}  // namespace spymaster::feed::live
