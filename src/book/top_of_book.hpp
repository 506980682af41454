// The consolidated best quotes of one instrument, and what happened to them (spec 4.6): CMBP-1 records in file order
// go in, the two quotes and the flow of the window can be read.
//
// A record says what the quotes are now; what changed since the record before is the flow:
//
//   quote appears                      add  its size at its price
//   quote grows, shrinks at its price  add, or gone, the difference
//   quote moves or vanishes            gone its size at the old price, add at the new one
//
// A trade (action T) does not say which quote it took from, so it is matched over the window, per side and price:
//
//   fill = min(traded, gone)        pull = gone - fill
//
// The side of a trade is the aggressor's: B hits the ask, A the bid. Without one: at or above the ask before it the
// ask, at or below the bid the bid, else neither. What was traded and is not gone by the end of the window is dropped.
//
// A price that is undefined or not above 0, or a size that is 0 or undefined, is no quote. A Clear (R) empties both
// quotes and a record of a snapshot replaces them; neither is flow. The age of a quote cannot be observed.
//
// No record can break it, nor make it slow: applying one costs the same however many prices the window has touched.
// Memory: the prices touched in a window. Not thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "book/side_flow.hpp"
#include "dbn/records.hpp"
#include "market/side.hpp"

namespace spymaster::book {

class TopOfBook {
  public:
    struct Quote {
        std::int64_t price = 0;
        std::uint32_t qty = 0;  // 0: there is none, and no price
        bool operator==(const Quote&) const = default;
    };
    // One touched price of one side in one window.
    struct PriceFlow {
        std::int64_t price;
        market::Side side;
        std::int64_t add = 0;
        std::int64_t gone = 0;    // pulled or filled
        std::int64_t traded = 0;  // by the trade records
        [[nodiscard]] std::int64_t fill() const { return std::min(traded, gone); }
        [[nodiscard]] std::int64_t pull() const { return gone - fill(); }
    };

    // The time a record belongs to, as of market-by-order records: Book::window_time().
    [[nodiscard]] static std::int64_t window_time(const dbn::Cmbp1Msg& msg);

    // Applies the next record.
    void apply(const dbn::Cmbp1Msg& msg);

    // Starts a window: the flow is of what happens from here on. Before the first, none is kept.
    void begin_window();

    [[nodiscard]] const Quote& quote(market::Side side) const {
        return quotes_[static_cast<std::size_t>(side)];
    }
    [[nodiscard]] std::span<const PriceFlow> flow() const { return flow_; }
    // The window so far. After a Clear or a snapshot in it the start is deduced from the end, price by price.
    [[nodiscard]] SideFlow side_flow(market::Side side) const;

    // A Clear or a snapshot in this window.
    [[nodiscard]] bool cleared() const { return cleared_; }
    // One of these, or a gap upstream.
    [[nodiscard]] bool disrupted() const { return disrupted_; }
    // The last record did not tell of a gap upstream. Every record tells the whole state, so the next one mends it.
    [[nodiscard]] bool valid() const { return valid_; }

    [[nodiscard]] std::size_t memory_bytes() const {
        return sizeof(TopOfBook) + flow_.capacity() * sizeof(PriceFlow) +
               slots_.capacity() * sizeof(std::uint32_t);
    }

  private:
    void replace(market::Side side, const Quote& now);
    void match(const dbn::Cmbp1Msg& trade);
    PriceFlow& flow_at(market::Side side, std::int64_t price);
    // Where in slots_ a price is, or would be. REQUIRES: slots_ are in use.
    [[nodiscard]] std::size_t slot_of(market::Side side, std::int64_t price) const;
    void index_flow();

    std::array<Quote, 2> quotes_{};
    std::array<std::uint32_t, 2> start_{};  // their sizes when the window began
    std::vector<PriceFlow> flow_;           // a few are searched from the end, more through slots_
    std::vector<std::uint32_t>
        slots_;  // open addressing: 1 + the place in flow_, 0 where free; empty: not in use
    bool recording_ = false;
    bool cleared_ = false;
    bool disrupted_ = false;
    bool valid_ = true;
};

}  // namespace spymaster::book
