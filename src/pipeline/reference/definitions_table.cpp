// The bronze side of definitions: rows of bronze.shared.instrument_definitions, written and read again.
#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>

#include "feed/raw_files.hpp"
#include "lake/datasets.hpp"
#include "pipeline/reference/definitions.hpp"
#include "pipeline/tables/table_sink.hpp"
#include "pipeline/tables/text_binding.hpp"

namespace spymaster::pipeline {

namespace {

#define BIND_MEMBER(column)                                                               \
    bind<Definition, std::int64_t>(                                                       \
        #column, [](const Definition& d) { return static_cast<std::int64_t>(d.column); }, \
        [](Definition& d, std::int64_t v) { d.column = static_cast<decltype(d.column)>(v); })
#define BIND_LETTER(column)  \
    bind_letter<Definition>( \
        #column, [](const Definition& d) { return d.column; }, [](Definition& d, char v) { d.column = v; })
#define BIND_TEXT(column)                                                          \
    bind_text<Definition>(                                                         \
        #column, [](const Definition& d) -> std::string_view { return d.column; }, \
        [](Definition& d, std::string_view v) { d.column = v; })

constexpr std::array kColumns{
    BIND_MEMBER(ts_event),
    BIND_MEMBER(instrument_id),
    BIND_LETTER(instrument_class),
    BIND_LETTER(security_update_action),
    bind_letter<Definition>(
        "user_defined_instrument", [](const Definition& d) { return d.user_defined ? 'Y' : 'N'; },
        [](Definition& d, char v) { d.user_defined = v == 'Y'; }),
    BIND_TEXT(security_type),
    BIND_MEMBER(underlying_id),
    BIND_TEXT(underlying),
    BIND_MEMBER(expiration),
    BIND_MEMBER(strike_price),
    BIND_TEXT(currency),
    BIND_TEXT(raw_symbol),
    BIND_MEMBER(publisher_id),
    BIND_TEXT(asset),
    BIND_MEMBER(min_price_increment),
    bind<Definition, double>(
        "multiplier", [](const Definition& d) { return d.multiplier; },
        [](Definition& d, double v) { d.multiplier = v; }),
};
#undef BIND_MEMBER
#undef BIND_LETTER
#undef BIND_TEXT

Result<void> write_partition(const lake::Lake& lake, const lake::PartitionKey& key,
                             std::span<const Definition> rows, const lake::Lineage& lineage) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    SPY_ASSIGN(const auto columns, BoundColumns<Definition>::resolve(dataset->contract, kColumns));
    SPY_ASSIGN(TableSink table, TableSink::create(lake, key));
    columns.append(table.batch(), rows);
    return table.commit(lineage);
}

Result<void> append_partition(const lake::Lake& lake, const lake::PartitionKey& key,
                              std::vector<Definition>& rows) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
    SPY_ASSIGN(const auto columns, BoundColumns<Definition>::resolve(dataset->contract, kColumns));
    SPY_ASSIGN(auto reader, lake.read(key));
    lake::ColumnBatch batch(dataset->contract);
    for (;;) {
        SPY_ASSIGN(const bool more, reader->next(batch));
        if (!more) return {};
        const std::size_t first = rows.size();
        rows.resize(first + batch.row_count());
        columns.read(batch, std::span(rows.begin() + static_cast<std::ptrdiff_t>(first), rows.end()));
    }
}

bool is_before(const Definition& a, const Definition& b) {
    return std::pair(a.publisher_id, a.instrument_id) < std::pair(b.publisher_id, b.instrument_id);
}

// Writes the rows, or, to a partition that is there, those of instruments it has not: another venue's file may
// come later. What is there stays as it is. Whether anything was written.
Result<bool> complete_partition(const lake::Lake& lake, const lake::PartitionKey& key,
                                const std::vector<Definition>& rows, lake::Lineage lineage) {
    std::vector<Definition> all;
    if (lake.is_complete(key)) {
        SPY_TRY(append_partition(lake, key, all));
        SPY_ASSIGN(const lake::Manifest manifest, lake.manifest(key));
        lineage.properties.insert(manifest.properties.begin(), manifest.properties.end());
    }
    std::vector<Definition> missing;
    std::ranges::set_difference(rows, all, std::back_inserter(missing), is_before);
    if (missing.empty() && !all.empty()) return false;
    const auto middle = static_cast<std::ptrdiff_t>(all.size());
    all.insert(all.end(), missing.begin(), missing.end());
    std::ranges::inplace_merge(all, all.begin() + middle, is_before);
    SPY_TRY(write_partition(lake, key, all, lineage));
    return true;
}

// Databento's datasets that say something of what a product is traded on: its own, that of what it is on, and
// those of the options on it.
std::vector<std::string> datasets_around(const market::Product& product) {
    std::vector<std::string> datasets{std::string(product.dataset)};
    for (const market::Product& other : market::products()) {
        const bool related = product.underlying == other.type || other.underlying == product.type;
        if (related && other.dataset != product.dataset) datasets.emplace_back(other.dataset);
    }
    return datasets;
}

// Rows by partition; each keeps their order.
using RowsByPartition = std::map<std::string, std::vector<Definition>>;

RowsByPartition by_partition(std::vector<Definition> rows, std::vector<std::string>& notes) {
    RowsByPartition partitions;
    std::uint64_t without_place = 0;
    for (Definition& row : rows) {
        const std::string symbol = partition_symbol(row);
        if (lake::check_symbol(symbol).ok())
            partitions[symbol].push_back(std::move(row));
        else
            without_place += 1;
    }
    if (without_place != 0) {
        notes.push_back(fmt::format(
            "{} definitions left out: their underlying is no name that a partition can have", without_place));
    }
    return partitions;
}

Error no_definitions(std::string_view symbol, const market::Date& date, const DefinitionCounts& counts) {
    return make_error(ErrorCode::missing,
                      "no definition of {} on {} (UTC, by ts_recv) in {} files with {} records: {} of other "
                      "symbols, {} of other dates; {} files are of other datasets; see what they hold with: "
                      "spymaster inspect",
                      symbol, date.iso(), counts.files_read.size(), counts.records, counts.other_symbols,
                      counts.other_dates, counts.other_datasets);
}

}  // namespace

