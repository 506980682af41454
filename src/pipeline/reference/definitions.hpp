// Instrument definitions: raw DBN files of any version to bronze.shared.instrument_definitions (radar spec
// 4.3).
//
// Kept is the whole last record of each (publisher, instrument) by ts_event; of equal ones, the later in path
// and file order. Deletions are rows too: whoever needs living instruments leaves them out. Records of
// another UTC date (of ts_recv) are not read: instrument ids mean something within a day only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "dbn/reference_records.hpp"
#include "lake/lake.hpp"
#include "market/product.hpp"
#include "market/time.hpp"
#include "pipeline/progress.hpp"
#include "pipeline/reference/raw_reference.hpp"

namespace spymaster::pipeline {

inline constexpr std::string_view kDefinitionsDataset = "bronze.shared.instrument_definitions";
inline constexpr std::string_view kDefinitionsStage = "bronze_ingest_instrument_definitions";

// A row of the contract; prices in 1e-9, times in ns UTC.
struct Definition {
    std::int64_t ts_event = 0;
    std::uint32_t instrument_id = 0;
    std::uint32_t underlying_id = 0;
    std::uint16_t publisher_id = 0;
    char instrument_class = 'N';
    char security_update_action = 'A';
    bool user_defined = false;    // user_defined_instrument Y
    std::int64_t expiration = 0;  // market::kNoExpiration: none
    std::int64_t strike_price = 0;
    std::int64_t min_price_increment = 0;  // 0: none, as of every option of CME and OPRA
    double multiplier = 0.0;               // multiplier_of()
    std::string security_type;
    std::string underlying;
    std::string currency;
    std::string raw_symbol;
    std::string asset;

    bool operator==(const Definition&) const = default;
};

// Currency per point of price and contract: unit_of_measure_qty times contract_multiplier, of those that the
// venue gives; 0 if it gives neither. CME gives the first (50 index points for ES) and, where a contract
// delivers several units, their number in the second; OPRA and Nasdaq give neither.
double multiplier_of(const dbn::InstrumentDefMsg& record);

// Undefined numbers become what the contract says: prices and ids 0, an expiration kNoExpiration.
Definition to_definition(const dbn::InstrumentDefMsg& record);

// Letters A to Z are alike in either case.
bool same_symbol(std::string_view a, std::string_view b);

// Whether the definitions of a partition are among those that a symbol wants (DefinitionQuery::symbol).
bool is_wanted_partition(std::string_view partition, std::string_view symbol);

// The symbol of the partition it belongs to: underlying, else asset, else raw symbol.
const std::string& partition_symbol(const Definition& definition);

// Which definitions are wanted.
struct DefinitionQuery {
    market::Date date;
    // All of the partitions of a root and its contracts ("ES": ES, ESH6, ...), of a contract and its root
    // ("ESH6": ESH6, ES), of a stock and its options ("SPY", in any case); empty: all there are.
    std::string symbol;
    // Of these Databento datasets; empty: of any. Files of others are not read.
    std::vector<std::string> datasets;
};

// What was read and what was left out.
struct DefinitionCounts : ReferenceCounts {
    std::uint64_t other_symbols = 0;
    std::uint64_t replaced = 0;  // by a later record of the same instrument
};

struct Definitions {
    std::vector<Definition> rows;  // by publisher_id, then instrument_id
    DefinitionCounts counts;
};

// The files are read in path order, whatever order they are given in. `rows` is empty if nothing matches.
// Memory: the rows wanted. Error: whatever the decoder says (file, byte, record); malformed (a record of a
// length that no version has, text that is not ASCII); conflict (no metadata).
Result<Definitions> read_definitions(std::vector<std::filesystem::path> files, const DefinitionQuery& query,
                                     Progress& progress);

// Likewise from the lake: the rows of every complete partition that the query's symbol wants, in partition
// order. `datasets` is not looked at. Error: missing (no such partition), and whatever the lake says.
Result<std::vector<Definition>> load_definitions(const lake::Lake& lake, const DefinitionQuery& query);

struct DefinitionIngest {
    std::vector<lake::PartitionKey> written;
    std::vector<lake::PartitionKey> complete;  // were there already
    DefinitionCounts counts;
    std::vector<std::string> notes;  // what a person should know
};

// Writes the partitions that the symbol wants; to those that are complete, the instruments that they have not.
// Rows that are there stay as they are. `files` empty: the definitions of the date in the lake's raw layer,
// those of the datasets of the product, of its underlying and of its options.
// Error: as read_definitions; missing (no file, or no definition of the symbol on that date).
Result<DefinitionIngest> ingest_definitions(const lake::Lake& lake, const market::Product& product,
                                            const std::string& symbol, const market::Date& date,
                                            const std::vector<std::filesystem::path>& files,
                                            Progress& progress);

}  // namespace spymaster::pipeline
