#include "feed/simulated/matching_book.hpp"

#include <algorithm>

namespace spymaster::feed {

using market::Side;

MatchingBook::MatchingBook(std::int32_t tick_count)
    : levels_(static_cast<std::size_t>(tick_count)), best_bid_(0), best_ask_(tick_count - 1) {}

void MatchingBook::enqueue(Handle handle) {
    const RestingOrder& order = orders_[handle];
    SPY_ASSERT(order.size > 0);
    SPY_ASSERT(order.tick > 0 && order.tick < tick_count() - 1);
    if (order.side == Side::bid) {
        SPY_ASSERT(order.tick < best_ask_);
        best_bid_ = std::max(best_bid_, order.tick);
    } else {
        SPY_ASSERT(order.tick > best_bid_);
        best_ask_ = std::min(best_ask_, order.tick);
    }
    Level& level = levels_[index(order.tick)];
    level.queue.push_back(handle);
    level.lots += order.size;
}

void MatchingBook::dequeue(Handle handle) {
    const RestingOrder& order = orders_[handle];
    Level& level = levels_[index(order.tick)];
    const auto place = std::find(level.queue.begin(), level.queue.end(), handle);
    SPY_ASSERT(place != level.queue.end());
    level.queue.erase(place);
    level.lots -= order.size;
    if (level.queue.empty() && order.tick == best(order.side)) find_best_again(order.side);
}

void MatchingBook::find_best_again(Side side) {
    if (side == Side::bid) {
        while (best_bid_ > 0 && levels_[index(best_bid_)].queue.empty()) --best_bid_;
    } else {
        while (best_ask_ < tick_count() - 1 && levels_[index(best_ask_)].queue.empty()) ++best_ask_;
    }
}

MatchingBook::Handle MatchingBook::add(const RestingOrder& order) {
    Handle handle = 0;
    if (free_.empty()) {
        handle = static_cast<Handle>(orders_.size());
        orders_.push_back(order);
    } else {
        handle = free_.back();
        free_.pop_back();
        orders_[handle] = order;
    }
    orders_[handle].live = true;
    enqueue(handle);
    return handle;
}

void MatchingBook::remove(Handle handle) {
    dequeue(handle);
    orders_[handle].live = false;
    free_.push_back(handle);
}

void MatchingBook::move(Handle handle, std::int32_t tick, std::uint32_t size, std::int64_t ts_event,
                        std::uint32_t sequence) {
    dequeue(handle);
    RestingOrder& order = orders_[handle];
    order.tick = tick;
    order.size = size;
    order.ts_event = ts_event;
    order.sequence = sequence;
    enqueue(handle);
}

void MatchingBook::shrink(Handle handle, std::uint32_t size) {
    RestingOrder& order = orders_[handle];
    SPY_ASSERT(size > 0 && size < order.size);
    levels_[index(order.tick)].lots -= order.size - size;
    order.size = size;
}

// Fills from the front of the queue. An iceberg whose displayed part is used up shows its next peak at the
// back of the queue, so a large aggressor may meet it again: its fills are then one Fill.
std::uint32_t MatchingBook::match_best(Side aggressor, std::uint32_t quantity, std::vector<Fill>& fills) {
    fills.clear();
    const Side passive = market::opposite(aggressor);
    Level& level = levels_[index(best(passive))];
    std::size_t front = 0;  // the queue before it has been filled; erased in one go below
    while (quantity > 0 && front < level.queue.size()) {
        const Handle handle = level.queue[front];
        RestingOrder& order = orders_[handle];
        const std::uint32_t taken = std::min(quantity, order.size);
        auto fill =
            std::find_if(fills.begin(), fills.end(), [&](const Fill& f) { return f.order == handle; });
        if (fill == fills.end()) fill = fills.insert(fills.end(), Fill{handle, order.size, 0, 0});
        fill->filled += taken;
        quantity -= taken;
        order.size -= taken;
        level.lots -= taken;
        if (order.size == 0) {
            ++front;
            if (order.reserve > 0) {
                order.size = std::min(order.peak, order.reserve);
                order.reserve -= order.size;
                level.lots += order.size;
                level.queue.push_back(handle);
            }
        }
        fill->size_after = order.size;
    }
    level.queue.erase(level.queue.begin(), level.queue.begin() + static_cast<std::ptrdiff_t>(front));
    for (const Fill& fill : fills) {
        if (fill.size_after > 0) continue;
        orders_[fill.order].live = false;
        free_.push_back(fill.order);
    }
    find_best_again(passive);
    return quantity;
}

}  // namespace spymaster::feed
