// Writes simulated records as a raw file of the lake, with the sidecar that says they are simulated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "dbn/metadata.hpp"
#include "feed/simulated/simulated_market.hpp"

namespace spymaster::feed {

// What is told of a file in its sidecar and in reports: ("seed", 1), ("symbol", "ESH6").
using SimulatedFact = std::pair<std::string, std::variant<std::string, std::uint64_t, double>>;

// Records to write, as they come. One thread.
struct SimulatedStream {
    dbn::Metadata metadata;
    // The next whole records, laid out for metadata.version; valid until the next call; empty at the end.
    std::function<std::span<const std::byte>()> next;
    std::function<double()> progress;                     // 0 to 1
    std::function<std::vector<SimulatedFact>()> options;  // what was asked for
    std::function<std::vector<SimulatedFact>()> totals;   // what came of it; asked at the end
};

struct SimulatedFile {
    std::filesystem::path path;
    std::uint64_t bytes = 0;  // of the file as written
    std::uint64_t records = 0;
    std::vector<SimulatedFact> totals;
};

// Told from time to time: how much is done, 0 to 1, and the records so far.
using SimulationProgress = std::function<void(double share, std::uint64_t records)>;

// Whether a simulated file may be written there. Error (conflict): the file is there and `overwrite` is false;
// or it is there and not marked as simulated: raw data are never replaced.
Result<void> may_write_simulated(const std::filesystem::path& path, bool overwrite);

// DBN in zstd unless the name does not end in .zst; the whole file is there or nothing is (written beside,
// synced, renamed). Missing folders are made.
// Error: io, and as may_write_simulated.
Result<SimulatedFile> write_simulated_file(const SimulatedStream& stream, const std::filesystem::path& path,
                                           bool overwrite, const SimulationProgress& progress = {});

// Market-by-order records of one future or share. Error: as SimulatedMarket::create.
Result<SimulatedStream> market_stream(const SimulationOptions& options);

// The two together.
Result<SimulatedFile> write_simulated_file(const SimulationOptions& options,
                                           const std::filesystem::path& path, bool overwrite,
                                           const SimulationProgress& progress = {});

}  // namespace spymaster::feed
