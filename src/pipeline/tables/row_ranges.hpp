// Any rows of a partition, by their number: for readers that go from place to place. A row group is in memory at a
// time, and rows that follow each other are decoded once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"

namespace spymaster::pipeline {

// The places of columns in a contract, in the order of the names. Error: missing.
Result<std::vector<std::size_t>> places_of(const lake::Contract& contract,
                                           const std::vector<std::string>& names);

class RowRanges {
  public:
    // `names`: the columns to read. Errors as lake::Lake::read; missing (a column).
    static Result<RowRanges> open(const lake::Lake& lake, const lake::PartitionKey& key,
                                  const std::vector<std::string>& names);

    // Where each of the names is in a batch.
    [[nodiscard]] const std::vector<std::size_t>& columns() const { return columns_; }
    [[nodiscard]] std::int64_t row_count() const { return group_at_.back(); }

    // Called with parts of the range, one after the other: rows [first, last) of a batch. Its error ends the visit.
    using Visit =
        std::function<Result<void>(const lake::ColumnBatch& rows, std::size_t first, std::size_t last)>;
    // Error: io, malformed; and what `visit` says. REQUIRES: 0 <= begin <= end <= row_count()
    Result<void> visit(std::int64_t begin, std::int64_t end, const Visit& visit);

  private:
    RowRanges(std::vector<std::size_t> columns, std::unique_ptr<lake::PartitionReader> reader,
              const lake::Contract& contract);
    Result<void> decode_group_of(std::int64_t row);

    std::vector<std::size_t> columns_;
    std::unique_ptr<lake::PartitionReader> reader_;
    std::vector<std::int64_t> group_at_;  // the first row of each row group, and the row after the last
    lake::ColumnBatch rows_;              // of the row group decoded
    std::size_t group_ = 0;
    bool decoded_ = false;
    std::size_t next_group_ = 0;  // that the reader gives next
};

}  // namespace spymaster::pipeline
