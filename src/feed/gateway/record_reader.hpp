// Reads records of the library's files in time order: those of one schema, of some instruments, between two instants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "dbn/metadata.hpp"
#include "feed/gateway/symbology.hpp"

namespace spymaster::feed {

// A file of the library, as it was when it was indexed. Times are index times: ts_recv where the record has one, else
// ts_event.
struct LibraryFile {
    std::filesystem::path path;
    std::string dataset;
    std::vector<dbn::Schema> schemas;  // that it has records of
    std::uint64_t records = 0;         // whole and sound ones: a file cut short is served as far as it goes
    std::uint64_t first_ns = std::numeric_limits<std::uint64_t>::max();  // earliest
    std::uint64_t last_ns = 0;                                           // latest
    bool in_order = true;                                                // by index time
    std::string warning;  // what is wrong with it; empty: nothing
};

// Which of a record's times a range is about.
enum class TimeField : std::uint8_t {
    index,     // ts_recv where there is one, else ts_event: historical requests
    ts_event,  // replay of the live feed
};

struct RecordQuery {
    std::string dataset;
    dbn::Schema schema = dbn::Schema::mbo;
    InstrumentSelection instruments = InstrumentSelection::all();
    std::uint64_t start_ns = 0;
    std::uint64_t end_ns = std::numeric_limits<std::uint64_t>::max();  // exclusive
    std::uint64_t limit = 0;                                           // most records; 0: all
    TimeField filter = TimeField::index;
};

// Index time of a record of any type.
[[nodiscard]] std::uint64_t index_time(const std::byte* record);
// The record type that a schema's records have; an unknown schema: none.
[[nodiscard]] std::optional<std::uint8_t> rtype_of(dbn::Schema schema);
// Bytes of one record of the schema, version 3; 0: unknown schema.
[[nodiscard]] std::size_t record_size_of(dbn::Schema schema);

// Whole records in their version 3 layout, without ts_out, by index time over all files; records of one file keep their
// order, and between files equal times go by the files' order. Memory: one block a file that is being read. One thread.
//
// `trades` of a dataset that has only mbo are its records of action T.
class RecordReader {
  public:
    // `files`: those that may have such records.
    RecordReader(std::vector<LibraryFile> files, RecordQuery query, bool trades_of_mbo);
    RecordReader(RecordReader&&) noexcept;
    RecordReader& operator=(RecordReader&&) noexcept;
    ~RecordReader();

    // The next record, valid until the next call; empty at the end. Error: io, malformed, truncated (a file has changed since
    // it was indexed); then for ever.
    Result<std::span<const std::byte>> next();

  private:
    class Cursor;
    struct Waiting {
        std::uint64_t ts_ns;
        std::size_t file;
        bool operator>(const Waiting& other) const {
            return ts_ns != other.ts_ns ? ts_ns > other.ts_ns : file > other.file;
        }
    };

    std::vector<LibraryFile> files_;
    std::unique_ptr<const RecordQuery> query_;  // cursors point to it
    bool trades_of_mbo_;
    std::vector<std::unique_ptr<Cursor>> cursors_;  // by file; none: not opened yet, or at its end
    std::vector<Waiting> heap_;                     // the earliest first
    std::size_t given_ = 0;                         // file of the record given last
    bool giving_ = false;
    std::uint64_t count_ = 0;
    std::optional<Error> failed_;
};

}  // namespace spymaster::feed
