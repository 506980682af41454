// The one-second clock over the books of all options of one underlying (spec 4.5 to 4.8): records in, closed
// chain windows out.
//
// Takes records in file order, market-by-order or consolidated best quotes, and gives its sink one ChainWindow
// for every second of the session, events or not. Everything before the session warms the books up and costs
// no windows. A window that has been emitted never changes, and what comes later cannot change it. Not
// thread-safe; one engine per underlying.
#pragma once

#include <cstdint>

#include "book/anomaly.hpp"
#include "dbn/records.hpp"
#include "market/product.hpp"
#include "market/right.hpp"
#include "market/session.hpp"
#include "windows/chain_rows.hpp"
#include "windows/spot_track.hpp"

namespace spymaster::windows {

// What an option is, from its definition.
struct OptionTerms {
    market::Right right = market::Right::call;
    std::int64_t strike_price_int = 0;
    bool operator==(const OptionTerms&) const = default;
};

// What has been seen so far, up to the end of the session.
struct ChainTotals {
    std::uint64_t records = 0;
    std::uint64_t late_records = 0;         // stamped before the window they were applied in
    std::uint64_t windows = 0;              // emitted
    std::uint64_t quotes = 0;               // emitted
    std::uint64_t identity_violations = 0;  // cells where start + add - pull - fill != end without a clear: 0
    std::uint64_t crossed_publishes = 0;    // by market-by-order books
    book::AnomalyCounts anomalies;          // of market-by-order books
};

class ChainEngine {
  public:
    // REQUIRES: market::check_grid(grid).ok(); `spots` and `sink` outlive the engine; a window's spot is on the
    // track before a record of a later window is applied.
    ChainEngine(const market::Grid& grid, market::SessionWindow session, const SpotTrack& spots,
                ChainSink& sink);

    // Makes an option known; known already, nothing changes. `price_increment` of its premiums, which only
    // makes its book faster; 0: the grid's.
    void add_option(std::uint32_t instrument_id, const OptionTerms& terms, std::int64_t price_increment = 0);

    // Applies the next record. After the session's last window (done()) it does nothing. Records of options
    // that are not known are left out. An option is either market-by-order or best quotes, by its first record.
    void apply(const dbn::MboMsg& msg);
    void apply(const dbn::Cmbp1Msg& msg);

    // No more records: emits what is left, through the end of the session.
    void finish();

    // Every window of the session has been emitted; records from here on change nothing.
    [[nodiscard]] bool done() const;

    [[nodiscard]] ChainTotals totals() const;
    [[nodiscard]] std::size_t option_count() const;
    [[nodiscard]] std::size_t memory_bytes() const;
};

}  // namespace spymaster::windows
