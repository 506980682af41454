// Writes DBN files, versions 1 to 3, raw or zstd. The same metadata and records give the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <type_traits>

#include "base/assert.hpp"
#include "base/result.hpp"
#include "dbn/metadata.hpp"
#include "dbn/records.hpp"

namespace spymaster::dbn {

struct EncodeOptions {
    bool zstd = true;
    int level = 3;  // of zstd
};

// Writes to a file beside `path` and renames it to `path` in finish(), so that the file is whole or absent.
// An encoder destroyed without finish() leaves nothing behind. One thread.
class Encoder {
  public:
    // Error: usage (metadata that cannot be encoded), io.
    static Result<Encoder> create(const std::filesystem::path& path, const Metadata& metadata,
                                  EncodeOptions options = {});

    Encoder(Encoder&&) noexcept;
    Encoder& operator=(Encoder&&) noexcept;
    ~Encoder();

    // Appends records as they are. REQUIRES: whole records, laid out for metadata.version. Error: io.
    Result<void> write(std::span<const std::byte> whole_records);

    // Appends one record struct. REQUIRES: it begins with a RecordHeader whose length is its size.
    template <class Record>
        requires(std::is_trivially_copyable_v<Record> &&
                 !std::is_convertible_v<const Record&, std::span<const std::byte>>)
    Result<void> write(const Record& record) {
        const auto bytes = std::as_bytes(std::span(&record, 1));
        SPY_ASSERT(load<RecordHeader>(bytes.data()).size() == sizeof(Record));
        return write(bytes);
    }

    // Completes the file: flushed to disk and under its name. Error: io. Nothing may be written after it.
    Result<void> finish();

  private:
    class Impl;
    explicit Encoder(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// What RecordHeader::length must be for a record of type T.
template <class T>
inline constexpr std::uint8_t kRecordLength = static_cast<std::uint8_t>(sizeof(T) / 4);

}  // namespace spymaster::dbn