Result<std::vector<Definition>> load_definitions(const lake::Lake& lake, const DefinitionQuery& query) {
    std::vector<Definition> rows;
    SPY_ASSIGN(const std::vector<lake::PartitionKey> partitions, lake.partitions(kDefinitionsDataset));
    bool found = false;
    for (const lake::PartitionKey& key : partitions) {
        if (key.date != query.date) continue;
        if (!query.symbol.empty() && !is_wanted_partition(key.symbol, query.symbol)) continue;
        found = true;
        SPY_TRY(append_partition(lake, key, rows));
    }
    if (found) return rows;
    return make_error(ErrorCode::missing,
                      "no definitions of {} on {} in the lake {}; make them from a raw definition file with: "
                      "spymaster run --layer bronze",
                      query.symbol.empty() ? "any symbol" : query.symbol, query.date.iso(),
                      lake.root().string());
}

Result<DefinitionIngest> ingest_definitions(const lake::Lake& lake, const market::Product& product,
                                            const std::string& symbol, const market::Date& date,
                                            const std::vector<std::filesystem::path>& files,
                                            Progress& progress) {
    std::vector<std::filesystem::path> sources = files;
    if (sources.empty()) {
        SPY_ASSIGN(sources,
                   feed::find_raw_files(lake.root(), product, feed::RawKind::definitions, symbol, date));
    }
    SPY_ASSIGN(Definitions definitions,
               read_definitions(std::move(sources), {date, symbol, datasets_around(product)}, progress));
    if (definitions.rows.empty()) return no_definitions(symbol, date, definitions.counts);
    DefinitionIngest ingest;
    ingest.counts = std::move(definitions.counts);
    const lake::Lineage lineage{std::string(kDefinitionsStage), {}, raw_properties(ingest.counts.files_read)};
    for (const auto& [name, rows] : by_partition(std::move(definitions.rows), ingest.notes)) {
        lake::PartitionKey key{std::string(kDefinitionsDataset), name, date};
        SPY_ASSIGN(const bool written, complete_partition(lake, key, rows, lineage));
        (written ? ingest.written : ingest.complete).push_back(std::move(key));
    }
    return ingest;
}

}  // namespace spymaster::pipeline
