// Open interest of options as it was published: raw DBN statistics to bronze.future_option.statistics and
// bronze.equity_option.statistics (radar spec 3.2, defects D-2 and D-11).
//
// Every New and Delete of statistic type 9 of an option of the universe is a row, in file order, so that what
// was known at a moment is the option's last row with ts_recv_ns up to it. An undefined quantity is no row.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "dbn/reference_records.hpp"
#include "lake/lake.hpp"
#include "market/product.hpp"
#include "pipeline/progress.hpp"
#include "pipeline/reference/option_universe.hpp"
#include "pipeline/reference/raw_reference.hpp"

namespace spymaster::pipeline {

inline constexpr std::string_view kFutureStatisticsStage = "bronze_ingest_future_option_statistics";
inline constexpr std::string_view kEquityStatisticsStage = "bronze_ingest_equity_option_statistics";

// The contracts that a record says are open: a New of statistic type 9 with a quantity, or a Delete, which says that there are
// none. Nothing: it says something else.
std::optional<double> published_open_interest(const dbn::StatMsg& record);
// When it was received; where it does not say, when it happened. 0: a time that cannot be.
std::int64_t received_ns(const dbn::StatMsg& record);

// What was read and what was left out.
struct StatisticsCounts : ReferenceCounts {
    std::uint64_t kept = 0;
    std::uint64_t other_statistics = 0;   // not open interest
    std::uint64_t other_instruments = 0;  // not in the universe
    std::uint64_t without_quantity = 0;
    std::uint64_t other_actions = 0;  // neither New nor Delete
};

struct StatisticsIngest {
    std::vector<lake::PartitionKey> written;
    std::vector<lake::PartitionKey> complete;  // were there already
    StatisticsCounts counts;
};

// Writes the partitions of the universe's underlyings that are not complete. `query` is that of the universe;
// `files` empty: the statistics of the date in the lake's raw layer. Rows of several files are joined by
// ts_recv, of equal ones in path order. Memory: the rows kept.
// Error: whatever the decoder says (file, byte, record); conflict (another dataset, no metadata); missing (no
// file, or no open interest of the universe in it).
Result<StatisticsIngest> ingest_statistics(const lake::Lake& lake, const UniverseQuery& query,
                                           const OptionUniverse& universe,
                                           const std::vector<std::filesystem::path>& files,
                                           Progress& progress);

}  // namespace spymaster::pipeline
