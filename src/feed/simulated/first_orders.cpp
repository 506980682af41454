// The orders that are there, or come, at first.
#include <algorithm>

#include "feed/simulated/order_flow.hpp"
#include "market/time.hpp"

namespace spymaster::feed {

using market::Side;

std::int32_t OrderFlow::stub_tick(Side side, std::int32_t tick) {
    const std::int32_t far = side == Side::bid ? random_.between(tick / 8, tick - tick / 6)
                                               : random_.between(tick + tick / 10, tick + tick / 2);
    return std::clamp(far, 1, book_.tick_count() - 2);
}

// Ages are dealt out so that every queue is in order of time.
std::vector<RestingOrder> OrderFlow::first_orders(std::int32_t tick, std::int64_t ts_ns,
                                                  std::array<double, 3> oldest_seconds) {
    std::vector<RestingOrder> orders;
    for (const Side side : {Side::bid, Side::ask}) {
        const std::int32_t reach = std::min(habits_.reach[side == Side::bid ? 0 : 1], tick - 2);
        for (std::int32_t distance = 0; distance <= reach; ++distance) {
            RestingOrder order{
                .tick = tick + (side == Side::ask ? 1 : 0) + (side == Side::bid ? -distance : distance),
                .side = side};
            if (distance > habits_.sparse_from && order.tick % habits_.sparse_unless != 0 &&
                random_.chance(habits_.sparse_chance))
                continue;
            double left = habits_.usual_lots(order.tick, distance) * (0.7 + 0.6 * random_.unit());
            const double oldest = oldest_seconds[distance < 10 ? 0 : (distance < 100 ? 1 : 2)];
            while (left > 0.0) {
                order.size = habits_.order_size(random_);
                left -= order.size;
                order.ts_event = ts_ns - 1'000'000 -
                                 static_cast<std::int64_t>(random_.unit() * oldest *
                                                           static_cast<double>(market::kNanosPerSecond));
                orders.push_back(order);
            }
        }
    }
    for (int i = 0; i < 30; ++i) {  // stub orders, far from any price that will trade
        const Side side = random_side();
        orders.push_back({.ts_event = ts_ns - 600'000'000'000'000 + i,
                          .tick = stub_tick(side, tick),
                          .size = habits_.order_size(random_),
                          .side = side});
    }
    std::sort(orders.begin(), orders.end(), [](const RestingOrder& a, const RestingOrder& b) {
        return a.ts_event != b.ts_event ? a.ts_event < b.ts_event : a.tick < b.tick;
    });
    efficient_tick_ = tick + 0.5;
    last_ts_ns_ = ts_ns;
    return orders;
}

void OrderFlow::fill_book(std::int32_t tick, std::int64_t ts_ns) {
    // Far orders are days old, near ones minutes.
    for (RestingOrder& order : first_orders(tick, ts_ns, {1'800.0, 20'000.0, 400'000.0})) {
        order.id = next_order_id();
        order.sequence = tape_.next_sequence();
        book_.add(order);
    }
}

void OrderFlow::open_book(std::int32_t tick, std::int64_t ts_ns, double seconds) {
    const std::int64_t end_ns =
        ts_ns + static_cast<std::int64_t>(seconds * static_cast<double>(market::kNanosPerSecond));
    for (const RestingOrder& order : first_orders(tick, end_ns, {seconds, seconds, seconds}))
        add(std::max(order.ts_event, ts_ns), order);
}

}  // namespace spymaster::feed
