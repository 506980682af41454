// What is done with one order at a time: added, cancelled, moved, resized; in the book and on the tape.
#include <algorithm>
#include <cstdlib>

#include "feed/simulated/order_flow.hpp"

namespace spymaster::feed {

using market::Side;

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
    RestingOrder order{.tick = tick, .size = habits_.order_size(random_), .side = side};
    const bool wall = tick == regime_.wall_tick() && aim(side, tick) > 150.0 * habits_.wall_lots;
    if (wall) {
        order.size = (8 + random_.below(40)) * static_cast<std::uint32_t>(habits_.wall_lots);
    } else if (std::abs(tick - book_.best(side)) <= 1 && random_.chance(habits_.iceberg_chance)) {
        order.peak = 2 + random_.below(5);
        order.size = order.peak;
        order.reserve = 20 + random_.below(130);
    }
    add(ts_ns, order);
}

void OrderFlow::add_stub(std::int64_t ts_ns) {
    const Side side = random_side();
    add(ts_ns,
        {.tick = stub_tick(side, book_.best(side)), .size = habits_.order_size(random_), .side = side});
}

void OrderFlow::add_in_the_back(std::int64_t ts_ns, std::uint8_t flags) {
    const Side side = random_side();
    add(ts_ns, {.tick = behind(side, 60), .size = habits_.order_size(random_), .side = side}, flags);
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
        tick = choose_tick(order.side, flees ? regime_.vacuum_ticks() + 1 : 0);
        const std::uint32_t u = random_.below(100);
        if (u < 25) size = std::max(size / 2, 1U);
        if (u >= 80) size += (1 + random_.below(2)) * habits_.size_step;
    } else {
        size = size > 1 ? 1 + random_.below(size - 1) : 2;
    }
    if (tick == order.tick && size == order.size) return cancel(ts_ns, handle);
    change(ts_ns, handle, tick, size);
}

// REQUIRES: another price or size than it has.
void OrderFlow::change(std::int64_t ts_ns, Handle handle, std::int32_t tick, std::uint32_t size) {
    const RestingOrder& order = book_.order(handle);
    if (tape_.conventions() == Conventions::itch) return replace(ts_ns, handle, tick, size);
    const std::int64_t ts_event = tape_.begin(ts_ns);
    if (tick == order.tick && size < order.size) {
        book_.shrink(handle, size);
    } else {
        book_.move(handle, tick, size, ts_event, tape_.book_sequence(false));
    }
    tape_.record('M', order.side, order.id, tick, size);
    tape_.end();
}

// On Nasdaq an order made smaller keeps its id and its place; any other change is a new order.
void OrderFlow::replace(std::int64_t ts_ns, Handle handle, std::int32_t tick, std::uint32_t size) {
    RestingOrder order = book_.order(handle);
    const std::int64_t ts_event = tape_.begin(ts_ns);
    if (tick == order.tick && size < order.size) {
        tape_.record('C', order.side, order.id, tick, order.size - size);
        book_.shrink(handle, size);
    } else {
        tape_.record('C', order.side, order.id, order.tick, order.size);
        book_.remove(handle);
        order.id = next_order_id();
        order.ts_event = ts_event;
        order.tick = tick;
        order.size = size;
        book_.add(order);
        tape_.record('A', order.side, order.id, tick, size);
    }
    tape_.end();
}

}  // namespace spymaster::feed
