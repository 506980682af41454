// Reads the rows of one dataset one after the other, a row group in memory at a time.
#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "pipeline/tables/columns.hpp"

namespace spymaster::pipeline {

template <class Row>
class RowReader {
  public:
    // Error: as BoundColumns::resolve and lake::Lake::read.
    static Result<RowReader> open(const lake::Lake& lake, const lake::PartitionKey& key,
                                  std::span<const Binding<Row>> bindings) {
        SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
        SPY_ASSIGN(auto columns, BoundColumns<Row>::resolve(dataset->contract, bindings));
        SPY_ASSIGN(auto reader, lake.read(key));
        return RowReader(std::move(reader), std::move(columns), dataset->contract);
    }

    // The next row, or nullptr at the end; valid until the call after.
    Result<const Row*> peek() {
        if (next_ == rows_.size()) {
            SPY_ASSIGN(const bool more, reader_->next(batch_));
            rows_.assign(more ? batch_.row_count() : 0, Row{});
            next_ = 0;
            if (!more) return nullptr;
            columns_.read(batch_, rows_);
        }
        return &rows_[next_];
    }
    void pop() { ++next_; }

  private:
    RowReader(std::unique_ptr<lake::PartitionReader> reader, BoundColumns<Row> columns,
              const lake::Contract& contract)
        : reader_(std::move(reader)), columns_(std::move(columns)), batch_(contract) {}

    std::unique_ptr<lake::PartitionReader> reader_;
    BoundColumns<Row> columns_;
    lake::ColumnBatch batch_;
    std::vector<Row> rows_;
    std::size_t next_ = 0;
};

}  // namespace spymaster::pipeline
