#include "feed/order_flow.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "feed/habits.hpp"
#include "market/time.hpp"

namespace spymaster::feed {

using market::Side;

namespace {

constexpr double kNanos = static_cast<double>(market::kNanosPerSecond);
constexpr double kVolatilityAtUsualPace = 1.6;  // ticks per square root of a second
constexpr double kUsualPace = 400.0;            // records a second
constexpr double kWidestGap = 6.0;              // ticks between the efficient price and the mid

std::int32_t away(Side side, std::int32_t ticks) {
    return side == Side::bid ? -ticks : ticks;
}

}  // namespace

OrderFlow::OrderFlow(MatchingBook& book, EventTape& tape, Random random)
    : book_(book), tape_(tape), random_(random), regime_(Random(random_.bits())) {}

std::int32_t OrderFlow::behind(Side side, std::int32_t distance) const {
    return std::clamp(book_.best(side) + away(side, distance), 1, book_.tick_count() - 2);
}

double OrderFlow::gap() const {
    return efficient_tick_ - 0.5 * (book_.best_bid() + book_.best_ask());
}

std::uint64_t OrderFlow::next_order_id() {
    std::uint64_t& id = random_.chance(0.07) ? early_order_id_ : order_id_;
    id += 1 + (random_.chance(0.3) ? random_.below(9) : 0);
    return id;
}

double OrderFlow::aim(Side side, std::int32_t tick) const {
    const std::int32_t distance = std::abs(tick - book_.best(side));
    double lots = usual_lots(tick, distance);
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
    if (tick <= 0 || std::abs(tick - book_.best(side)) > 40) return false;
    if (side == Side::ask ? tick < book_.best_ask() : tick > book_.best_bid())
        return false;  // the price went through
    const double wanted = aim(side, tick);
    return std::abs(static_cast<double>(book_.lots(tick)) - wanted) > 0.3 * wanted;
}

std::int32_t OrderFlow::stub_tick(Side side, std::int32_t tick) {
    const std::int32_t far = side == Side::bid ? random_.between(tick / 8, tick - tick / 6)
                                               : random_.between(tick + tick / 10, tick + tick / 2);
    return std::clamp(far, 1, book_.tick_count() - 2);
}

void OrderFlow::fill_book(std::int32_t tick, std::int64_t ts_ns) {
    // Far orders are days old, near ones minutes; ages are dealt out so that every queue is in order of time.
    std::vector<RestingOrder> orders;
    for (const Side side : {Side::bid, Side::ask}) {
        const std::int32_t reach = std::min(side == Side::bid ? 900 : 520, tick - 2);
        for (std::int32_t distance = 0; distance <= reach; ++distance) {
            RestingOrder order{.tick = tick + (side == Side::ask ? 1 : 0) + away(side, distance),
                               .side = side};
            if (distance > 200 && order.tick % 4 != 0 && random_.chance(0.6)) continue;
            double left = usual_lots(order.tick, distance) * (0.7 + 0.6 * random_.unit());
            const double oldest =
                distance < 10 ? 1'800.0 : (distance < 100 ? 20'000.0 : 400'000.0);  // seconds
            while (left > 0.0) {
                order.size = order_size(random_);
                left -= order.size;
                order.ts_event =
                    ts_ns - 1'000'000 - static_cast<std::int64_t>(random_.unit() * oldest * kNanos);
                orders.push_back(order);
            }
        }
    }
    for (int i = 0; i < 30; ++i) {  // stub orders, far from any price that will trade
        const Side side = random_side();
        orders.push_back({.ts_event = ts_ns - 600'000'000'000'000 + i,
                          .tick = stub_tick(side, tick),
                          .size = order_size(random_),
                          .side = side});
    }
    std::sort(orders.begin(), orders.end(), [](const RestingOrder& a, const RestingOrder& b) {
        return a.ts_event != b.ts_event ? a.ts_event < b.ts_event : a.tick < b.tick;
    });
    for (RestingOrder& order : orders) {
        order.id = next_order_id();
        order.sequence = tape_.next_sequence();
        book_.add(order);
    }
    efficient_tick_ = tick + 0.5;
    last_ts_ns_ = ts_ns;
}

void OrderFlow::move_efficient_price(std::int64_t ts_ns, double records_per_second) {
    const double seconds = static_cast<double>(std::max<std::int64_t>(ts_ns - last_ts_ns_, 0)) / kNanos;
    last_ts_ns_ = ts_ns;
    const double pace = std::min(records_per_second / kUsualPace, 1.0);
    const double step = kVolatilityAtUsualPace * std::sqrt(pace * seconds) * random_.normal();
    efficient_tick_ += step + regime_.drift_ticks_per_second() * pace * seconds;
    efficient_tick_ += std::clamp(gap(), -kWidestGap, kWidestGap) - gap();
}

void OrderFlow::step(std::int64_t ts_ns, double records_per_second) {
    regime_.advance(ts_ns, book_);
    move_efficient_price(ts_ns, records_per_second);
    const double pull = std::abs(gap());
    if (random_.chance(0.03 + 0.1 * pull / (1.0 + pull))) {
        trade(ts_ns);
    } else {
        act_passively(ts_ns);
    }
}

void OrderFlow::record_fills(Side passive, std::int32_t tick, const std::vector<Fill>& fills) {
    for (const Fill& fill : fills) {
        const std::uint64_t id = book_.order(fill.order).id;
        tape_.record('F', passive, id, tick, fill.filled);
        filled_.push_back({id, tick, fill.size_before, fill.size_after});
    }
}

void OrderFlow::trade(std::int64_t ts_ns) {
    const double g = gap();
    const Side side = random_.chance(0.5 + 0.48 * g / (1.0 + std::abs(g))) ? Side::bid : Side::ask;
    const Side passive = market::opposite(side);
    const std::int32_t touch = book_.best(passive);
    std::uint32_t left = aggressor_size(random_);
    bool rests = random_.chance(0.1);
    if (std::abs(g) > 1.0 &&
        random_.chance(0.1)) {  // takes the whole level and more, and waits there with the rest
        left = static_cast<std::uint32_t>(std::min<std::int64_t>(book_.lots(touch), 400)) + random_.below(9);
        rests = true;
    }
    const std::int32_t limit = touch + away(passive, random_.chance(0.06) ? 2 : 0);

    const std::uint64_t id = next_order_id();
    const std::int64_t ts_event = tape_.begin(ts_ns);
    filled_.clear();
    while (left > 0) {
        const std::int32_t tick = book_.best(passive);
        if (passive == Side::ask ? tick > limit : tick < limit) break;
        const std::uint32_t before = left;
        left = book_.match_best(side, left, fills_);
        tape_.record('T', side, id, tick, before - left);
        record_fills(passive, tick, fills_);
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

void OrderFlow::act_passively(std::int64_t ts_ns) {
    if (random_.chance(0.0006)) return add_stub(ts_ns);
    Side side = random_side();
    if (book_.best_ask() - book_.best_bid() > 1 && random_.chance(0.7)) {  // somebody closes the spread
        if (std::abs(gap()) > 0.5) side = gap() > 0.0 ? Side::bid : Side::ask;
        return add_usual(ts_ns, side, book_.best(side) - away(side, 1));
    }
    std::int32_t tick = behind(side, usual_distance(random_));
    if (regime_.kind() == RegimeKind::pull && random_.chance(0.4)) {
        side = regime_.side_ahead();
        tick = behind(side, random_.between(0, MarketRegime::kVacuumTicks));
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
    if (random_.chance(0.42)) return modify(ts_ns, handle);
    cancel(ts_ns, handle);
}

void OrderFlow::add(std::int64_t ts_ns, const RestingOrder& what, std::uint8_t flags) {
    RestingOrder order = what;
    order.id = next_order_id();
    order.ts_event = tape_.begin(ts_ns);
    order.sequence = tape_.book_sequence(false);
    book_.add(order);
    tape_.record('A', order.side, order.id, order.tick, order.size);
    tape_.end(flags);
}

void OrderFlow::add_usual(std::int64_t ts_ns, Side side, std::int32_t tick) {
    RestingOrder order{.tick = tick, .size = order_size(random_), .side = side};
    const bool wall = tick == regime_.wall_tick() && aim(side, tick) > 150.0;
    if (wall) {
        order.size = 8 + random_.below(40);
    } else if (std::abs(tick - book_.best(side)) <= 1 && random_.chance(0.015)) {
        order.peak = 2 + random_.below(5);
        order.size = order.peak;
        order.reserve = 20 + random_.below(130);
    }
    add(ts_ns, order);
}

void OrderFlow::add_stub(std::int64_t ts_ns) {
    const Side side = random_side();
    add(ts_ns, {.tick = stub_tick(side, book_.best(side)), .size = order_size(random_), .side = side});
}

void OrderFlow::add_in_the_back(std::int64_t ts_ns, std::uint8_t flags) {
    const Side side = random_side();
    add(ts_ns, {.tick = behind(side, 60), .size = order_size(random_), .side = side}, flags);
}

void OrderFlow::cancel(std::int64_t ts_ns, Handle handle) {
    const RestingOrder order = book_.order(handle);
    book_.remove(handle);
    tape_.begin(ts_ns);
    tape_.record('C', order.side, order.id, order.tick, order.size);
    tape_.end();
}

// Most modifies move the order to another price; some make it smaller, which keeps its place in the queue.
void OrderFlow::modify(std::int64_t ts_ns, Handle handle) {
    const RestingOrder& order = book_.order(handle);
    if (order.peak > 0) return cancel(ts_ns, handle);
    std::int32_t tick = order.tick;
    std::uint32_t size = order.size;
    if (random_.chance(0.86)) {
        const bool flees = regime_.kind() == RegimeKind::pull && order.side == regime_.side_ahead();
        tick = behind(order.side, usual_distance(random_) + (flees ? MarketRegime::kVacuumTicks + 1 : 0));
        const std::uint32_t u = random_.below(100);
        if (u < 25) size = std::max(size / 2, 1U);
        if (u >= 80) size += 1 + random_.below(2);
    } else {
        size = size > 1 ? 1 + random_.below(size - 1) : 2;
    }
    if (tick == order.tick && size == order.size) return cancel(ts_ns, handle);
    const std::int64_t ts_event = tape_.begin(ts_ns);
    if (tick == order.tick && size < order.size) {
        book_.shrink(handle, size);
    } else {
        book_.move(handle, tick, size, ts_event, tape_.book_sequence(false));
    }
    tape_.record('M', order.side, order.id, tick, size);
    tape_.end();
}

}  // namespace spymaster::feed
