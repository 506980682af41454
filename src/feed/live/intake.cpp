#include "feed/live/intake.hpp"

#include <algorithm>
#include <utility>

#include "dbn/gateway_codes.hpp"
#include "dbn/upgrade.hpp"
#include "feed/live/record_times.hpp"

namespace spymaster::feed::live {

namespace {

// SystemMsg::code and ErrorMsg::code.
constexpr int kHeartbeat = static_cast<int>(dbn::SystemCode::heartbeat);
constexpr int kReplayCompleted = static_cast<int>(dbn::SystemCode::replay_completed);
constexpr int kAuthenticationFailed = static_cast<int>(dbn::ErrorMsgCode::auth_failed);
constexpr int kKeyDeactivated = static_cast<int>(dbn::ErrorMsgCode::api_key_deactivated);
constexpr int kInvalidSubscription = static_cast<int>(dbn::ErrorMsgCode::invalid_subscription);
constexpr int kSkippedRecords = static_cast<int>(dbn::ErrorMsgCode::skipped_records_after_slow_reading);
constexpr int kReplayAgedOut = static_cast<int>(dbn::ErrorMsgCode::replay_data_aged_out);

// A snapshot comes in one go; a marker in the middle of it would end it (book/continuity.hpp).
constexpr std::int64_t kSnapshotPauseNs = 1'000'000'000;

}  // namespace

Intake::Intake(const LiveOptions& options, LiveConsumer& consumer, const LiveTime& time,
               FeedCounters& counters)
    : consumer_(consumer),
      time_(time),
      counters_(counters),
      dataset_(options.dataset),
      has_books_(std::any_of(options.subscriptions.begin(), options.subscriptions.end(),
                             [](const LiveSubscription& s) { return s.schema == dbn::Schema::mbo; })),
      received_(options.resume_margin),
      clock_(options.longest_silence),
      stream_(options, consumer, memory_, counters) {}

Result<void> Intake::recover(const FoundRecording& recording) {
    std::uint64_t records = 0;
    std::int64_t first_ts = 0;
    SPY_ASSIGN(const bool open, stream_.recover(recording, [&](const std::byte* record) {
        ++records;
        received_.note(record);
        memory_.note(record);
        if (first_ts == 0) first_ts = memory_.newest_ts_recv();
    }));
    if (!open) return {};
    clock_.recovered(memory_.newest_ts_recv());
    counters_.last_ts_event_ns.store(memory_.newest_ts_event(), std::memory_order_relaxed);
    counters_.last_ts_recv_ns.store(memory_.newest_ts_recv(), std::memory_order_relaxed);
    tell({.kind = FeedEventKind::recovered,
          .text = recording.path.string(),
          .from_ns = first_ts,
          .to_ns = memory_.newest_ts_recv(),
          .count = records});
    return {};
}

void Intake::begin_session(const SessionPlan& plan) {
    // By what the session before had come to: as the plan was made.
    received_.begin_session(plan.replayed, caught_up_);
    decoder_ = {};
    verdict_ = Verdict::go_on;
    reason_.clear();
    recorded_.reset();
    replays_left_ = plan.replays;
    works_ = had_record_ = had_metadata_ = false;
    counters_.replaying.store(plan.replays != 0, std::memory_order_relaxed);
}

void Intake::end_session() {
    clock_.stand_still();
    if (!stream_.is_open()) stream_.drop_unwritten();
}

Result<void> Intake::take(const ByteRing::Chunk& chunk) {
    arrival_ns_ = chunk.arrival_ns;
    newest_ts_recv_ = 0;
    clock_.heard(chunk.arrival_ns);
    bump(counters_.bytes_received, chunk.bytes.size());
    const auto fed = decoder_.feed(
        chunk.bytes, [&](const std::byte* record) { return take_metadata() && take_record(record); });
    if (failed_) return *failed_;
    if (!fed) end(Verdict::malformed, fed.error().message);
    if (decoder_.metadata() && verdict_ == Verdict::go_on) take_metadata();
    if (newest_ts_recv_ != 0) clock_.received(newest_ts_recv_, chunk.arrival_ns);
    SPY_TRY(stream_.flush(chunk.arrival_ns));
    if (newest_ts_recv_ != 0) measure();
    return {};
}

// Once a session, before its first record.
bool Intake::take_metadata() {
    if (std::exchange(had_metadata_, true)) return true;
    const dbn::Metadata& metadata = *decoder_.metadata();
    if (metadata.dataset != dataset_) {
        return end(Verdict::malformed,
                   fmt::format("the session is of {}, not {}", metadata.dataset, dataset_));
    }
    stream_.set_metadata(metadata, decoder_.metadata_bytes());
    caught_up_ = false;
    if (replays_left_ == 0) all_caught_up();
    return true;
}

void Intake::measure() {
    constexpr auto kRelaxed = std::memory_order_relaxed;
    counters_.last_ts_event_ns.store(memory_.newest_ts_event(), kRelaxed);
    counters_.last_ts_recv_ns.store(memory_.newest_ts_recv(), kRelaxed);
    counters_.lag_wall_ns.store(time_.wall_ns() - newest_ts_recv_, kRelaxed);
    if (const auto now = clock_.estimate(time_.steady_ns())) {
        counters_.lag_feed_ns.store(*now - newest_ts_recv_, kRelaxed);
    }
}

bool Intake::take_record(const std::byte* record) {
    switch (dbn::load<dbn::RecordHeader>(record).rtype) {
        case dbn::rtype::system:
            return take_system(record);
        case dbn::rtype::error:
            return take_error(record);
        case dbn::rtype::symbol_mapping:
            memory_.note(record);
            return keep(record);
        default:
            return take_market_record(record);
    }
}

bool Intake::keep(const std::byte* record) {
    if (auto added = stream_.add(record); !added) failed_ = added.error();
    return !failed_ && verdict_ == Verdict::go_on;
}

bool Intake::end(Verdict verdict, std::string reason) {
    verdict_ = verdict;
    reason_ = std::move(reason);
    return false;
}

bool Intake::take_market_record(const std::byte* record) {
    const std::uint8_t rtype = dbn::load<dbn::RecordHeader>(record).rtype;
    const RecordTimes times = times_of(record);
    works_ = had_record_ = true;
    newest_ts_recv_ = std::max(newest_ts_recv_, times.ts_recv);
    const auto judged = received_.judge(record);
    if (judged == Resumption::Verdict::duplicate) {
        bump(counters_.duplicates_dropped);
        return true;
    }
    if (!stream_.is_open() && is_recorded_already(record)) return false;
    if (judged == Resumption::Verdict::late_start) {
        const std::string reason = "the replay does not reach back to where the feed stopped";
        if (rtype == dbn::rtype::mbo) {
            late_start_ns_ = times.ts_event;
            return end(Verdict::late_start, reason);
        }
        // Each quote is whole in itself: no snapshot is needed.
        if (rtype == dbn::rtype::cmbp_1) {
            if (auto told = tell_gap(reason, times.ts_event); !told) failed_ = told.error();
            if (failed_) return false;
        }
    }
    if (!has_books_ || (rtype == dbn::rtype::mbo && is_snapshot(record))) awaits_snapshot_ = false;
    received_.note(record);
    memory_.note(record);
    return keep(record);
}

bool Intake::is_recorded_already(const std::byte* record) {
    const std::int64_t ts_recv = times_of(record).ts_recv;
    if (ts_recv == 0) return false;
    auto found = newest_recording(stream_.folder(), dataset_, market::utc_date(ts_recv));
    if (!found) {
        failed_ = found.error();
        return true;
    }
    if (!*found) return false;
    recorded_ = std::move(*found);
    end(Verdict::recorded_already, fmt::format("{} is recorded already", recorded_->date.iso()));
    return true;
}

bool Intake::take_system(const std::byte* record) {
    const auto message = dbn::read_system(record);
    const int code = message && message->code != dbn::kNotGiven ? message->code : -1;
    if (code == kHeartbeat) {
        bump(counters_.heartbeats);
        works_ = true;
        // Nothing is left to replay where there is time for heartbeats.
        if (had_record_ && !caught_up_) all_caught_up();
        return true;
    }
    if (message) {
        tell({.kind = FeedEventKind::gateway_message,
              .text = std::string(dbn::text(message->msg)),
              .code = code});
    }
    if (code == kReplayCompleted) one_replay_completed();
    return keep(record);
}

void Intake::one_replay_completed() {
    if (replays_left_ != 0) --replays_left_;
    if (replays_left_ == 0 && !caught_up_) all_caught_up();
}

void Intake::all_caught_up() {
    caught_up_ = true;
    clock_.run();
    if (counters_.replaying.exchange(false, std::memory_order_relaxed))
        tell({.kind = FeedEventKind::replay_completed});
}

bool Intake::take_error(const std::byte* record) {
    const auto message = dbn::read_error(record);
    const int code = message && message->code != dbn::kNotGiven ? message->code : -1;
    const std::string text = message ? std::string(dbn::text(message->err)) : "an error that cannot be read";
    tell({.kind = FeedEventKind::gateway_error, .text = text, .code = code});
    if (!keep(record)) return false;
    switch (code) {
        case kAuthenticationFailed:
        case kKeyDeactivated:
            return end(Verdict::key_refused, text);
        case kInvalidSubscription:
            return end(Verdict::subscription_refused, text);
        case kSkippedRecords:
            return end(Verdict::skipped, text);
        case kReplayAgedOut:
            return end(Verdict::aged_out, text);
        default:
            return true;
    }
}

Result<void> Intake::tick(std::int64_t steady_ns) {
    if (!stream_.is_open()) return {};
    const auto now = clock_.now(steady_ns);
    if (!now) return {};
    if (memory_.has_open_snapshot() && time_.steady_ns() - arrival_ns_ < kSnapshotPauseNs) return {};
    const std::vector<std::byte> markers = consumer_.on_clock(*now);
    if (markers.empty()) return {};
    SPY_TRY(stream_.add_made(markers));
    dbn::for_each_record(markers, [this](const std::byte* record) { memory_.note(record); });
    return stream_.flush(0);
}

Result<void> Intake::tell_gap(std::string cause, std::int64_t to_ns) {
    bump(counters_.gaps);
    const std::vector<std::byte> markers = memory_.gap_markers();
    const std::int64_t from_ns = memory_.newest_ts_event();
    if (stream_.is_open()) {
        SPY_TRY(stream_.add_made(markers));
        SPY_TRY(stream_.flush(0));
    }
    memory_.forget_snapshots();
    tell({.kind = FeedEventKind::gap, .text = std::move(cause), .from_ns = from_ns, .to_ns = to_ns});
    return {};
}

void Intake::tell(FeedEvent event) {
    event.ts_ns = time_.wall_ns();
    consumer_.on_event(event);
}

}  // namespace spymaster::feed::live
