// Snapshots of books of orders, as the live feed gives them: of each instrument a Clear, then its orders, bids from the best,
// then asks from the best, those of a price in the order of their queue. The last record has LAST.
//
// Every record has the flags SNAPSHOT and BAD_TS_RECV; ts_recv is when the snapshot was made, ts_event when the order got its
// place in the queue. An order that changes its price or grows goes to the end of the queue.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "feed/gateway/raw_library.hpp"

namespace spymaster::feed {

// The orders of one instrument of one publisher. Records that fit nothing are passed over. One thread.
class QueueBook {
  public:
    void apply(const dbn::MboMsg& msg);
    // The record before was the last of its event: the book is one that the exchange had.
    [[nodiscard]] bool between_events() const { return between_events_; }
    // Appends the snapshot. `publisher_id`, `instrument_id`: of its records.
    void write(std::uint16_t publisher_id, std::uint32_t instrument_id, std::uint64_t made_ns,
               std::vector<std::byte>& out) const;

  private:
    struct Order {
        std::uint64_t place;  // in the queue: lower comes first
        dbn::MboMsg entered;  // the record that gave it its place; its size is what is left
    };

    void modify(const dbn::MboMsg& msg);
    void cancel(const dbn::MboMsg& msg);

    std::unordered_map<std::uint64_t, Order> orders_;
    std::uint64_t next_place_ = 0;
    bool between_events_ = true;
};

struct InstrumentSnapshot {
    std::uint32_t instrument_id = 0;
    std::uint64_t as_of_ns = 0;  // records with an index time up to here are in it
    std::vector<std::byte> records;
};

// Snapshots of the chosen instruments after all records up to `as_of_ns`; of an instrument in the middle of an event then, at
// the end of that event. Reads from the first record of the UTC day, or, where the day does not begin with a snapshot or a
// Clear, from the first of all. Instruments of which nothing is known get an empty book. Error: as RawLibrary::read().
Result<std::vector<InstrumentSnapshot>> snapshots_at(const RawLibrary& library, const std::string& dataset,
                                                     const Resolution& resolution, std::uint64_t as_of_ns);

}  // namespace spymaster::feed
