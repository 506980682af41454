// Who does what to the books of a simulated option chain: market makers that quote around what an option is
// worth, customers, and the owners of walls. Each act is one or more events on the tape.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "feed/simulated/option_activity.hpp"
#include "feed/simulated/option_desk.hpp"
#include "feed/simulated/random.hpp"

namespace spymaster::feed {

class OptionTraders {
  public:
    // All outlive this. `tape`: as OptionDesk's.
    OptionTraders(const OptionChain& chain, OptionActivity& activity, EventTape& tape, Random random);

    // The orders that rest before the stream begins; about every twentieth book stays empty.
    void fill_books(std::int64_t ts_ns);
    // One act, at activity.now_ns().
    void step();

    [[nodiscard]] const OptionBook& book(std::uint32_t option) const { return desk_.book(option); }
    [[nodiscard]] std::uint64_t walls() const { return walls_begun_; }

  private:
    static constexpr std::size_t kLevels = 3;

    // By side: ids of the market maker's orders; 0: none.
    using Quotes = std::array<std::array<std::uint64_t, kLevels>, 2>;
    // Large orders one price behind the touch of an option, all on one side.
    struct Wall {
        std::uint32_t option = 0;
        market::Side side = market::Side::bid;
        std::uint32_t lots = 0;  // aimed at
        std::int64_t until_ns = 0;
        std::vector<std::uint64_t> orders;
    };
    using Targets = std::array<std::int32_t, kLevels>;

    void quote(std::uint32_t option);
    bool quote_side(std::uint32_t option, market::Side side, const Targets& ticks);
    bool quote_level(std::uint32_t option, market::Side side, std::size_t level, std::int32_t tick);
    void refresh(std::uint32_t option);
    void add_customer(std::uint32_t option);
    void change_customer(std::uint32_t option);
    void trade_some(std::uint32_t option);
    void begin_wall();
    void tend(Wall& wall);

    std::uint64_t add(std::uint32_t option, market::Side side, std::int32_t tick, std::uint32_t size);

    // Of bids and asks, 0: none; the touch `ticks_off` from what the option is worth.
    [[nodiscard]] std::pair<Targets, Targets> targets(std::uint32_t option, double ticks_off) const;
    // Whether the market maker's quotes are to go up.
    [[nodiscard]] bool rises(std::uint32_t option, std::int32_t bid, std::int32_t ask) const;
    // The nearest price to `tick` that does not cross; 0: none.
    [[nodiscard]] std::int32_t uncrossed(const OptionBook& book, market::Side side, std::int32_t tick) const;
    [[nodiscard]] std::int32_t away(market::Side side, std::int32_t tick) const {
        return side == market::Side::bid ? chain_->ticks.down(tick) : chain_->ticks.up(tick);
    }
    [[nodiscard]] bool is_quote(std::uint32_t option, market::Side side, std::uint64_t id) const;
    [[nodiscard]] std::uint32_t quote_lots(std::size_t level) {
        return 5 + random_.below(15) + static_cast<std::uint32_t>(level) * 12;
    }

    const OptionChain* chain_;
    OptionActivity* activity_;
    OptionDesk desk_;
    Random random_;
    std::vector<Quotes> quotes_;
    std::vector<Wall> wall_list_;
    std::int64_t next_wall_ns_ = 0;
    std::uint64_t walls_begun_ = 0;
    std::int64_t ts_ns_ = 0;
    bool filling_ = false;  // the books, before the stream begins
};

}  // namespace spymaster::feed
