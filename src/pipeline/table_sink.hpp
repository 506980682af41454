// A dataset being written: a batch that is filled here and handed to the lake when it is large enough.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "lake/lake.hpp"

namespace spymaster::pipeline {

class TableSink {
  public:
    static Result<TableSink> create(const lake::Lake& lake, const lake::PartitionKey& key) {
        SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
        SPY_ASSIGN(auto writer, lake.write(key));
        return TableSink(dataset->contract, std::move(writer));
    }

    lake::ColumnBatch& batch() { return batch_; }

    // Call after rows were added to batch().
    Result<void> added() {
        return batch_.row_count() < kHandOverRows ? Result<void>{} : writer_->append(batch_);
    }

    Result<void> commit(const lake::Lineage& lineage) {
        if (batch_.row_count() > 0) SPY_TRY(writer_->append(batch_));
        return writer_->commit(lineage);
    }

    [[nodiscard]] std::int64_t row_count() const {
        return writer_->row_count() + static_cast<std::int64_t>(batch_.row_count());
    }

  private:
    // A full row group is taken over without a copy; only what is beyond it moves.
    static constexpr std::size_t kHandOverRows = lake::kRowGroupRows;

    TableSink(const lake::Contract& contract, std::unique_ptr<lake::PartitionWriter> writer)
        : batch_(contract), writer_(std::move(writer)) {}

    lake::ColumnBatch batch_;
    std::unique_ptr<lake::PartitionWriter> writer_;
};

}  // namespace spymaster::pipeline
