// A dataset being written: a batch that is filled here and handed to the lake when it is large enough. Or, for those who want
// to see the rows and not to keep them, a batch that stays here until it is cleared.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "lake/lake.hpp"

namespace spymaster::pipeline {

enum class Kept : std::uint8_t { in_lake, in_memory };

class TableSink {
  public:
    static Result<TableSink> create(const lake::Lake& lake, const lake::PartitionKey& key,
                                    Kept kept = Kept::in_lake) {
        SPY_ASSIGN(const lake::DatasetSpec* dataset, lake.dataset(key.dataset));
        if (kept == Kept::in_memory) return TableSink(dataset->contract, nullptr);
        SPY_ASSIGN(auto writer, lake.write(key));
        return TableSink(dataset->contract, std::move(writer));
    }

    lake::ColumnBatch& batch() { return batch_; }

    // Call after rows were added to batch().
    Result<void> added() {
        return writer_ == nullptr || batch_.row_count() < kHandOverRows ? Result<void>{}
                                                                        : writer_->append(batch_);
    }

    // REQUIRES: kept in the lake
    Result<void> commit(const lake::Lineage& lineage) {
        if (batch_.row_count() > 0) SPY_TRY(writer_->append(batch_));
        return writer_->commit(lineage);
    }

  private:
    // A full row group is taken over without a copy; only what is beyond it moves.
    static constexpr std::size_t kHandOverRows = lake::kRowGroupRows;

    TableSink(const lake::Contract& contract, std::unique_ptr<lake::PartitionWriter> writer)
        : batch_(contract), writer_(std::move(writer)) {}

    lake::ColumnBatch batch_;
    std::unique_ptr<lake::PartitionWriter> writer_;  // nullptr: kept in memory
};

}  // namespace spymaster::pipeline
