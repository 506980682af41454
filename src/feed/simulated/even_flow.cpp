// What the traders do in the markets for studies.
//
// The best prices are those around the efficient price, always a tick apart. They move by a trade that takes all
// of a level and leaves the rest of itself there, and by nothing else: the last orders at a best price are neither taken nor
// cancelled before. So the mid is the walk itself, without lag, bounce or momentum.
#include <algorithm>
#include <cmath>

#include "feed/simulated/order_flow.hpp"

namespace spymaster::feed {

using market::Side;

namespace {

constexpr double kTradeShare = 0.33;     // of the usual trades; the others are those that move the price
constexpr double kNearChance = 0.85;     // of what passive traders do: somewhere within
constexpr std::int32_t kNearTicks = 30;  // so many ticks behind the best price

}  // namespace

void OrderFlow::act_evenly(std::int64_t ts_ns) {
    if (go_to_price(ts_ns)) return;
    if (random_.chance(habits_.trade_chance * kTradeShare)) return trade_evenly(ts_ns);
    act_passively_and_evenly(ts_ns);
}

// False if there is nothing to do: the best prices are where they should be.
bool OrderFlow::go_to_price(std::int64_t ts_ns) {
    const std::int32_t bid =
        std::clamp(static_cast<std::int32_t>(efficient_tick_), 1, book_.tick_count() - 3);
    const std::int32_t ask = bid + 1;
    if (book_.best_bid() == bid && book_.best_ask() == ask) return false;
    // Somebody is there before the price comes: the best prices are never further apart.
    if (book_.best_ask() <= bid && book_.lots(ask) == 0) add_usual(ts_ns, Side::ask, ask);
    if (book_.best_bid() >= ask && book_.lots(bid) == 0) add_usual(ts_ns, Side::bid, bid);
    if (book_.best_ask() <= bid) take_all(ts_ns, Side::bid, bid);
    if (book_.best_bid() >= ask) take_all(ts_ns, Side::ask, ask);
    if (book_.best_bid() < bid) add_usual(ts_ns, Side::bid, bid);
    if (book_.best_ask() > ask) add_usual(ts_ns, Side::ask, ask);
    return true;
}

// All of the other side up to the limit, with what icebergs hide there. About as much as stands behind it is left of the
// aggressor: which way the price went does not show in the quantities at the best prices.
void OrderFlow::take_all(std::int64_t ts_ns, Side side, std::int32_t limit) {
    const std::int32_t step = side == Side::bid ? 1 : -1;
    const auto stands = static_cast<double>(book_.lots(limit + step));
    double lots = std::min(stands, 2.0 * habits_.near_lots[0]);
    for (std::int32_t tick = book_.best(market::opposite(side)); tick != limit + step; tick += step) {
        for (const Handle handle : book_.queue(tick))
            lots += static_cast<double>(book_.order(handle).size) + book_.order(handle).reserve;
    }
    take(ts_ns, side, static_cast<std::uint32_t>(lots), limit, true);
}

void OrderFlow::trade_evenly(std::int64_t ts_ns) {
    if (habits_.hidden_chance > 0.0 && random_.chance(habits_.hidden_chance)) return trade_hidden(ts_ns);
    const Side side = random_side();
    const std::int32_t touch = book_.best(market::opposite(side));
    const std::int64_t most = book_.lots(touch) - 1;
    if (most < 1) return act_passively_and_evenly(ts_ns);
    const std::uint32_t lots = habits_.aggressor_size(random_);
    take(ts_ns, side, static_cast<std::uint32_t>(std::min<std::int64_t>(lots, most)), touch, false);
}

void OrderFlow::act_passively_and_evenly(std::int64_t ts_ns) {
    if (random_.chance(0.0006)) return add_stub(ts_ns);
    const Side side = random_side();
    const bool near = random_.chance(kNearChance);
    const std::int32_t tick = near ? behind(side, random_.between(1, kNearTicks)) : choose_tick(side, 0);
    const auto queue = book_.queue(tick);
    const std::size_t stay = tick == book_.best(side) ? 1 : 0;  // the first of a best price
    const double filled = static_cast<double>(book_.lots(tick)) / aim(side, tick);
    const double fourth = filled * filled * filled * filled;
    if (queue.size() <= stay || random_.chance(1.0 / (1.0 + fourth))) return add_usual(ts_ns, side, tick);
    const bool youngest = random_.chance(0.6);
    const Handle handle = youngest
                              ? queue.back()
                              : queue[stay + random_.below(static_cast<std::uint32_t>(queue.size() - stay))];
    if (!near && random_.chance(habits_.modify_chance)) return modify(ts_ns, handle);
    pull(ts_ns, handle);
}

// Of a large order a part is taken away at a time: it does not leave a hole.
void OrderFlow::pull(std::int64_t ts_ns, Handle handle) {
    const RestingOrder& order = book_.order(handle);
    if (order.size < habits_.near_lots[0] / 3.0 || order.peak > 0) return cancel(ts_ns, handle);
    change(ts_ns, handle, order.tick, order.size - order.size / 4);
}

}  // namespace spymaster::feed
