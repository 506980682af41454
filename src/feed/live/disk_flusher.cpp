#include "feed/live/disk_flusher.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace spymaster::feed::live {

DiskFlusher::DiskFlusher(std::chrono::milliseconds period) : period_(period), thread_([this] { work(); }) {}

DiskFlusher::~DiskFlusher() {
    watch(-1);
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void DiskFlusher::work() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, period_, [&] { return stop_; })) flush(lock);
}

// One at a time, without the mutex: wrote() never waits for the disk.
void DiskFlusher::flush(std::unique_lock<std::mutex>& lock) {
    flushed_.wait(lock, [&] { return !flushing_; });
    if (fd_ < 0 || !dirty_) return;
    const int fd = fd_;
    dirty_ = false;
    flushing_ = true;
    lock.unlock();
    const int error = ::fdatasync(fd) == 0 ? 0 : errno;
    lock.lock();
    flushing_ = false;
    if (error != 0 && failure_.empty()) failure_ = std::strerror(error);
    flushed_.notify_all();
}

void DiskFlusher::watch(int fd) {
    std::unique_lock lock(mutex_);
    flush(lock);
    const int old = std::exchange(fd_, fd);
    dirty_ = fd >= 0;
    if (old >= 0) ::close(old);
}

void DiskFlusher::wrote() {
    const std::lock_guard lock(mutex_);
    dirty_ = true;
}

std::string DiskFlusher::finish() {
    std::unique_lock lock(mutex_);
    flush(lock);
    return failure_;
}

std::string DiskFlusher::failure() {
    const std::lock_guard lock(mutex_);
    return failure_;
}

}  // namespace spymaster::feed::live
