// What is done with the bytes of sessions: records out of them, duplicates dropped, the rest recorded and handed on; and what
// they say of the session itself. Keeps what must be known from one session to the next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "feed/live/byte_ring.hpp"
#include "feed/live/dbn_stream.hpp"
#include "feed/live/feed_clock.hpp"
#include "feed/live/live_feed.hpp"
#include "feed/live/market_memory.hpp"
#include "feed/live/recorded_stream.hpp"
#include "feed/live/resumption.hpp"
#include "feed/live/session_plan.hpp"

namespace spymaster::feed::live {

// Why a session must end, though the line is up.
enum class Verdict : std::uint8_t {
    go_on,
    malformed,         // it sends what is no DBN
    skipped,           // the gateway left records out because we were slow: a replay has them
    aged_out,          // the gateway has no longer what was asked for
    late_start,        // it replays, but not from where we stopped
    recorded_already,  // the day of its first record is recorded: that recording comes first
    key_refused,
    subscription_refused,
};

// One thread.
class Intake {
  public:
    // All of these outlive it.
    Intake(const LiveOptions& options, LiveConsumer& consumer, const LiveTime& time, FeedCounters& counters);

    // Reads an earlier recording, before the first session. Error: as RecordedStream::recover().
    Result<void> recover(const FoundRecording& recording);

    void begin_session(const SessionPlan& plan);
    // Bytes of the session. Error: of the recording or the consumer, which end everything; what is wrong with the session is
    // the verdict.
    Result<void> take(const ByteRing::Chunk& chunk);
    // The line is down: time stands still.
    void end_session();

    // Asks the consumer what time makes of it. `steady_ns`: now, if nothing waits to be taken.
    Result<void> tick(std::int64_t steady_ns);

    // Records are missing from here on, up to `to_ns` if that is known.
    Result<void> tell_gap(std::string cause, std::int64_t to_ns);

    void tell(FeedEvent event);
    Result<void> finish() { return stream_.finish(); }

    [[nodiscard]] Verdict verdict() const { return verdict_; }
    [[nodiscard]] const std::string& reason() const { return reason_; }  // of the verdict
    // With Verdict::recorded_already: what to recover; with late_start: when the session began.
    [[nodiscard]] const std::optional<FoundRecording>& recorded() const { return recorded_; }
    [[nodiscard]] std::int64_t late_start_ns() const { return late_start_ns_; }
    // The session gave something of the market, or a heartbeat: it works.
    [[nodiscard]] bool works() const { return works_; }
    // Its replays are complete: all types have come to the present.
    [[nodiscard]] bool caught_up() const { return caught_up_; }
    // A snapshot was asked for, or begun, and is not complete.
    [[nodiscard]] bool in_snapshot() const { return memory_.in_snapshot(); }
    // After a gap: what begins anew, the books if there are some, has not begun to come.
    [[nodiscard]] bool awaits_snapshot() const { return awaits_snapshot_; }
    void await_snapshot() { awaits_snapshot_ = true; }

    [[nodiscard]] const Resumption& received() const { return received_; }
    [[nodiscard]] const RecordedStream& stream() const { return stream_; }

  private:
    // False: the session ends here, or failed_ says why everything does.
    bool take_metadata();
    bool take_record(const std::byte* record);
    bool take_market_record(const std::byte* record);
    bool take_system(const std::byte* record);
    bool take_error(const std::byte* record);
    bool is_recorded_already(const std::byte* record);
    bool keep(const std::byte* record);
    bool end(Verdict verdict, std::string reason);
    void one_replay_completed();
    void all_caught_up();
    void measure();

    LiveConsumer& consumer_;
    const LiveTime& time_;
    FeedCounters& counters_;
    std::string dataset_;
    bool has_books_;  // mbo is subscribed to
    Resumption received_;
    MarketMemory memory_;
    FeedClock clock_;
    RecordedStream stream_;

    // Of the session.
    DbnStream decoder_;
    Verdict verdict_ = Verdict::go_on;
    std::string reason_;
    std::optional<FoundRecording> recorded_;
    std::int64_t late_start_ns_ = 0;
    std::size_t replays_left_ = 0;
    bool works_ = false;
    bool had_metadata_ = false;
    bool had_record_ = false;
    bool caught_up_ = false;
    std::int64_t newest_ts_recv_ = 0;  // of the chunk
    std::int64_t arrival_ns_ = 0;      // of the newest chunk

    bool awaits_snapshot_ = false;
    std::optional<Error> failed_;
};

}  // namespace spymaster::feed::live
