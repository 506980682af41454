// The clock markers of a live contract and of the options on it (feed/live/markers.hpp): records that change nothing but say that
// a second is over. Each has to be of an instrument that the engine knows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dbn/records.hpp"
#include "feed/live/markers.hpp"
#include "pipeline/bronze/records.hpp"

namespace spymaster::pipeline {

class ClockMarkers {
  public:
    // An option whose quotes the markers of quotes repeat; it has none before its first record.
    void choose_option(std::uint32_t instrument_id) {
        option_id_ = instrument_id;
        quote_.hd = {.length = sizeof(dbn::Cmbp1Msg) / 4,
                     .rtype = dbn::rtype::cmbp_1,
                     .publisher_id = contract_.publisher_id,
                     .instrument_id = instrument_id,
                     .ts_event = 0};
        quote_.price = dbn::kUndefPrice;
        quote_.side = 'N';
        for (auto& level : quote_.levels) level.bid_px = level.ask_px = dbn::kUndefPrice;
    }

    // Records of the contract; of the options.
    void see(const RecordRun& run) { contract_ = run.orders.back().hd; }
    void see_options(const RecordRun& run) {
        if (!run.orders.empty()) option_ = run.orders.back().hd;
        for (const dbn::Cmbp1Msg& quote : run.quotes)
            if (quote.hd.instrument_id == option_id_) quote_ = quote;
    }

    // REQUIRES: records of the contract have been seen
    void mark(std::int64_t ts_ns, std::vector<std::byte>& markers) const {
        append(feed::live::mbo_marker(contract_.publisher_id, contract_.instrument_id, ts_ns, 0), markers);
    }
    // REQUIRES: likewise, and an option has been chosen
    void mark_options(bool of_quotes, std::int64_t ts_ns, std::vector<std::byte>& markers) const {
        if (of_quotes) return append(feed::live::cmbp1_marker(quote_, ts_ns, 0), markers);
        const std::uint16_t publisher = option_ ? option_->publisher_id : contract_.publisher_id;
        append(feed::live::mbo_marker(publisher, option_ ? option_->instrument_id : option_id_, ts_ns, 0),
               markers);
    }

  private:
    template <class Record>
    static void append(const Record& record, std::vector<std::byte>& markers) {
        const auto bytes = std::as_bytes(std::span(&record, 1));
        markers.insert(markers.end(), bytes.begin(), bytes.end());
    }

    dbn::RecordHeader contract_{};
    std::optional<dbn::RecordHeader> option_;  // of the newest order of an option
    std::uint32_t option_id_ = 0;
    dbn::Cmbp1Msg quote_{};  // the newest of that option
};

}  // namespace spymaster::pipeline
