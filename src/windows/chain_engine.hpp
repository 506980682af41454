// The one-second clock over the books of all options of one underlying (spec 4.5 to 4.8): records in, closed
// chain windows out.
//
// Takes records in file order, market-by-order or consolidated best quotes, and gives its sink one ChainWindow
// for every second of the session, events or not. Everything before the session warms the books up and costs
// no windows. A window that has been emitted never changes, and what comes later cannot change it. Not
// thread-safe; one engine per underlying.
//
// Which row of the grid an option is in, in a window (spec 4.8, decision D-1), with steps between the rows' strikes:
//
//   offset = floor((2 (strike - spot) + step) / (2 step))        beyond the grid: in none
//
// So a strike half-way between two rows belongs to the upper one. Closing a window costs what the records changed, the
// grid, and a plain loop over the options.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "book/anomaly.hpp"
#include "dbn/records.hpp"
#include "market/product.hpp"
#include "market/right.hpp"
#include "market/session.hpp"
#include "windows/chain_rows.hpp"
#include "windows/instrument_index.hpp"
#include "windows/option_book.hpp"
#include "windows/spot_track.hpp"
#include "windows/window_clock.hpp"

namespace spymaster::windows {

// What an option is, from its definition.
struct OptionTerms {
    market::Right right = market::Right::call;
    std::int64_t strike_price_int = 0;
    bool operator==(const OptionTerms&) const = default;
};

// Which step of the grid a strike belongs to, counted from spot; none beyond the grid.
std::optional<std::int64_t> strike_offset(std::int64_t strike, std::int64_t spot, const market::Grid& grid);

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
    // makes its book faster; 0 or less: the grid's.
    void add_option(std::uint32_t instrument_id, const OptionTerms& terms, std::int64_t price_increment = 0);

    // Applies the next record. After the session's last window (done()) it does nothing. Records of options
    // that are not known are left out. An option is either market-by-order or best quotes, by its first record;
    // those of the other kind are left out.
    void apply(const dbn::MboMsg& msg);
    void apply(const dbn::Cmbp1Msg& msg);
    // The same for the next records, in order, looking ahead: much the faster where there are many options.
    void apply(std::span<const dbn::MboMsg> records);
    void apply(std::span<const dbn::Cmbp1Msg> records);

    // No more records: emits what is left, through the end of the session.
    void finish();

    // Every window of the session has been emitted; records from here on change nothing.
    [[nodiscard]] bool done() const { return clock_.done(); }

    [[nodiscard]] ChainTotals totals() const;
    [[nodiscard]] std::size_t option_count() const { return options_.size(); }
    [[nodiscard]] std::size_t memory_bytes() const;

  private:
    struct Option {
        std::uint32_t instrument_id;
        OptionTerms terms;
        std::int64_t price_increment;
        OptionBook book;
    };

    [[nodiscard]] Option* find(std::uint32_t instrument_id);
    // Its market-by-order book, if there is one yet.
    [[nodiscard]] const book::Book* orders_of(const dbn::MboMsg& msg);
    template <class Msg>
    void turn_to(OptionBook& book, const Msg& msg, std::int64_t t);

    bool roll_to(std::int64_t t);
    void open_window();
    void close_window();
    void order_options();
    void empty_cells();
    void add_quote(const Option& option, bool trusted);
    void add_to_cells(const Option& option, const OptionBook::WindowFlow& flow, bool trusted);
    [[nodiscard]] bool trusted(const OptionBook& book) const;

    market::Grid grid_;
    WindowClock clock_;
    const SpotTrack& spots_;
    ChainSink& sink_;
    InstrumentIndex places_;            // in options_
    std::vector<Option> options_;       // as they were added
    std::vector<std::uint32_t> by_id_;  // the same by instrument_id, the first ordered_ of them
    std::size_t ordered_ = 0;
    bool settled_ = false;            // the warm-up is over
    bool begins_with_reset_ = false;  // the first record was a clear, or of a snapshot

    ChainWindow window_;         // reused: its rows' memory stays
    std::vector<bool> cleared_;  // by cell: no identity to check
    ChainTotals totals_;         // but for what the books count
};

}  // namespace spymaster::windows
