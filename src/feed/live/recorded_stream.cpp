#include "feed/live/recorded_stream.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "dbn/record_walk.hpp"
#include "feed/live/record_times.hpp"
#include "feed/live/recording_path.hpp"

namespace spymaster::feed::live {

namespace {

// A stamp further ahead than a long week-end is no reason to begin the file of another day.
constexpr std::int64_t kLongestJumpNs = 10LL * 24 * 3600 * market::kNanosPerSecond;
constexpr std::size_t kMostUnwritten = std::size_t{1} << 20U;

}  // namespace

RecordedStream::RecordedStream(const LiveOptions& options, LiveConsumer& consumer, const MarketMemory& memory,
                               FeedCounters& counters)
    : options_(options),
      consumer_(consumer),
      memory_(memory),
      counters_(counters),
      folder_(recording_folder(options.root, options.dataset)) {}

void RecordedStream::set_metadata(const dbn::Metadata& metadata, std::span<const std::byte> bytes) {
    metadata_ = metadata;
    head_.assign(bytes.begin(), bytes.end());
}

Result<bool> RecordedStream::recover(const FoundRecording& recording, const OnRecord& on_record) {
    SPY_TRY(file_.reopen(
        recording.path, options_.dataset,
        [&](const dbn::Metadata& metadata, std::span<const std::byte> bytes) {
            set_metadata(metadata, bytes);
            return consumer_.on_recording({recording.date, recording.path, metadata, true});
        },
        [&](std::span<const std::byte> block) {
            dbn::for_each_record(block, on_record);
            return consumer_.on_records(block, 0);
        }));
    if (!file_.is_open()) return false;
    day_end_ns_ = recording.date.next().midnight_utc_ns();
    newest_ts_recv_ = std::min(memory_.newest_ts_recv(), day_end_ns_ - 1);
    return true;
}

Result<void> RecordedStream::begin_file(const market::Date& date) {
    SPY_ASSERT(metadata_.has_value());
    const std::filesystem::path path = folder_ / recording_name(options_.dataset, date);
    SPY_TRY(file_.create(path, head_));
    bump(counters_.bytes_recorded, head_.size());
    day_end_ns_ = date.next().midnight_utc_ns();
    return consumer_.on_recording({date, path, *metadata_, false});
}

Result<void> RecordedStream::begin_day(const market::Date& date, std::int64_t ts_recv) {
    SPY_TRY(flush(0));
    const std::vector<std::byte> opening = consumer_.on_new_day(date);
    SPY_TRY(file_.finish());
    SPY_TRY(begin_file(date));
    for (const auto* const records : {&memory_.mappings(), &opening}) {
        const dbn::RecordWalk walk = dbn::walk_records(records->data(), records->data() + records->size());
        SPY_ASSERT(walk.sound && walk.bytes == records->size());
        bump(counters_.records_made, walk.records);
        dbn::for_each_record(*records, [this](const std::byte* record) { put(record); });
    }
    SPY_TRY(flush(0));
    consumer_.on_event({.kind = FeedEventKind::new_day, .text = date.iso(), .from_ns = ts_recv});
    return {};
}

Result<void> RecordedStream::add(const std::byte* record) {
    const auto header = dbn::load<dbn::RecordHeader>(record);
    const std::int64_t ts_recv = is_session_record(header.rtype) ? 0 : times_of(record).ts_recv;
    if (ts_recv > newest_ts_recv_ && (newest_ts_recv_ == 0 || ts_recv - newest_ts_recv_ < kLongestJumpNs)) {
        newest_ts_recv_ = ts_recv;
        if (!file_.is_open()) {
            SPY_TRY(begin_file(market::utc_date(ts_recv)));
        } else if (ts_recv >= day_end_ns_) {
            SPY_TRY(begin_day(market::utc_date(ts_recv), ts_recv));
        }
    }
    put(record);
    if (file_.is_open() && block_.size() >= kMostUnwritten) return flush(0);
    return {};
}

void RecordedStream::put(const std::byte* record) {
    const auto header = dbn::load<dbn::RecordHeader>(record);
    block_.insert(block_.end(), record, record + header.size());
}

Result<void> RecordedStream::add_made(std::span<const std::byte> whole_records) {
    const dbn::RecordWalk walk =
        dbn::walk_records(whole_records.data(), whole_records.data() + whole_records.size());
    SPY_ASSERT(walk.sound && walk.bytes == whole_records.size());
    bump(counters_.records_made, walk.records);
    for (std::size_t at = 0; at < whole_records.size();) {
        SPY_TRY(add(whole_records.data() + at));
        at += dbn::load<dbn::RecordHeader>(whole_records.data() + at).size();
    }
    return {};
}

Result<void> RecordedStream::flush(std::int64_t arrival_steady_ns) {
    if (block_.empty() || !file_.is_open()) return {};
    SPY_TRY(file_.append(block_));
    bump(counters_.bytes_recorded, block_.size());
    dbn::for_each_record(block_, [this](const std::byte* record) {
        bump(counters_.records[dbn::load<dbn::RecordHeader>(record).rtype]);
    });
    SPY_TRY(consumer_.on_records(block_, arrival_steady_ns));
    block_.clear();
    return {};
}

}  // namespace spymaster::feed::live
