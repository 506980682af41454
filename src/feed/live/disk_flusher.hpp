// Brings what was written to a file to the disk once a second, in a thread of its own: a disk takes tens of milliseconds, and
// the market does not wait.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace spymaster::feed::live {

class DiskFlusher {
  public:
    explicit DiskFlusher(std::chrono::milliseconds period = std::chrono::seconds(1));
    // Flushes a last time.
    ~DiskFlusher();
    DiskFlusher(const DiskFlusher&) = delete;
    DiskFlusher& operator=(const DiskFlusher&) = delete;

    // From here on this file, whose descriptor it now owns; the one before is flushed and closed. -1: none.
    void watch(int fd);
    // Something was written. Any thread.
    void wrote();
    // Flushes now. Empty, or why that or an earlier flush failed.
    std::string finish();
    [[nodiscard]] std::string failure();

  private:
    void work();
    void flush(std::unique_lock<std::mutex>& lock);

    std::chrono::milliseconds period_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::condition_variable flushed_;
    int fd_ = -1;
    bool dirty_ = false;
    bool flushing_ = false;
    bool stop_ = false;
    std::string failure_;
    std::thread thread_;
};

}  // namespace spymaster::feed::live
