// The rows of a partition by window, read one row group at a time: how a day is replayed without being loaded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"

namespace spymaster::serve {

// The places of columns in a contract. Error (missing): one is not in it.
Result<std::vector<std::size_t>> places_of(const lake::Contract& contract,
                                           const std::vector<std::string>& names);

// In memory: a number a window, and two row groups of the columns. One thread at a time.
class WindowRows {
  public:
    // `names`: the columns to read, the first of them window_end_ts_ns. Reads that one. Error: missing,
    // malformed; conflict: rows not sorted by window, or of a window that is not in `window_ends`.
    static Result<std::unique_ptr<WindowRows>> open(const lake::Lake& lake, const lake::PartitionKey& key,
                                                    const std::vector<std::string>& names,
                                                    const std::vector<std::int64_t>& window_ends);

    // Rows [first, last) of a batch. columns()[i] is the place of names[i] in it.
    using Visit =
        std::function<Result<void>(const lake::ColumnBatch& rows, std::size_t first, std::size_t last)>;
    // Shows all rows of a window, in order, in as many pieces as they lie in row groups; none if it has no
    // rows. REQUIRES: window < window_ends.size()
    Result<void> visit(std::size_t window, const Visit& visit);
    [[nodiscard]] const std::vector<std::size_t>& columns() const { return columns_; }

  private:
    WindowRows(std::vector<std::size_t> columns, std::unique_ptr<lake::PartitionReader> reader,
               const lake::Contract& contract, std::vector<std::int64_t> row_at);
    Result<void> decode_group_of(std::int64_t row);

    std::vector<std::size_t> columns_;
    std::unique_ptr<lake::PartitionReader> reader_;
    std::vector<std::int64_t> row_at_;    // window k owns rows [row_at_[k], row_at_[k + 1])
    std::vector<std::int64_t> group_at_;  // first row of each row group, and the row after the last
    lake::ColumnBatch rows_;              // the row group decoded last
    std::size_t group_ = 0;
    bool decoded_ = false;
    std::size_t next_group_ = 0;  // that the reader gives next
};

}  // namespace spymaster::serve
