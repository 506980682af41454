// A dataset live: one connection at a time to Databento's live gateway (or ours), a recording on disk, and a stream of
// records for one consumer. What the consumer gets is what is in the recording, byte for byte and in that order, so that
// reading the recording again is the same as having been there.
//
//   options ──► LiveFeed::run(consumer) ─┬─► {root}/raw/source=live/dataset=GLBX.MDP3/glbx-mdp3-20260106.live.dbn
//                                        └─► consumer.on_records(...)
//
// Threads: run() works in the caller's thread and calls the consumer in it, and never after it has returned. A second thread
// connects and moves bytes from the socket into a bounded ring, nothing else: a slow consumer fills the ring, a full ring
// stops the reading, and TCP tells the gateway. A third flushes the file to the disk once a second.
//
// Disconnected, the feed connects again, asks for a replay from a little before the newest ts_event that it has, and drops
// what it has already (resumption.hpp): nothing is missing and nothing is twice. Where the gateway can no longer replay, a
// hole remains: it is told (FeedEvent gap), written into the recording (markers.hpp) and followed by snapshots.
//
// A crash loses nothing that was written: the recording is cut back to its last whole record at the next start, its records
// are handed to the consumer first, and the feed resumes as after a disconnect.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "dbn/metadata.hpp"
#include "feed/live/feed_counters.hpp"
#include "feed/live/feed_time.hpp"
#include "feed/live/live_options.hpp"
#include "feed/live/transport.hpp"
#include "market/time.hpp"

namespace spymaster::feed::live {

enum class FeedEventKind : std::uint8_t {
    connecting,        // text: to where
    connected,         // text: address and session; authenticated and subscribed
    disconnected,      // text: why; the next attempt follows
    recovered,         // an earlier recording was read: from_ns, to_ns of its records, count
    replay_completed,  // everything asked for again has come
    gap,               // a hole remains between from_ns and to_ns (0: not known yet), text: why
    new_day,           // text: the date
    gateway_message,   // text, code of a SystemMsg that is no heartbeat
    gateway_error,     // text, code of an ErrorMsg
};
[[nodiscard]] std::string_view name_of(FeedEventKind kind);

struct FeedEvent {
    FeedEventKind kind = FeedEventKind::connecting;
    std::int64_t ts_ns = 0;  // by this machine's clock, UTC
    std::string text{};
    int code = -1;              // of the gateway; -1: none
    std::int64_t from_ns = 0;   // times of the market, UTC
    std::int64_t to_ns = 0;     //
    std::uint64_t count = 0;    // records
    std::uint32_t attempt = 0;  // of connecting: from 1; since the last time that it worked
};

// The beginning of a recording: of the first day, or of a day that has begun.
struct RecordingStart {
    market::Date date;
    std::filesystem::path path;
    const dbn::Metadata& metadata;  // as the gateway sent it: no schema, no mappings
    bool continued = false;         // the file was there: its records come first, with arrival 0
};

// Called in the thread of LiveFeed::run(). An Error ends run() with it.
class LiveConsumer {
  public:
    virtual ~LiveConsumer() = default;

    // Before the first records of each file.
    virtual Result<void> on_recording(const RecordingStart& start) = 0;

    // A run of whole records, at least one, valid during the call: market data, definitions, statistics, symbol mappings (again
    // after each reconnect), system and error messages but heartbeats, and what the consumer itself has returned. They are in
    // the file already. `arrival_steady_ns`: when the newest byte among them was read from the socket, by
    // std::chrono::steady_clock (LiveTime); 0: it was not (recovered, or made here).
    virtual Result<void> on_records(std::span<const std::byte> whole_records,
                                    std::int64_t arrival_steady_ns) = 0;

    // The present of the exchange as far as it can be told (feed_clock.hpp); never decreases. After each block of records and
    // about every clock_period otherwise, but not before the first record with a time. What is returned (whole records, made
    // with markers.hpp) is recorded and handed back like all others.
    virtual std::vector<std::byte> on_clock(std::int64_t /*feed_now_ns*/) { return {}; }

    // The first record of another UTC date (of ts_recv) has come. What is returned (whole records: snapshots of the books, flag
    // SNAPSHOT) begins the new file, after the symbol mappings known so far, so that it can be read by itself. Then come
    // on_recording(), these records, and the record itself.
    virtual std::vector<std::byte> on_new_day(market::Date /*date*/) { return {}; }

    virtual void on_event(const FeedEvent& /*event*/) {}
};

class LiveFeed {
  public:
    // Error (usage): no key, no subscription, symbols or times that cannot be sent, `start` with `snapshot`.
    static Result<std::unique_ptr<LiveFeed>> create(LiveOptions options,
                                                    Connector connector = tcp_connector(),
                                                    LiveTime time = {});
    ~LiveFeed();
    LiveFeed(const LiveFeed&) = delete;
    LiveFeed& operator=(const LiveFeed&) = delete;

    // Until stop(), which is success, or an Error: the consumer's; io (the disk: what had been written is whole); conflict (the
    // recording is in use by another, or is of another dataset); malformed (the recording is no DBN); usage (the gateway does not
    // accept the key or a subscription). A gateway that cannot be reached is no Error: it is tried again. Call it once.
    Result<void> run(LiveConsumer& consumer);

    // From any thread or signal handler. run() returns within some 100 ms, or, while a name is being resolved, after that.
    void stop() noexcept;

    // From any thread.
    [[nodiscard]] const FeedCounters& counters() const;

  private:
    class Impl;
    explicit LiveFeed(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace spymaster::feed::live
