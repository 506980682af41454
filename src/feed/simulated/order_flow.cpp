#include "feed/simulated/order_flow.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "market/time.hpp"

namespace spymaster::feed {

using market::Side;

namespace {

constexpr double kNanos = static_cast<double>(market::kNanosPerSecond);
constexpr double kVolatilityAtUsualPace = 1.6;  // ticks per square root of a second
constexpr double kUsualPace = 400.0;            // records a second
constexpr double kFullPace = 100.0;  // records a second from which on studies' prices move at full pace
constexpr double kWidestGap = 6.0;   // ticks between the efficient price and the mid

std::int32_t away(Side side, std::int32_t ticks) {
    return side == Side::bid ? -ticks : ticks;
}

}  // namespace

OrderFlow::OrderFlow(MatchingBook& book, EventTape& tape, const Habits& habits, Random random,
                     MarketKind kind)
    : book_(book),
      tape_(tape),
      habits_(habits),
      random_(random),
      regime_(Random(random_.bits()), habits.vacuum_ticks),
      order_id_(tape.conventions() == Conventions::globex ? 6'412'777'000'000U : 184'000U),
      early_order_id_(6'412'700'000'000U) {
    if (kind != MarketKind::ordinary)
        walk_.emplace(Random(random_.bits()), kind == MarketKind::liquidity_drift);
}

std::int32_t OrderFlow::behind(Side side, std::int32_t distance) const {
    return std::clamp(book_.best(side) + away(side, distance), 1, book_.tick_count() - 2);
}

double OrderFlow::gap() const {
    return efficient_tick_ - 0.5 * (book_.best_bid() + book_.best_ask());
}

std::uint64_t OrderFlow::next_order_id() {
    // Nasdaq counts the orders of all shares from the day's first.
    if (tape_.conventions() == Conventions::itch) return order_id_ += 1 + random_.below(60);
    std::uint64_t& id = random_.chance(0.07) ? early_order_id_ : order_id_;
    id += 1 + (random_.chance(0.3) ? random_.below(9) : 0);
    return id;
}

double OrderFlow::aim(Side side, std::int32_t tick) const {
    const std::int32_t distance = std::abs(tick - book_.best(side));
    double lots = habits_.usual_lots(tick, distance);
    if (walk_) return lots * walk_->times_usual(side, distance);
    // Nobody wants to be the one who is hit when the price is about to move through the touch.
    const double threat = side == Side::ask ? gap() : -gap();
    if (distance == 0 && threat > 0.0) lots = lots / (1.0 + threat);
    return regime_.target_lots(side, tick, distance, lots);
}

// True while the place of the last wall is far from what is aimed at: orders are put there, or taken away, in
// a hurry.
bool OrderFlow::wall_needs_work() const {
    const std::int32_t tick = regime_.wall_tick();
    const Side side = regime_.side_ahead();
    if (tick <= 0 || std::abs(tick - book_.best(side)) > habits_.wall_reach) return false;
    if (side == Side::ask ? tick < book_.best_ask() : tick > book_.best_bid())
        return false;  // the price went through
    const double wanted = aim(side, tick);
    return std::abs(static_cast<double>(book_.lots(tick)) - wanted) > 0.3 * wanted;
}

void OrderFlow::move_efficient_price(double seconds, double pace) {
    const double step = kVolatilityAtUsualPace * std::sqrt(pace * seconds) * random_.normal();
    efficient_tick_ += step + regime_.drift_ticks_per_second() * pace * seconds;
    efficient_tick_ += std::clamp(gap(), -kWidestGap, kWidestGap) - gap();
}

void OrderFlow::step(std::int64_t ts_ns, double records_per_second) {
    const double seconds = static_cast<double>(std::max<std::int64_t>(ts_ns - last_ts_ns_, 0)) / kNanos;
    const double pace = std::min(records_per_second / kUsualPace, 1.0);
    last_ts_ns_ = ts_ns;
    if (walk_) {
        walk_->advance(seconds, std::min(records_per_second / kFullPace, 1.0));
        efficient_tick_ += walk_->next_move();
    } else {
        regime_.advance(ts_ns, book_);
        move_efficient_price(seconds, pace);
    }
    act(ts_ns);
}

void OrderFlow::step_after(std::int64_t ts_ns, const Lead& lead) {
    if (walk_) {
        walk_->follow(*lead.flow.walk_, lead.ticks);
    } else {
        regime_.follow(lead.flow.regime_, lead.ticks, habits_.wall_lots);
    }
    efficient_tick_ = lead.efficient_tick;
    act(ts_ns);
}

void OrderFlow::act(std::int64_t ts_ns) {
    if (walk_) return act_evenly(ts_ns);
    const double pull = std::abs(gap());
    if (random_.chance(habits_.trade_chance + habits_.chase_chance * pull / (1.0 + pull))) {
        trade(ts_ns);
    } else {
        act_passively(ts_ns);
    }
}

// What the aggressor met at a price. On Globex the book changes when all of the trade has been told.
void OrderFlow::record_match(Side aggressor, std::uint64_t id, std::int32_t tick, std::uint32_t size) {
    const Side passive = market::opposite(aggressor);
    const bool itch = tape_.conventions() == Conventions::itch;
    if (!itch) tape_.record('T', aggressor, id, tick, size);
    for (const Fill& fill : fills_) {
        const std::uint64_t filled_id = book_.order(fill.order).id;
        if (itch) tape_.record('T', aggressor, 0, tick, fill.filled);
        tape_.record('F', passive, filled_id, tick, fill.filled);
        if (itch) {
            tape_.record('C', passive, filled_id, tick, fill.filled);
        } else {
            filled_.push_back({filled_id, tick, fill.size_before, fill.size_after});
        }
    }
}

void OrderFlow::trade(std::int64_t ts_ns) {
    if (habits_.hidden_chance > 0.0 && random_.chance(habits_.hidden_chance)) return trade_hidden(ts_ns);
    const double g = gap();
    const Side side = random_.chance(0.5 + 0.48 * g / (1.0 + std::abs(g))) ? Side::bid : Side::ask;
    const Side passive = market::opposite(side);
    const std::int32_t touch = book_.best(passive);
    std::uint32_t left = habits_.aggressor_size(random_);
    bool rests = random_.chance(0.1);
    if (std::abs(g) > 1.0 &&
        random_.chance(
            habits_.sweep_chance)) {  // takes the whole level and more, and waits there with the rest
        left = static_cast<std::uint32_t>(std::min(book_.lots(touch), habits_.sweep_most)) +
               random_.below(habits_.sweep_more);
        rests = true;
    }
    const std::int32_t limit =
        touch + away(passive, random_.chance(habits_.reach_chance) ? habits_.reach_ticks : 0);
    take(ts_ns, side, left, limit, rests);
}

// An aggressor: takes what there is up to the limit. What is left of it waits there, or is gone.
void OrderFlow::take(std::int64_t ts_ns, Side side, std::uint32_t lots, std::int32_t limit, bool rests) {
    const Side passive = market::opposite(side);
    std::uint32_t left = lots;
    const std::uint64_t id = next_order_id();
    const std::int64_t ts_event = tape_.begin(ts_ns);
    filled_.clear();
    while (left > 0) {
        const std::int32_t tick = book_.best(passive);
        if (passive == Side::ask ? tick > limit : tick < limit) break;
        const std::uint32_t before = left;
        left = book_.match_best(side, left, fills_);
        record_match(side, id, tick, before - left);
    }
    if (left > 0 && rests) {
        book_.add({.id = id,
                   .ts_event = ts_event,
                   .sequence = tape_.book_sequence(true),
                   .tick = limit,
                   .size = left,
                   .side = side});
        tape_.record('A', side, id, limit, left);
    }
    for (const FilledOrder& order : filled_) {
        const bool gone = order.size_after == 0;
        tape_.record(gone ? 'C' : 'M', passive, order.id, order.tick,
                     gone ? order.size_before : order.size_after);
    }
    tape_.end();
}

void OrderFlow::trade_hidden(std::int64_t ts_ns) {
    // One statement each: the order in which arguments are evaluated is the compiler's.
    const std::uint32_t size = habits_.aggressor_size(random_);
    const std::int32_t tick = random_.between(book_.best_bid(), book_.best_ask());
    tape_.begin(ts_ns);
    tape_.record_hidden_trade(tick, size);
    tape_.end();
}

// Far from the price, most orders are at round ones.
std::int32_t OrderFlow::choose_tick(Side side, std::int32_t further) {
    const std::int32_t distance = habits_.usual_distance(random_) + further;
    const std::int32_t tick = behind(side, distance);
    if (habits_.snap_chance <= 0.0 || distance <= habits_.sparse_from || !random_.chance(habits_.snap_chance))
        return tick;
    const std::int32_t multiple = habits_.rounds[random_.below(3)].ticks;
    const std::int32_t snapped = tick / multiple * multiple + (side == Side::ask ? multiple : 0);
    return std::clamp(snapped, 1, book_.tick_count() - 2);
}

void OrderFlow::act_passively(std::int64_t ts_ns) {
    if (random_.chance(0.0006)) return add_stub(ts_ns);
    Side side = random_side();
    if (book_.best_ask() - book_.best_bid() > 1 && random_.chance(0.7)) {  // somebody closes the spread
        if (std::abs(gap()) > 0.5) side = gap() > 0.0 ? Side::bid : Side::ask;
        return add_usual(ts_ns, side, book_.best(side) - away(side, 1));
    }
    std::int32_t tick = choose_tick(side, 0);
    if (regime_.kind() == RegimeKind::pull && random_.chance(0.4)) {
        side = regime_.side_ahead();
        tick = behind(side, random_.between(0, regime_.vacuum_ticks()));
    } else if (wall_needs_work() && random_.chance(0.25)) {
        side = regime_.side_ahead();
        tick = regime_.wall_tick();
    }
    const double filled = static_cast<double>(book_.lots(tick)) / aim(side, tick);
    const auto queue = book_.queue(tick);
    if (queue.empty() || random_.chance(1.0 / (1.0 + filled * filled))) return add_usual(ts_ns, side, tick);
    // The youngest orders are the most nervous.
    const bool youngest = random_.chance(0.6);
    const Handle handle =
        youngest ? queue.back() : queue[random_.below(static_cast<std::uint32_t>(queue.size()))];
    if (random_.chance(habits_.modify_chance)) return modify(ts_ns, handle);
    cancel(ts_ns, handle);
}

}  // namespace spymaster::feed
