// Writes what happened in the simulated market as the records of its venue come: grouped in events, stamped,
// sequenced, flagged.
//
// Globex (CME):
//   an Add, a Modify or a Cancel by itself:  one record, flags LAST | PUBLISHER_SPECIFIC (130)
//   a trade:  T (the aggressor's id and side) and its F (the resting orders'), once per price; then in a
//   second packet the
//             records that change the book: A for what is left of the aggressor, and a C (filled) or M
//             (partly) for every F all with one ts_event; flags 0 but for the last
// A packet has one ts_recv, ts_in_delta and sequence. ts_recv never decreases.
//
// ITCH (Nasdaq): a Clear comes first, then every order as an Add.
//   an Add or a Cancel (of all or of a part) by itself: one record, flags 130
//   a replace:  C of the old id, A of the new one
//   a trade:    T (the aggressor's side, no id), F and C (the resting order's id, the executed size) for every
//               order it meets, then A for what is left of the aggressor
//   a trade with a hidden order:  T alone, side N
// all of an event with one ts_event; flags 0 but for the last. Every message (T with its F and C; a replace)
// has its own sequence; ts_in_delta is ts_recv less ts_event.
#pragma once

#include <cstdint>
#include <vector>

#include "dbn/records.hpp"
#include "feed/simulated/matching_book.hpp"
#include "feed/simulated/random.hpp"

namespace spymaster::feed {

enum class Conventions : std::uint8_t { globex, itch };

class EventTape {
  public:
    EventTape(Conventions conventions, std::uint32_t instrument_id, std::int64_t tick_nanos, Random random);

    [[nodiscard]] Conventions conventions() const { return conventions_; }

    // The events that follow are of this instrument.
    void turn_to(std::uint32_t instrument_id) { instrument_id_ = instrument_id; }

    // An event at the earliest of `ts_event` and just after the one before. Returns the time it got.
    std::int64_t begin(std::int64_t ts_event);
    // The sequence that the records changing the book will bear, if the event has trades or not.
    [[nodiscard]] std::uint32_t book_sequence(bool after_trades) const {
        return sequence_ + (after_trades ? 2U : 1U);
    }
    // What happened, in order. Globex: 'T' and 'F' come before the rest of their event.
    void record(char action, market::Side side, std::uint64_t order_id, std::int32_t tick,
                std::uint32_t size);
    // A trade with an order that was not in the book: no side, no id.
    void record_hidden_trade(std::int32_t tick, std::uint32_t size);
    void end(std::uint8_t more_flags = 0);

    // Between mute and unmute events happen but their records are lost; sequence numbers go on.
    void mute(bool on) { muted_ = on; }

    // Every order of the book: a Clear and the Adds, by time of their place in the queue.
    void snapshot(const MatchingBook& book, std::int64_t ts_recv);
    // The same of any orders; of none, the Clear alone.
    void snapshot(std::vector<const RestingOrder*> orders, std::int64_t ts_recv);
    // An empty book.
    void clear(std::int64_t ts_event);

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
    void stamp_globex();
    void stamp_itch();
    [[nodiscard]] dbn::MboMsg blank() const;

    std::vector<dbn::MboMsg> records_;
    std::size_t event_start_ = 0;
    Conventions conventions_;
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
