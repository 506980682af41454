// The rows of a partition by window, read one row group at a time: how a day is replayed without being loaded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/tables/row_ranges.hpp"

namespace spymaster::serve {

using pipeline::places_of;

// In memory: a number a window, and two row groups of the columns. One thread at a time.
class WindowRows {
  public:
    // `names`: the columns to read, the first of them window_end_ts_ns. Reads that one. Error: missing,
    // malformed; conflict: rows not sorted by window, or of a window that is not in `window_ends`.
    static Result<std::unique_ptr<WindowRows>> open(const lake::Lake& lake, const lake::PartitionKey& key,
                                                    const std::vector<std::string>& names,
                                                    const std::vector<std::int64_t>& window_ends);

    // Shows all rows of a window, in order, in as many pieces as they lie in row groups; none if it has no
    // rows. REQUIRES: window < window_ends.size()
    Result<void> visit(std::size_t window, const pipeline::RowRanges::Visit& visit);
    // The rows of windows [first, last). REQUIRES: first <= last <= window_ends.size()
    [[nodiscard]] std::int64_t row_count(std::size_t first, std::size_t last) const {
        return row_at_[last] - row_at_[first];
    }
    // Where each of the names is in a batch.
    [[nodiscard]] const std::vector<std::size_t>& columns() const { return rows_.columns(); }

  private:
    WindowRows(pipeline::RowRanges rows, std::vector<std::int64_t> row_at)
        : rows_(std::move(rows)), row_at_(std::move(row_at)) {}

    pipeline::RowRanges rows_;
    std::vector<std::int64_t> row_at_;  // window k owns rows [row_at_[k], row_at_[k + 1])
};

}  // namespace spymaster::serve
