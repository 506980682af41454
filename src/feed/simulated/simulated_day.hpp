// All the raw files of a simulated date: which ones there are, where each goes, and the records of each.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "dbn/metadata.hpp"
#include "feed/raw_files.hpp"
#include "feed/simulated/simulated_file.hpp"
#include "market/product.hpp"

namespace spymaster::feed {

struct DayOptions {
    SimulationOptions future{};                // with its options
    SimulationOptions share{.symbol = "SPY"};  // likewise; date, session and seed as of the future
    double option_events_per_second = 400;     // mean records a second of a chain; 0.1 to 1,000,000
    int strikes = 0;  // of today's expiry of each chain; 0: 80 on a future, 121 on a share
    int reference_version = dbn::kNewestVersion;  // of definition and statistics files, 1 to 3
};

struct DayFile {
    const market::Product* product = nullptr;
    RawKind kind = RawKind::records;
    std::string symbol;  // as folders and names have it: "ES", "SPY"
    double weight = 0;   // about how much work it is: records
    // Makes the stream; slow where it has to run the underlying market first, which files of one underlying do
    // once. Error: usage (what the options of the chain do not allow).
    std::function<Result<SimulatedStream>()> open;
};

// The files of the products, in the order of market::products(): of futures their records; of shares and
// options their definitions too, and of options their statistics. The definitions of a future are in the file
// of its options. What the files share is in memory until the
// last of them and of their streams is gone.
// Error (usage): options that the underlying market does not allow, a version that is none.
Result<std::vector<DayFile>> simulated_day(std::span<const market::Product* const> products,
                                           const DayOptions& options);

// Where a file goes in a lake. Error: as raw_folder.
Result<std::filesystem::path> place_in_lake(const DayFile& file, const std::filesystem::path& lake_root,
                                            const market::Date& date);

}  // namespace spymaster::feed
