// The rows of any partition, one after the other, by the names of their columns; a row group is in memory at a time. Values are
// as they lie in the file, those that no writer of ours would write among them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"

namespace spymaster::pipeline::checks {

class TableRows {
  public:
    // `names`: the columns to read; a column is then named by its place among them. Error: missing (a column), and as
    // lake::Lake::read.
    static Result<TableRows> open(const lake::Lake& lake, const lake::PartitionKey& key,
                                  const std::vector<std::string>& names);

    // Goes to the next row, first to the first; false: there is none.
    Result<bool> next();

    // The value of this row. REQUIRES: next() said so; the column is of that type.
    [[nodiscard]] std::int64_t integer(std::size_t column) const;  // long, int; boolean as 0 or 1
    [[nodiscard]] bool flag(std::size_t column) const { return integer(column) != 0; }
    [[nodiscard]] double real(std::size_t column) const;
    [[nodiscard]] std::string_view text(std::size_t column) const;
    [[nodiscard]] bool is_null(std::size_t column) const;

  private:
    TableRows(std::unique_ptr<lake::PartitionReader> reader, std::vector<std::size_t> places,
              const lake::Contract& contract);

    std::unique_ptr<lake::PartitionReader> reader_;
    std::vector<std::size_t> places_;  // of the columns in a batch
    lake::ColumnBatch batch_;
    std::size_t row_ = 0;
    std::size_t rows_ = 0;  // of the batch
};

}  // namespace spymaster::pipeline::checks
