// Writes a simulated market as a raw file of the lake, with the sidecar that says it is simulated.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "base/result.hpp"
#include "feed/simulated_market.hpp"

namespace spymaster::feed {

struct SimulatedFile {
    std::filesystem::path path;
    std::uint64_t bytes = 0;  // of the file as written
    SimulationTotals totals;
};

// Told from time to time: how much is done, 0 to 1, and the records so far.
using SimulationProgress = std::function<void(double share, std::uint64_t records)>;

// DBN version 3, zstd unless the name does not end in .zst; the whole file is there or nothing is (written
// beside, synced, renamed). Missing folders are made.
// Error: usage (options), io, conflict (the file is there and `overwrite` is false; or it is there and not marked
// as simulated: raw data are never replaced).
Result<SimulatedFile> write_simulated_file(const SimulationOptions& options,
                                           const std::filesystem::path& path, bool overwrite,
                                           const SimulationProgress& progress = {});

}  // namespace spymaster::feed
