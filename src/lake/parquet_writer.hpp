// One Parquet file of a contract's columns, a row group at a time. Arrow stays in the .cpp.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "base/sha256.hpp"
#include "lake/column_batch.hpp"
#include "lake/contract.hpp"
#include "lake/encodings.hpp"

namespace spymaster::lake {

// The bytes depend on the contract, the encodings and the row groups handed over; not on the number of
// threads, the time, the order of a text column's dictionary, or what stands where a null is. One thread at a time.
class ParquetWriter {
  public:
    // Makes a new file. `threads`: how many encode columns at once. REQUIRES: one encoding a field. Error: io, internal.
    static Result<std::unique_ptr<ParquetWriter>> create(const std::filesystem::path& path,
                                                         const Contract& contract,
                                                         std::vector<ColumnEncoding> encodings,
                                                         unsigned int threads);
    virtual ~ParquetWriter() = default;

    // Text columns come back with their dictionary in order of first appearance; all else is left as it was.
    // REQUIRES: the contract's columns, rectangular, codes that are not null within their dictionaries.
    virtual Result<void> write_row_group(ColumnBatch& rows) = 0;
    // Writes the footer and syncs. The hash is that of every byte written.
    virtual Result<FileHash> close() = 0;
};

}  // namespace spymaster::lake
