// The one road of a record: into the file of its day, then to the consumer. Begins the files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/live/live_feed.hpp"
#include "feed/live/market_memory.hpp"
#include "feed/live/recording.hpp"

namespace spymaster::feed::live {

// One thread.
class RecordedStream {
  public:
    // All of these outlive the stream. `memory` is of what was added before, and has the mappings of a new day.
    RecordedStream(const LiveOptions& options, LiveConsumer& consumer, const MarketMemory& memory,
                   FeedCounters& counters);

    // The head that new files begin with: of the session. `bytes`: as it came.
    void set_metadata(const dbn::Metadata& metadata, std::span<const std::byte> bytes);

    using OnRecord = std::function<void(const std::byte* record)>;
    // Opens an earlier recording: its records go to on_record, then to the consumer. False if it held nothing and is gone.
    // Error: as Recording::reopen(), or the consumer's.
    Result<bool> recover(const FoundRecording& recording, const OnRecord& on_record);

    // The next record. It is written and handed over by the next flush(); the first with a time begins the first file, the first
    // of a later day the next. Error: io, conflict, the consumer's.
    Result<void> add(const std::byte* record);
    // Records that were made here.
    Result<void> add_made(std::span<const std::byte> whole_records);
    // REQUIRES: nothing is added and not flushed when the program waits.
    Result<void> flush(std::int64_t arrival_steady_ns);
    // Forgets what was added before the first file began.
    void drop_unwritten() { block_.clear(); }
    // Flushes and closes the file.
    Result<void> finish() { return file_.finish(); }

    // A file has begun.
    [[nodiscard]] bool is_open() const { return file_.is_open(); }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  private:
    void put(const std::byte* record);
    Result<void> begin_file(const market::Date& date);
    Result<void> begin_day(const market::Date& date, std::int64_t ts_recv);

    const LiveOptions& options_;
    LiveConsumer& consumer_;
    const MarketMemory& memory_;
    FeedCounters& counters_;
    std::filesystem::path folder_;
    std::optional<dbn::Metadata> metadata_;
    std::vector<std::byte> head_;
    Recording file_;
    std::int64_t newest_ts_recv_ = 0;
    std::int64_t day_end_ns_ = 0;  // of the file
    std::vector<std::byte> block_;
};

// One writer: cheaper than an atomic addition, and any thread may read.
inline void bump(FeedCounters::Count& count, std::uint64_t by = 1) {
    count.store(count.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

}  // namespace spymaster::feed::live
