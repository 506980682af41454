// The books of a simulated option chain and the tape beside them: what happens to an order happens to both.
#pragma once

#include <cstdint>
#include <vector>

#include "feed/simulated/event_tape.hpp"
#include "feed/simulated/option_book.hpp"
#include "feed/simulated/option_chain.hpp"

namespace spymaster::feed {

class OptionDesk {
  public:
    // Both outlive this. `tape`: of Globex, with ticks of chain.ticks.small_tick.
    OptionDesk(const OptionChain& chain, EventTape& tape)
        : chain_(&chain), tape_(&tape), books_(chain.options.size()) {}

    [[nodiscard]] const OptionBook& book(std::uint32_t option) const { return books_[option]; }

    // An order that rests before the stream begins, since `ts_ns`: not on the tape. Returns its id.
    // REQUIRES (here and below): a size above 0, an order that does not cross.
    std::uint64_t place(std::uint32_t option, market::Side side, std::int32_t tick, std::uint32_t size,
                        std::int64_t ts_ns);

    // Events at about `ts_ns`.
    std::uint64_t add(std::uint32_t option, market::Side side, std::int32_t tick, std::uint32_t size,
                      std::int64_t ts_ns);
    // REQUIRES: the order is there.
    void cancel(std::uint32_t option, market::Side side, std::uint64_t id, std::int64_t ts_ns);
    // To another price or size; keeps its place in the queue if it only shrinks. REQUIRES: the order is there.
    void move(std::uint32_t option, market::Side side, std::uint64_t id, std::int32_t tick,
              std::uint32_t size, std::int64_t ts_ns);
    // Up to `quantity` of what rests on the other side at `limit` or better; what is left is not added.
    void trade(std::uint32_t option, market::Side aggressor, std::uint32_t quantity, std::int32_t limit,
               std::int64_t ts_ns);

  private:
    std::int64_t begin(std::uint32_t option, std::int64_t ts_ns) {
        tape_->turn_to(chain_->options[option].instrument_id);
        return tape_->begin(ts_ns);
    }

    const OptionChain* chain_;
    EventTape* tape_;
    std::vector<OptionBook> books_;
    std::uint64_t order_id_ = 7'021'500'000'000;
    std::vector<OptionBook::Filled> filled_;
};

}  // namespace spymaster::feed
