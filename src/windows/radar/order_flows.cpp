#include "windows/radar/order_flows.hpp"

namespace spymaster::windows {

namespace {

using book::Ladder;

// One end of a change: where an order is.
struct Place {
    std::int64_t price = 0;
    market::Side side = market::Side::ask;
    Bucket bucket = Bucket::out;
    std::int64_t qty = 0;  // in influence
};

void pull(OrderFlows& flows, Bucket from, std::int64_t qty) {
    flows.pull += qty;
    if (from == Bucket::at) flows.pull_at += qty;
    if (from == Bucket::near) flows.pull_near += qty;
}

void reprice(OrderFlows& flows, const Place& before, std::int64_t price, std::int64_t spot) {
    const bool ask = before.side == market::Side::ask;
    if (ask ? price <= spot : price >= spot) {
        flows.toward += before.qty;
    } else if (price != before.price) {
        (ask == (price > before.price) ? flows.away : flows.toward) += before.qty;
    }
}

}  // namespace

BothOrderFlows order_flows(const book::Book& book, std::int64_t spot, const Buckets& buckets) {
    BothOrderFlows both;
    const Ladder& ladder = book.ladder();
    const auto flows_of = [&](market::Side side) -> OrderFlows& {
        return side == market::Side::bid ? both.bid : both.ask;
    };
    const auto place = [&](std::uint32_t cell, std::uint32_t qty) -> Place {
        if (cell == Ladder::kNoCell) return {};
        const std::int64_t price = ladder.price(cell);
        const market::Side side = Ladder::side(cell);
        const Bucket bucket = buckets.of(side, price, spot);
        return {price, side, bucket, bucket == Bucket::out ? 0 : std::int64_t{qty}};
    };
    for (const book::OrderChange& change : book.changes().all()) {
        const Place before = place(change.before, change.qty_before);
        const Place after = place(change.after, change.qty_after);
        const bool stays = before.side == after.side;
        const std::int64_t gone = before.qty - (stays ? after.qty : 0);
        const std::int64_t come = after.qty - (stays ? before.qty : 0);
        if (come > 0) flows_of(after.side).add += come;
        if (!change.rested) continue;
        if (gone > 0) pull(flows_of(before.side), before.bucket, gone);
        if (change.modified && before.qty > 0) reprice(flows_of(before.side), before, after.price, spot);
    }
    return both;
}

}  // namespace spymaster::windows
