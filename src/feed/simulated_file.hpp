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

// DBN version 3, zstd unless the name does not end in .zst; the whole file is there or nothing is (written
// beside, synced, renamed). `progress` gets 0 to 1 from time to time. Missing folders are made. Error: usage
// (options), conflict (the file is there and `overwrite` is false), io.
Result<SimulatedFile> write_simulated_file(const SimulationOptions& options,
                                           const std::filesystem::path& path, bool overwrite,
                                           const std::function<void(double)>& progress = {});

}  // namespace spymaster::feed
