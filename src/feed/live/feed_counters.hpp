// What a live feed has counted. Written by the feed, read by any thread, each number by itself.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace spymaster::feed::live {

struct FeedCounters {
    using Count = std::atomic<std::uint64_t>;
    using Gauge = std::atomic<std::int64_t>;

    std::array<Count, 256> records{};  // recorded, by rtype (dbn::type_name); those made here included
    Count bytes_received = 0;          // of the session: metadata, records, heartbeats
    Count bytes_recorded = 0;          // written to the day's file by this run
    Count heartbeats = 0;
    Count duplicates_dropped = 0;  // known already when they came again
    Count reconnects = 0;          // sessions after the first
    Count failed_connects = 0;
    Count gaps = 0;             // holes that remain
    Count ring_high_water = 0;  // bytes
    Count ring_full_waits = 0;  // times that reading stopped because the consumer was behind
    Count records_made = 0;     // markers and openings of a day, by the consumer or for a gap
    Count flush_failures = 0;
    Gauge last_ts_recv_ns = 0;   // newest of all records; 0: none yet
    Gauge last_ts_event_ns = 0;  //
    Gauge lag_wall_ns = 0;  // of the newest block when it was handed over: this machine's clock - ts_recv
    Gauge lag_feed_ns =
        0;  // the same by the feed's clock: what this program adds, whatever the machine's clock says
    std::atomic<bool> connected = false;
    std::atomic<bool> replaying = false;
};

}  // namespace spymaster::feed::live
