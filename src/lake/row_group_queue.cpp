#include "lake/row_group_queue.hpp"

namespace spymaster::lake {

RowGroupQueue::RowGroupQueue(std::unique_ptr<ParquetWriter> writer)
    : writer_(std::move(writer)), thread_([this](const std::stop_token& stop) { work(stop); }) {}

Result<void> RowGroupQueue::push(ColumnBatch rows) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return failed_ || waiting_.size() < kWaiting; });
    if (failed_) return *failed_;
    waiting_.push_back(std::move(rows));
    changed_.notify_all();
    return {};
}

std::optional<ColumnBatch> RowGroupQueue::recycled() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::nullopt;
    ColumnBatch batch = std::move(free_.back());
    free_.pop_back();
    return batch;
}

Result<FileHash> RowGroupQueue::finish() {
    {
        const std::lock_guard lock(mutex_);
        complete_ = true;
        changed_.notify_all();
    }
    thread_.join();
    if (failed_) return *failed_;
    return writer_->close();
}

void RowGroupQueue::work(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, stop, [&] { return complete_ || !waiting_.empty(); });
        if (stop.stop_requested() || waiting_.empty()) return;
        ColumnBatch rows = std::move(waiting_.front());
        waiting_.pop_front();
        changed_.notify_all();
        lock.unlock();
        const Result<void> written = writer_->write_row_group(rows);
        rows.clear();
        lock.lock();
        if (!written) {
            failed_ = written.error();
            changed_.notify_all();
            return;
        }
        free_.push_back(std::move(rows));
    }
}

}  // namespace spymaster::lake
