// Raw DBN files of definitions and statistics, record by record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "market/time.hpp"
#include "pipeline/progress.hpp"

namespace spymaster::pipeline {

struct ReferenceQuery {
    std::uint8_t rtype = 0;             // dbn::rtype::instrument_def or statistics
    market::Date date;                  // the UTC date of ts_recv; of ts_event where a record has no ts_recv
    std::vector<std::string> datasets;  // files of others are not read; empty: of any
};

struct ReferenceCounts {
    std::uint64_t records = 0;
    std::uint64_t other_types = 0;
    std::uint64_t other_dates = 0;
    std::uint64_t other_datasets = 0;               // files
    std::vector<std::filesystem::path> files_read;  // in path order
};

// Hands the records wanted to `take`, in path order of the files, whatever order they are given in, and file
// order. Error: whatever the decoder says, or `take`, with file, byte and record; conflict (a file without
// metadata: nobody can say of what dataset it is).
Result<ReferenceCounts> read_reference(std::vector<std::filesystem::path> files, const ReferenceQuery& query,
                                       Progress& progress,
                                       const std::function<Result<void>(const std::byte* record)>& take);

// What a manifest says of raw files: "source" (databento, live or simulated) and each file's name and size.
std::map<std::string, std::string> raw_properties(std::span<const std::filesystem::path> files);

}  // namespace spymaster::pipeline
