// What a live feed keeps in mind of a market: what a gap marker and the file of a new day need. One thread.
//
// Memory: some 100 bytes an instrument of mbo, 200 of cmbp-1, and each symbol mapping.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dbn/records.hpp"

namespace spymaster::feed::live {

class MarketMemory {
  public:
    // Every record that is recorded, ours too.
    void note(const std::byte* record);

    // Gap markers of all instruments seen, stamped with the newest time recorded, so that no closed second is opened: by
    // publisher and instrument.
    [[nodiscard]] std::vector<std::byte> gap_markers() const;
    // A snapshot has begun and not ended: what follows a disconnect cannot complete it.
    [[nodiscard]] bool in_snapshot() const { return last_was_snapshot_ || open_snapshots_ != 0; }
    [[nodiscard]] bool has_open_snapshot() const { return open_snapshots_ != 0; }
    // The gap is told: what was open is closed.
    void forget_snapshots();

    // The newest mapping of each instrument and requested symbol, in the order in which they were first seen.
    [[nodiscard]] const std::vector<std::byte>& mappings() const { return mappings_; }

    [[nodiscard]] std::int64_t newest_ts_event() const { return newest_ts_event_; }
    [[nodiscard]] std::int64_t newest_ts_recv() const { return newest_ts_recv_; }

  private:
    void note_mbo(const dbn::MboMsg& msg);
    void note_mapping(const std::byte* record);

    std::unordered_map<std::uint64_t, bool> books_;  // by publisher and instrument: a snapshot is open
    std::size_t open_snapshots_ = 0;
    bool last_was_snapshot_ = false;  // of the last mbo record of all: more books may follow
    std::unordered_map<std::uint64_t, dbn::Cmbp1Msg> quotes_;
    std::vector<std::byte> mappings_;
    std::map<std::pair<std::uint32_t, std::string>, std::size_t> place_of_mapping_;
    std::int64_t newest_ts_event_ = 0;  // snapshots apart, whose ts_event is their orders'
    std::int64_t newest_ts_recv_ = 0;
};

}  // namespace spymaster::feed::live
