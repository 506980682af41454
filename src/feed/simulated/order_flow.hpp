// Who does what next: the traders of the simulated market. Each step is one event on the book and on the
// tape.
//
// Every price has a usual depth (habits.hpp); a passive trader picks a price, mostly at or near the touch,
// and adds there when it is below what is aimed at, else cancels or moves an order. The regime changes the
// aim (walls, vacuums). Aggressive traders push the price after an efficient price that wanders and
// drifts, or is another market's.
//
// In the markets for studies (market_kind.hpp) the best prices go with the efficient price at once, by a trade that
// takes all of the level; until its next move they stay, whatever is traded or cancelled. All else that the traders
// do is symmetric and knows nothing of the moves to come (even_flow.cpp).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "feed/simulated/event_tape.hpp"
#include "feed/simulated/habits.hpp"
#include "feed/simulated/market_kind.hpp"
#include "feed/simulated/market_regime.hpp"
#include "feed/simulated/matching_book.hpp"
#include "feed/simulated/random.hpp"
#include "feed/simulated/tick_walk.hpp"

namespace spymaster::feed {

class OrderFlow {
  public:
    // `book` and `tape` are empty, and outlive this.
    OrderFlow(MatchingBook& book, EventTape& tape, const Habits& habits, Random random, MarketKind kind);

    // The orders that rest before the stream begins: around `tick`, entered minutes to days before `ts_ns`.
    void fill_book(std::int32_t tick, std::int64_t ts_ns);
    // The orders that come when a market opens with an empty book: around `tick`, within `seconds` of `ts_ns`.
    void open_book(std::int32_t tick, std::int64_t ts_ns, double seconds);

    // One event at about `ts_ns`. `records_per_second` is the present pace: the efficient price moves with
    // activity.
    void step(std::int64_t ts_ns, double records_per_second);

    // What a market that follows another one sees of it.
    struct Lead {
        double efficient_tick;  // in ticks of the follower
        const OrderFlow& flow;  // of the leader
        double ticks;           // of the follower, for one of the leader
    };
    // One event at about `ts_ns`, after the leader's price and regime, or drift. REQUIRES: a leader of the same kind.
    void step_after(std::int64_t ts_ns, const Lead& lead);

    // An Add far behind the touch, its record with these flags besides the usual.
    void add_in_the_back(std::int64_t ts_ns, std::uint8_t flags);

    [[nodiscard]] const MarketRegime& regime() const { return regime_; }
    [[nodiscard]] double efficient_tick() const { return efficient_tick_; }

  private:
    using Handle = MatchingBook::Handle;

    void move_efficient_price(double seconds, double pace);
    [[nodiscard]] std::vector<RestingOrder> first_orders(std::int32_t tick, std::int64_t ts_ns,
                                                         std::array<double, 3> oldest_seconds);
    void act(std::int64_t ts_ns);
    void trade(std::int64_t ts_ns);
    void take(std::int64_t ts_ns, market::Side side, std::uint32_t lots, std::int32_t limit, bool rests);
    void trade_hidden(std::int64_t ts_ns);
    void act_passively(std::int64_t ts_ns);
    void add(std::int64_t ts_ns, const RestingOrder& what,
             std::uint8_t flags = 0);  // its id and stamps are given here
    void add_usual(std::int64_t ts_ns, market::Side side, std::int32_t tick);
    void add_stub(std::int64_t ts_ns);
    void cancel(std::int64_t ts_ns, Handle handle);
    void modify(std::int64_t ts_ns, Handle handle);
    void change(std::int64_t ts_ns, Handle handle, std::int32_t tick, std::uint32_t size);
    void replace(std::int64_t ts_ns, Handle handle, std::int32_t tick, std::uint32_t size);
    void record_match(market::Side aggressor, std::uint64_t id, std::int32_t tick, std::uint32_t size);

    void act_evenly(std::int64_t ts_ns);
    bool go_to_price(std::int64_t ts_ns);
    void take_all(std::int64_t ts_ns, market::Side side, std::int32_t limit);
    void trade_evenly(std::int64_t ts_ns);
    void act_passively_and_evenly(std::int64_t ts_ns);
    void pull(std::int64_t ts_ns, Handle handle);

    [[nodiscard]] market::Side random_side() {
        return random_.chance(0.5) ? market::Side::bid : market::Side::ask;
    }
    [[nodiscard]] double gap() const;  // efficient price less mid, ticks
    [[nodiscard]] double aim(market::Side side, std::int32_t tick) const;
    [[nodiscard]] bool wall_needs_work() const;
    [[nodiscard]] std::int32_t behind(market::Side side,
                                      std::int32_t distance) const;  // that far from the best
    [[nodiscard]] std::int32_t choose_tick(market::Side side,
                                           std::int32_t further);  // than usual, ticks
    [[nodiscard]] std::int32_t stub_tick(market::Side side,
                                         std::int32_t tick);  // far from where anything trades
    [[nodiscard]] std::uint64_t next_order_id();

    MatchingBook& book_;
    EventTape& tape_;
    const Habits& habits_;
    Random random_;
    MarketRegime regime_;
    std::optional<TickWalk> walk_;  // in a market for studies
    double efficient_tick_ = 0.0;
    std::int64_t last_ts_ns_ = 0;
    std::uint64_t order_id_;        // of most orders
    std::uint64_t early_order_id_;  // ids handed out in blocks before: they go backwards in time
    std::vector<Fill> fills_;
    struct FilledOrder {
        std::uint64_t id;
        std::int32_t tick;
        std::uint32_t size_before, size_after;
    };
    std::vector<FilledOrder> filled_;  // of the trade being made
};

}  // namespace spymaster::feed
