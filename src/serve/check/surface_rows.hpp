// The rows of a table, out of an Arrow IPC stream or out of the lake, and where the two differ. No header of Arrow comes with
// this one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "lake/column_batch.hpp"
#include "lake/lake.hpp"

namespace spymaster::serve {

struct SurfaceRows {
    lake::ColumnBatch rows;
    std::size_t batches = 0;  // of the stream
};

// Error (malformed): the bytes are not one whole stream with its end and nothing after it, or its columns are not those of the
// contract: names, order, types; nulls where the contract allows none.
Result<SurfaceRows> rows_of_stream(std::string_view stream, const lake::Contract& contract);

// The rows of windows that end in [first_end_ts_ns, last_end_ts_ns]. Error: as lake::Lake::read.
Result<lake::ColumnBatch> rows_of_lake(const lake::Lake& lake, const lake::PartitionKey& key,
                                       std::int64_t first_end_ts_ns, std::int64_t last_end_ts_ns);

// What differs first, bit for bit: "row 3: mid_price 1 is not 2"; empty if nothing does. REQUIRES: batches of the contract.
std::string first_difference(const lake::ColumnBatch& served, const lake::ColumnBatch& stored,
                             const lake::Contract& contract);

}  // namespace spymaster::serve
