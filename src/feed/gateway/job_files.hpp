// Writes the files of a batch job, under the names the service gives them.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "feed/gateway/data_plan.hpp"

namespace spymaster::feed {

// What batch.submit_job asks beside the data.
enum class SplitDuration : std::uint8_t { none, day, week, month, year };
struct Packing {
    bool zstd = true;
    bool split_symbols = false;
    SplitDuration split = SplitDuration::day;  // a week begins on Sunday (UTC)
};

// The stretch of time, and maybe the instrument, that one file is of.
struct FilePart {
    std::string name;  // "glbx-mdp3-20260106.mbo.dbn.zst"
    std::uint64_t start_ns = 0;
    std::uint64_t end_ns = 0;
    std::string raw_symbol;  // empty: all of the request
};
// At most 10,000. Error (usage): more, or symbols are to be split of ALL_SYMBOLS.
Result<std::vector<FilePart>> file_parts(const DataPlan& plan, const Packing& packing);

struct WrittenFile {
    std::string name;
    std::uint64_t size = 0;
    std::string sha256;
    std::uint32_t crc32 = 0;
};
Result<WrittenFile> describe_file(const std::filesystem::path& folder, std::string_view name);

struct WrittenData {
    std::vector<WrittenFile> files;
    Bill bill;
};
// A part without records makes no file. Error: of the library or of writing; internal: `stop` was set.
Result<WrittenData> write_parts(const RawLibrary& library, const DataPlan& plan, const Packing& packing,
                                const std::vector<FilePart>& parts, const std::filesystem::path& folder,
                                const std::atomic<bool>& stop);

}  // namespace spymaster::feed
