// Raw DBN files to the canonical records of each partition: what bronze keeps (spec 3.1 to 3.4).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "market/product.hpp"
#include "market/time.hpp"
#include "pipeline/bronze/records.hpp"
#include "pipeline/progress.hpp"

namespace spymaster::pipeline {

class OptionUniverse;

// Which records are wanted: those of one UTC date (of ts_recv: a day file starts with its 00:00 UTC snapshot,
// whose orders carry older ts_event), and of these instruments:
//   futures   the outright contracts of a root ("ES"), or one contract ("ESH4"), by the names in the file
//   equities  one symbol, by the names in the file, as it stands
//   options   those of the universe, by instrument id; the universe outlives the reading
struct RawSelection {
    const market::Product* product = nullptr;
    std::string symbol;
    market::Date date;
    const OptionUniverse* universe = nullptr;
};

// What was read and what was left out, for the report.
struct RawCounts {
    std::uint64_t records = 0;
    std::uint64_t kept = 0;
    std::uint64_t other_types = 0;  // not of the product's schema
    std::uint64_t other_dates = 0;
    std::uint64_t other_symbols = 0;     // unmapped, spreads, other roots, contracts or underlyings, not 0DTE
    std::uint64_t other_publishers = 0;  // a second publisher of an instrument: one book has one publisher
};

// Hands the wanted records to `take`, by partition (a contract; the underlying of options), in file order for
// each, a block of the file at a time: memory does not grow with the file.
// Error: whatever the decoder says; conflict (another dataset, no metadata); malformed (an Add without a
// price).
using TakeRecords = std::function<Result<void>(const std::string& partition, const RecordRun& run)>;
Result<RawCounts> read_raw(const std::vector<std::filesystem::path>& files, const RawSelection& selection,
                           Progress& progress, const TakeRecords& take);

}  // namespace spymaster::pipeline
