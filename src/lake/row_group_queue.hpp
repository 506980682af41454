// Row groups on their way to a Parquet file, encoded by a thread of its own.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "lake/column_batch.hpp"
#include "lake/parquet_writer.hpp"

namespace spymaster::lake {

// At most kWaiting row groups wait, so memory is bounded and a slow disk slows the producer. One producer
// thread.
class RowGroupQueue {
  public:
    explicit RowGroupQueue(std::unique_ptr<ParquetWriter> writer);

    // Hands a row group over. Error: what a row group before it ran into.
    Result<void> push(ColumnBatch rows);
    // A written batch, empty, for its memory; nothing if none is free.
    std::optional<ColumnBatch> recycled();
    // Waits until everything is written and the file is closed. REQUIRES: called once, last.
    Result<FileHash> finish();

  private:
    static constexpr std::size_t kWaiting = 2;

    void work(const std::stop_token& stop);

    std::unique_ptr<ParquetWriter> writer_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<ColumnBatch> waiting_;
    std::vector<ColumnBatch> free_;
    bool complete_ = false;
    std::optional<Error> failed_;
    std::jthread thread_;  // last: destroyed first, which drops what waits
};

}  // namespace spymaster::lake
