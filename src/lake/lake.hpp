// The lake: datasets of contracts/datasets.yaml as Hive-partitioned Parquet below one root folder (spec 8).
//
//   {root}/{dataset path with symbol=...}/dt=YYYY-MM-DD/part-00000.parquet, _MANIFEST.json, _SUCCESS
//
// A partition is whole or absent, whatever happens: it is written beside its place, synced, and renamed into it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "lake/column_batch.hpp"
#include "lake/contract.hpp"
#include "market/time.hpp"

namespace spymaster::lake {

// Rows of a row group. A writer that is handed batches of at least this many rows copies only what is beyond them.
inline constexpr std::size_t kRowGroupRows = 122'880;

struct DatasetSpec {
    std::string key;            // "silver.future_mbo.book_snapshot_1s"
    std::string path_template;  // "silver/product_type=future_mbo/symbol={symbol}/table=book_snapshot_1s"
    Contract contract;
};

// One partition of a dataset.
struct PartitionKey {
    std::string dataset;
    std::string symbol;
    market::Date date;

    auto operator<=>(const PartitionKey&) const = default;
};

// Where a partition came from; written into its manifest.
struct Lineage {
    std::string stage;                 // "silver_compute_book_states_1s"
    std::vector<PartitionKey> inputs;  // complete partitions; their manifests are hashed
    std::map<std::string, std::string>
        properties;  // what else decides the bytes: session, tick, raw file hash, ...
};

struct Manifest {
    std::string dataset;
    std::string symbol;
    market::Date date;
    std::string stage;
    std::int64_t row_count = 0;
    std::string contract_path;
    std::string contract_sha256;
    struct File {
        std::string name;
        std::int64_t size_bytes = 0;
        std::string sha256;
    };
    std::vector<File> files;
    struct Input {
        std::string dataset;
        std::string symbol;
        market::Date date;
        std::string manifest_sha256;
    };
    std::vector<Input> inputs;
    std::map<std::string, std::string> properties;
};

// Whether a partition still follows from what is in the lake now.
struct Freshness {
    bool fresh = true;
    std::vector<std::string>
        reasons;  // "input bronze.future_mbo.mbo 2023-12-25 has changed", "contract has changed", ...
};

// Writes one partition. Rows are grouped by count alone, so the bytes do not depend on how they arrived.
// Encoding and compression run on other threads; append() copies nothing that it can take over. One thread at a time.
// Destroyed without commit(): nothing remains.
class PartitionWriter {
  public:
    virtual ~PartitionWriter() = default;
    // Takes the rows over and leaves `batch` empty, with its dictionaries and with its memory or fresh memory. Error:
    // conflict (shape; where there is no null, a text code without entry or a NaN or infinity, named with its row), io. After
    // an error nothing can be committed.
    virtual Result<void> append(ColumnBatch& batch) = 0;
    virtual Result<void> commit(const Lineage& lineage) = 0;
    [[nodiscard]] virtual std::int64_t row_count() const = 0;
};

// Reads one partition from its beginning, in batches of one row group, in row order.
class PartitionReader {
  public:
    virtual ~PartitionReader() = default;
    // The next rows in `batch` (replaced); false at the end. Error: io, malformed, conflict with the contract.
    virtual Result<bool> next(ColumnBatch& batch) = 0;
    // For readers of a part (serve replays a day without loading it): the rows of each row group, in file order, and
    // the row group that next() gives next. Error (usage): there is no such row group.
    [[nodiscard]] virtual std::vector<std::int64_t> row_group_rows() const = 0;
    virtual Result<void> seek_row_group(std::size_t index) = 0;
    [[nodiscard]] virtual std::int64_t row_count() const = 0;
};

class Lake {
  public:
    // `contracts` is the folder with datasets.yaml. Error: missing or malformed contract.
    static Result<Lake> open(const std::filesystem::path& root, const std::filesystem::path& contracts);

    [[nodiscard]] const std::filesystem::path& root() const { return root_; }
    // The contract of a table that is no dataset: a path below the folder of contracts. Error: missing, malformed.
    Result<Contract> contract(const std::filesystem::path& path) const;
    [[nodiscard]] const std::vector<DatasetSpec>& datasets() const { return datasets_; }
    // Error (usage) names the datasets there are.
    Result<const DatasetSpec*> dataset(std::string_view key) const;

    // The folder of a partition, whether or not it exists. Error (usage): a symbol that is not [A-Za-z0-9._-]+ .
    Result<std::filesystem::path> partition_path(const PartitionKey& key) const;
    [[nodiscard]] bool is_complete(const PartitionKey& key) const;
    // Every complete partition of a dataset, sorted by symbol and date.
    Result<std::vector<PartitionKey>> partitions(std::string_view dataset) const;

    Result<Manifest> manifest(const PartitionKey& key) const;
    Result<Freshness> freshness(const PartitionKey& key) const;
    // Reads every byte: file hashes against the manifest, contract, row count. Error says the first thing that is wrong.
    Result<void> verify(const PartitionKey& key) const;

    // Replaces the partition at commit(). Fails early if the dataset or symbol is wrong.
    Result<std::unique_ptr<PartitionWriter>> write(const PartitionKey& key) const;
    // `columns`: names to read, empty for all; columns not read stay empty in the batch.
    Result<std::unique_ptr<PartitionReader>> read(const PartitionKey& key,
                                                  const std::vector<std::string>& columns = {}) const;
    // Removes a partition if it is there.
    Result<void> remove(const PartitionKey& key) const;

  private:
    std::filesystem::path root_;
    std::filesystem::path contracts_;
    std::vector<DatasetSpec> datasets_;
};

}  // namespace spymaster::lake
