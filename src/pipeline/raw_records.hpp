// Raw DBN files to the canonical records of each contract: what bronze keeps (spec 3.1).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "dbn/records.hpp"
#include "market/product.hpp"
#include "market/time.hpp"
#include "pipeline/progress.hpp"

namespace spymaster::pipeline {

// Which records are wanted: those of one UTC date (of ts_recv: a day file starts with its 00:00 UTC snapshot,
// whose orders carry older ts_event), of outright contracts of a root ("ES"), or of one contract ("ESH4").
struct RawSelection {
    const market::Product* product = nullptr;
    std::string symbol;
    market::Date date;
};

// What was read and what was left out, for the report.
struct RawCounts {
    std::uint64_t records = 0;
    std::uint64_t kept = 0;
    std::uint64_t other_types = 0;  // not market-by-order
    std::uint64_t other_dates = 0;
    std::uint64_t other_symbols = 0;     // unmapped, spreads, other roots or contracts
    std::uint64_t other_publishers = 0;  // a second publisher of a contract: one book has one publisher
};

// Hands the wanted records to `take`, in file order for each contract, a block at a time.
// Error: whatever the decoder says; conflict (another dataset, no metadata); malformed (an Add without a
// price).
using TakeRecords =
    std::function<Result<void>(const std::string& symbol, std::span<const dbn::MboMsg> records)>;
Result<RawCounts> read_raw(const std::vector<std::filesystem::path>& files, const RawSelection& selection,
                           Progress& progress, const TakeRecords& take);

}  // namespace spymaster::pipeline
