#include "feed/simulated/option_traders.hpp"

#include <algorithm>

namespace spymaster::feed {

namespace {

using market::Side;

constexpr std::size_t kMostCustomers = 16;  // orders of a side
constexpr std::size_t kMostWalls = 4;
constexpr double kSecondsBetweenWalls = 9.0;
constexpr std::int32_t kWallStrikes = 5;  // walls stand at every fifth strike: the round ones

}  // namespace

OptionTraders::OptionTraders(const OptionChain& chain, OptionActivity& activity, EventTape& tape,
                             Random random)
    : chain_(&chain),
      activity_(&activity),
      desk_(chain, tape),
      random_(random),
      quotes_(chain.options.size()) {}

void OptionTraders::fill_books(std::int64_t ts_ns) {
    filling_ = true;
    for (std::uint32_t option = 0; option < quotes_.size(); ++option) {
        if (random_.chance(0.05)) continue;
        ts_ns_ = ts_ns - 1 - static_cast<std::int64_t>(random_.exponential() * 600.0 * 1e9);
        quote(option);
        for (std::uint32_t more = random_.below(4); more > 0; --more) add_customer(option);
    }
    filling_ = false;
}

void OptionTraders::step() {
    ts_ns_ = activity_->now_ns();
    if (activity_->in_session() && ts_ns_ >= next_wall_ns_) {
        if (next_wall_ns_ > 0 && wall_list_.size() < kMostWalls) begin_wall();
        next_wall_ns_ =
            ts_ns_ + static_cast<std::int64_t>(random_.exponential() * kSecondsBetweenWalls * 1e9);
    }
    if (!wall_list_.empty() && random_.chance(0.1)) {
        const std::size_t which = random_.below(static_cast<std::uint32_t>(wall_list_.size()));
        tend(wall_list_[which]);
        const Wall& wall = wall_list_[which];
        if (wall.orders.empty() && ts_ns_ >= wall.until_ns)
            wall_list_.erase(wall_list_.begin() + static_cast<std::ptrdiff_t>(which));
        return;
    }
    const std::uint32_t option = activity_->pick();
    const double what = random_.unit();
    if (what < 0.72) {
        quote(option);
    } else if (what < 0.84) {
        add_customer(option);
    } else if (what < 0.94) {
        change_customer(option);
    } else {
        trade_some(option);
    }
}

// Prices on both sides of what the option is worth, further from it the dearer it is.
std::pair<OptionTraders::Targets, OptionTraders::Targets> OptionTraders::targets(std::uint32_t option,
                                                                                 double ticks_off) const {
    const PremiumTicks& ticks = chain_->ticks;
    const double worth = activity_->worth(option);
    const double half =
        ticks_off * ticks.points(ticks.up(ticks.floor(worth)) - ticks.floor(worth)) + 0.004 * worth;
    Targets bids{};
    Targets asks{};
    std::int32_t bid = ticks.floor(worth - half);
    std::int32_t ask = std::max(ticks.ceil(worth + half), ticks.up(bid));
    for (std::size_t level = 0; level < kLevels; ++level) {
        bids[level] = std::max(bid, 0);
        asks[level] = ask;
        bid = ticks.down(bid);
        ask = ticks.up(ask);
    }
    return {bids, asks};
}

// The side that has to give way moves first: so the market maker never meets itself.
void OptionTraders::quote(std::uint32_t option) {
    const auto [bids, asks] = targets(option, 0.6 + 0.3 * random_.unit());
    const bool up = rises(option, bids[0], asks[0]);
    const bool first = quote_side(option, up ? Side::ask : Side::bid, up ? asks : bids);
    const bool second = quote_side(option, up ? Side::bid : Side::ask, up ? bids : asks);
    if (!first && !second) refresh(option);
}

bool OptionTraders::rises(std::uint32_t option, std::int32_t bid, std::int32_t ask) const {
    for (std::size_t level = 0; level < kLevels; ++level) {
        const RestingOrder* old_ask = desk_.book(option).find(Side::ask, quotes_[option][0][level]);
        if (old_ask != nullptr && level == 0) return ask > old_ask->tick;
        const RestingOrder* old_bid = desk_.book(option).find(Side::bid, quotes_[option][1][level]);
        if (old_bid != nullptr) return bid > old_bid->tick;
    }
    return true;
}

// True if anything was done.
bool OptionTraders::quote_side(std::uint32_t option, Side side, const Targets& ticks) {
    bool acted = false;
    for (std::size_t level = 0; level < kLevels; ++level)
        acted |= quote_level(option, side, level, ticks[level]);
    return acted;
}

bool OptionTraders::quote_level(std::uint32_t option, Side side, std::size_t level, std::int32_t tick) {
    const OptionBook& book = desk_.book(option);
    std::uint64_t& id = quotes_[option][static_cast<std::size_t>(side)][level];
    const RestingOrder* order = id == 0 ? nullptr : book.find(side, id);
    if (order == nullptr) id = 0;
    if (order != nullptr && order->tick == tick) return false;
    // Somebody else's order is in the way: it is a bargain.
    const std::int32_t other = book.best(market::opposite(side));
    const bool meets = tick > 0 && (side == Side::bid ? tick >= other : tick <= other);
    if (meets && !filling_ && level == 0) desk_.trade(option, side, 1 + random_.below(60), tick, ts_ns_);
    tick = tick > 0 ? uncrossed(book, side, tick) : 0;
    order = id == 0 ? nullptr : book.find(side, id);
    if (order != nullptr && order->tick == tick) return meets;
    if (order == nullptr) {
        if (tick > 0) id = add(option, side, tick, quote_lots(level));
        return tick > 0 || meets;
    }
    if (tick > 0) {
        desk_.move(option, side, id, tick, random_.chance(0.6) ? order->size : quote_lots(level), ts_ns_);
    } else {
        desk_.cancel(option, side, id, ts_ns_);
        id = 0;
    }
    return true;
}

// The price is right: the market maker shows another size, or takes a quote away until the next time.
void OptionTraders::refresh(std::uint32_t option) {
    const Side side = random_.chance(0.5) ? Side::bid : Side::ask;
    const std::size_t level = random_.below(kLevels);
    std::uint64_t& id = quotes_[option][static_cast<std::size_t>(side)][level];
    const RestingOrder* order = id == 0 ? nullptr : desk_.book(option).find(side, id);
    if (order == nullptr) return;
    if (level > 0 && random_.chance(0.3)) {
        desk_.cancel(option, side, id, ts_ns_);
        id = 0;
        return;
    }
    const std::uint32_t size = quote_lots(level);
    if (size != order->size) desk_.move(option, side, id, order->tick, size, ts_ns_);
}

void OptionTraders::add_customer(std::uint32_t option) {
    const Side side = random_.chance(0.5) ? Side::bid : Side::ask;
    const OptionBook& book = desk_.book(option);
    if (book.orders(side).size() >= kMostCustomers + kLevels) return change_customer(option);
    std::int32_t tick = book.best(side);
    if (tick == OptionBook::kNoBid || tick == OptionBook::kNoAsk) {
        const double worth = activity_->worth(option);
        tick = side == Side::bid ? chain_->ticks.floor(worth) : chain_->ticks.up(chain_->ticks.floor(worth));
    }
    if (random_.chance(0.15)) {
        tick = side == Side::bid ? chain_->ticks.up(tick) : chain_->ticks.down(tick);
    } else {
        for (std::uint32_t behind = random_.below(5); behind > 0; --behind) tick = away(side, tick);
    }
    tick = uncrossed(book, side, std::max(tick, 0));
    if (tick > 0) add(option, side, tick, 1 + static_cast<std::uint32_t>(random_.exponential() * 6.0));
}

// Cancels a customer's order, the furthest from the price first, or takes a part of it back.
void OptionTraders::change_customer(std::uint32_t option) {
    const Side side = random_.chance(0.5) ? Side::bid : Side::ask;
    const auto& orders = desk_.book(option).orders(side);
    for (auto order = orders.rbegin(); order != orders.rend(); ++order) {
        if (is_quote(option, side, order->id)) continue;
        const auto belongs = [&](const Wall& wall) {
            return wall.option == option && std::ranges::find(wall.orders, order->id) != wall.orders.end();
        };
        if (std::ranges::any_of(wall_list_, belongs)) continue;
        if (orders.size() < kLevels + 3 && random_.chance(0.5)) continue;
        if (order->size > 2 && random_.chance(0.25)) {
            desk_.move(option, side, order->id, order->tick, order->size / 2, ts_ns_);
        } else {
            desk_.cancel(option, side, order->id, ts_ns_);
        }
        return;
    }
}

void OptionTraders::trade_some(std::uint32_t option) {
    const Side aggressor = random_.chance(0.5) ? Side::bid : Side::ask;
    const bool large = random_.chance(0.06);
    const auto quantity = 1 + static_cast<std::uint32_t>(random_.exponential() * (large ? 80.0 : 4.0));
    const std::int32_t best = desk_.book(option).best(market::opposite(aggressor));
    if (best == OptionBook::kNoBid || best == OptionBook::kNoAsk) return;
    // A large one takes the next price too.
    const std::int32_t limit = large ? away(market::opposite(aggressor), best) : best;
    desk_.trade(option, aggressor, quantity, limit, ts_ns_);
}

void OptionTraders::begin_wall() {
    const std::int64_t middle = activity_->strike_at_the_money();
    const std::int64_t first = chain_->first_strike / chain_->strike_step;
    std::int64_t round = (first + middle + kWallStrikes / 2) / kWallStrikes * kWallStrikes - first;
    round += kWallStrikes * random_.between(-2, 2);
    if (round < 0 || round >= chain_->strikes) return;
    const bool call = round == middle ? random_.chance(0.5) : round > middle;
    const auto lots = 300 + random_.below(1'200);
    const double seconds = 15.0 + 45.0 * random_.unit();
    wall_list_.push_back({.option = static_cast<std::uint32_t>(2 * round + (call ? 0 : 1)),
                          .side = random_.chance(0.5) ? Side::bid : Side::ask,
                          .lots = lots,
                          .until_ns = ts_ns_ + static_cast<std::int64_t>(seconds * 1e9),
                          .orders = {}});
    ++walls_begun_;
}

// Builds it, keeps it one price behind the touch, lets it be hit, or takes it down.
void OptionTraders::tend(Wall& wall) {
    const OptionBook& book = desk_.book(wall.option);
    std::erase_if(wall.orders, [&](std::uint64_t id) { return book.find(wall.side, id) == nullptr; });
    if (ts_ns_ >= wall.until_ns) {
        if (wall.orders.empty()) return;
        desk_.cancel(wall.option, wall.side, wall.orders.back(), ts_ns_);
        wall.orders.pop_back();
        return;
    }
    if (random_.chance(0.06)) {
        const Side aggressor = market::opposite(wall.side);
        const std::int32_t best = book.best(wall.side);
        if (best == OptionBook::kNoBid || best == OptionBook::kNoAsk) return;
        return desk_.trade(wall.option, aggressor, 20 + random_.below(150), away(wall.side, best), ts_ns_);
    }
    const auto [bids, asks] = targets(wall.option, 0.75);
    const std::int32_t aim = wall.side == Side::bid ? bids[1] : asks[1];
    const std::int32_t tick = aim > 0 ? uncrossed(book, wall.side, aim) : 0;
    if (tick <= 0) return quote(wall.option);
    std::uint32_t lots = 0;
    for (const std::uint64_t id : wall.orders) {
        const RestingOrder* order = book.find(wall.side, id);
        if (order->tick != tick) return desk_.move(wall.option, wall.side, id, tick, order->size, ts_ns_);
        lots += order->size;
    }
    if (lots < wall.lots) {
        wall.orders.push_back(add(wall.option, wall.side, tick, 40 + random_.below(wall.lots / 5)));
    } else {
        quote(wall.option);
    }
}

std::uint64_t OptionTraders::add(std::uint32_t option, Side side, std::int32_t tick, std::uint32_t size) {
    return filling_ ? desk_.place(option, side, tick, size, ts_ns_++)
                    : desk_.add(option, side, tick, size, ts_ns_);
}

std::int32_t OptionTraders::uncrossed(const OptionBook& book, Side side, std::int32_t tick) const {
    const std::int32_t other = book.best(market::opposite(side));
    if (side == Side::bid) return tick < other ? tick : std::max(chain_->ticks.down(other), 0);
    return tick > other ? tick : chain_->ticks.up(other);
}

bool OptionTraders::is_quote(std::uint32_t option, Side side, std::uint64_t id) const {
    const auto& quotes = quotes_[option][static_cast<std::size_t>(side)];
    return std::ranges::find(quotes, id) != quotes.end();
}

}  // namespace spymaster::feed
