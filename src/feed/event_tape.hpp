// Writes what happened in the simulated market as CME's records come: grouped in events, stamped, sequenced,
// flagged.
//
//   an Add, a Modify or a Cancel by itself:  one record, flags LAST | PUBLISHER_SPECIFIC (130)
//   a trade:  T (the aggressor's id and side) and its F (the resting orders'), once per price; then in a
//   second packet the
//             records that change the book: A for what is left of the aggressor, and a C (filled) or M
//             (partly) for every F all with one ts_event; flags 0 but for the last
// A packet has one ts_recv, ts_in_delta and sequence. ts_recv never decreases.
#pragma once

#include <cstdint>
#include <vector>

#include "dbn/records.hpp"
#include "feed/matching_book.hpp"
#include "feed/random.hpp"

namespace spymaster::feed {

class EventTape {
  public:
    EventTape(std::uint32_t instrument_id, std::int64_t tick_nanos, Random random);

    // An event at the earliest of `ts_event` and just after the one before. Returns the time it got.
    std::int64_t begin(std::int64_t ts_event);
    // The sequence that the records changing the book will bear, if the event has trades or not.
    [[nodiscard]] std::uint32_t book_sequence(bool after_trades) const {
        return sequence_ + (after_trades ? 2U : 1U);
    }
    // What happened, in order. 'T' and 'F' come before the rest of their event.
    void record(char action, market::Side side, std::uint64_t order_id, std::int32_t tick,
                std::uint32_t size);
    void end(std::uint8_t more_flags = 0);

    // Between mute and unmute events happen but their records are lost; sequence numbers go on.
    void mute(bool on) { muted_ = on; }

    // Every order of the book: a Clear and the Adds, by time of their place in the queue.
    void snapshot(const MatchingBook& book, std::int64_t ts_recv);

    // A fresh sequence number for an order that was there before the stream began.
    std::uint32_t next_sequence() { return ++sequence_; }

    [[nodiscard]] std::vector<dbn::MboMsg>& records() { return records_; }
    [[nodiscard]] std::uint64_t live_records() const { return live_records_; }  // of unmuted events so far
    [[nodiscard]] std::uint64_t trades() const { return trades_; }

  private:
    struct Packet {
        std::uint64_t ts_recv = 0;
        std::int32_t ts_in_delta = 0;
        std::uint32_t sequence = 0;
    };

    Packet next_packet(std::uint64_t not_before);
    [[nodiscard]] dbn::MboMsg blank() const;

    std::vector<dbn::MboMsg> records_;
    std::size_t event_start_ = 0;
    std::uint32_t instrument_id_;
    std::int64_t tick_nanos_;
    Random random_;
    std::int64_t ts_event_ = 0;
    std::uint64_t last_ts_recv_ = 0;
    std::uint32_t sequence_ = 0;
    bool muted_ = false;
    std::uint64_t live_records_ = 0;
    std::uint64_t trades_ = 0;
};

}  // namespace spymaster::feed
