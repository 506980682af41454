// The Parquet files of one contract, row group by row group. Arrow stays in the .cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "lake/column_batch.hpp"
#include "lake/contract.hpp"

namespace spymaster::lake {

// One thread at a time. Whatever the bytes are, the answer is rows or an Error.
class ParquetReader {
  public:
    // Checks that the file's columns are the contract's: names, order of no matter, types (an Avro int or long may be stored in
    // 32 or 64 bits). One that could hold nulls in the file, and holds none, is good. Error: missing, io, malformed, conflict.
    static Result<std::unique_ptr<ParquetReader>> open(const std::filesystem::path& path,
                                                       const Contract& contract);
    virtual ~ParquetReader() = default;

    // The rows of each row group, in file order.
    [[nodiscard]] virtual const std::vector<std::int64_t>& row_group_rows() const = 0;
    // Replaces the wanted columns of `batch` with those of a row group; empties the others. REQUIRES: index
    // in range, one `wanted` a field. Error: malformed; conflict (a null in a column that is not
    // nullable, or a number that its column's type cannot hold).
    virtual Result<void> read_row_group(std::size_t index, const std::vector<bool>& wanted,
                                        ColumnBatch& batch) = 0;
};

}  // namespace spymaster::lake
