// A table of the lake that is one Parquet file beside the datasets, replaced as a whole: the selection map.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "lake/column_batch.hpp"
#include "lake/contract.hpp"

namespace spymaster::lake {

// Every row of the file. Memory: the whole table. Error: missing, io, malformed, conflict (its columns are
// not the contract's; a null in one that is not nullable).
Result<ColumnBatch> read_table_file(const std::filesystem::path& path, const Contract& contract);

// Writes the rows beside the file, syncs, and renames over it: the file is the old one or the new one,
// whatever happens. Missing folders are made. The same rows give the same bytes. Of two writers at once the
// last stays.
// Error: conflict (rows that are not the contract's), io.
Result<void> write_table_file(const std::filesystem::path& path, const Contract& contract, ColumnBatch& rows);

}  // namespace spymaster::lake
