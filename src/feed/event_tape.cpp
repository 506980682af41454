#include "feed/event_tape.hpp"

#include <algorithm>

namespace spymaster::feed {

namespace {

constexpr std::uint16_t kPublisherGlbx = 1;
constexpr std::uint8_t kSnapshotFlags = dbn::flag::snapshot | dbn::flag::bad_ts_recv;
constexpr std::uint8_t kLastFlags = dbn::flag::last | dbn::flag::publisher_specific;

// Two events of one instrument are never closer than this in the matching engine.
constexpr std::int64_t kEventSpacingNs = 120;
// From the matching engine to the capture, without queueing; real files have 80 us at the least, 120 us in
// the middle.
constexpr std::uint64_t kLatencyNs = 79'000;

}  // namespace

EventTape::EventTape(std::uint32_t instrument_id, std::int64_t tick_nanos, Random random)
    : instrument_id_(instrument_id), tick_nanos_(tick_nanos), random_(random) {}

dbn::MboMsg EventTape::blank() const {
    dbn::MboMsg msg{};
    msg.hd.length = sizeof(dbn::MboMsg) / 4;
    msg.hd.rtype = dbn::rtype::mbo;
    msg.hd.publisher_id = kPublisherGlbx;
    msg.hd.instrument_id = instrument_id_;
    return msg;
}

std::int64_t EventTape::begin(std::int64_t ts_event) {
    ts_event_ = std::max(ts_event, ts_event_ + kEventSpacingNs);
    event_start_ = records_.size();
    return ts_event_;
}

void EventTape::record(char action, market::Side side, std::uint64_t order_id, std::int32_t tick,
                       std::uint32_t size) {
    dbn::MboMsg msg = blank();
    msg.hd.ts_event = static_cast<std::uint64_t>(ts_event_);
    msg.order_id = order_id;
    msg.price = tick * tick_nanos_;
    msg.size = size;
    msg.action = action;
    msg.side = market::letter(side);
    records_.push_back(msg);
}

EventTape::Packet EventTape::next_packet(std::uint64_t not_before) {
    Packet packet;
    last_ts_recv_ = std::max(not_before, last_ts_recv_);
    packet.ts_recv = last_ts_recv_;
    packet.ts_in_delta = 11'800 + static_cast<std::int32_t>(random_.exponential() * 2'600.0);
    // The channel carries other instruments too: some sequence numbers are theirs.
    packet.sequence = ++sequence_;
    return packet;
}

void EventTape::end(std::uint8_t more_flags) {
    SPY_ASSERT(records_.size() > event_start_);
    const auto latency = kLatencyNs + static_cast<std::uint64_t>(random_.exponential() * 45'000.0);
    Packet packet = next_packet(static_cast<std::uint64_t>(ts_event_) + latency);
    const bool has_trades = records_[event_start_].action == 'T';
    bool in_trades = has_trades;
    for (std::size_t i = event_start_; i < records_.size(); ++i) {
        dbn::MboMsg& msg = records_[i];
        if (in_trades && msg.action != 'T' && msg.action != 'F') {
            in_trades = false;
            packet = next_packet(packet.ts_recv + 7'000 + random_.below(6'000));
        }
        msg.ts_recv = packet.ts_recv;
        msg.ts_in_delta = packet.ts_in_delta;
        msg.sequence = packet.sequence;
        if (msg.action == 'T' && !muted_) ++trades_;
    }
    records_.back().flags = static_cast<std::uint8_t>(kLastFlags | more_flags);
    if (random_.chance(0.1)) sequence_ += 1 + random_.below(3);
    if (muted_) {
        records_.resize(event_start_);
    } else {
        live_records_ += records_.size() - event_start_;
    }
}

void EventTape::snapshot(const MatchingBook& book, std::int64_t ts_recv) {
    std::vector<const RestingOrder*> orders;
    orders.reserve(book.live_orders());
    for (const RestingOrder& order : book.slots()) {
        if (order.live) orders.push_back(&order);
    }
    SPY_ASSERT(!orders.empty());
    std::sort(orders.begin(), orders.end(), [](const RestingOrder* a, const RestingOrder* b) {
        return a->ts_event != b->ts_event ? a->ts_event < b->ts_event : a->id < b->id;
    });

    last_ts_recv_ = std::max(last_ts_recv_, static_cast<std::uint64_t>(ts_recv));
    ts_event_ = std::max(ts_event_, ts_recv);
    dbn::MboMsg msg = blank();
    msg.hd.ts_event = static_cast<std::uint64_t>(orders.front()->ts_event);
    msg.ts_recv = last_ts_recv_;
    msg.flags = kSnapshotFlags;
    msg.price = dbn::kUndefPrice;
    msg.action = 'R';
    msg.side = 'N';
    records_.push_back(msg);

    msg.action = 'A';
    for (const RestingOrder* order : orders) {
        msg.hd.ts_event = static_cast<std::uint64_t>(order->ts_event);
        msg.order_id = order->id;
        msg.price = order->tick * tick_nanos_;
        msg.size = order->size;
        msg.side = market::letter(order->side);
        msg.sequence = order->sequence;
        records_.push_back(msg);
    }
    records_.back().flags |= dbn::flag::last;
}

}  // namespace spymaster::feed
