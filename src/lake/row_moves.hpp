// Rows from one batch to another, and what has to hold of rows that are stored.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.hpp"
#include "lake/column_batch.hpp"

namespace spymaster::lake {

// Copies rows [first, first + count) to the end of `to`. Text gets the codes of `to`'s dictionary, which
// grows as needed. REQUIRES: batches of the same contract; the rows are there.
void append_rows(ColumnBatch& to, const ColumnBatch& from, std::size_t first, std::size_t count);

// Drops the rows from `count` on.
void truncate_rows(ColumnBatch& batch, std::size_t count);

// Gives `to` the dictionaries of `from`. REQUIRES: `to` is empty, of the same contract.
void copy_dictionaries(ColumnBatch& to, const ColumnBatch& from);

// Error (conflict): the columns are not those of the contract, not of one length, or hold, where there is no null, a code
// without an entry in its dictionary, or a NaN or infinity. `first_row` is the number of the first row, for the message.
Result<void> check_rows(const ColumnBatch& batch, const Contract& contract, std::int64_t first_row);

}  // namespace spymaster::lake
