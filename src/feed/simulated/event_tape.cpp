#include "feed/simulated/event_tape.hpp"

#include <algorithm>
#include <utility>

namespace spymaster::feed {

namespace {

constexpr std::uint16_t kPublisherGlbx = 1;
constexpr std::uint16_t kPublisherXnas = 2;
constexpr std::uint8_t kSnapshotFlags = dbn::flag::snapshot | dbn::flag::bad_ts_recv;
constexpr std::uint8_t kLastFlags = dbn::flag::last | dbn::flag::publisher_specific;

// Two events of one instrument are never closer than this in the matching engine.
constexpr std::int64_t kEventSpacingNs = 120;
// From the matching engine to the capture, without queueing; real files have 80 us at the least, 120 us in
// the middle.
constexpr std::uint64_t kLatencyNs = 79'000;
constexpr std::uint64_t kItchLatencyNs = 9'900;  // 10 us in the real files
constexpr std::uint32_t kOthersMessages = 24;    // of other shares, between two of this one

}  // namespace

EventTape::EventTape(Conventions conventions, std::uint32_t instrument_id, std::int64_t tick_nanos,
                     Random random)
    : conventions_(conventions), instrument_id_(instrument_id), tick_nanos_(tick_nanos), random_(random) {}

dbn::MboMsg EventTape::blank() const {
    dbn::MboMsg msg{};
    msg.hd.length = sizeof(dbn::MboMsg) / 4;
    msg.hd.rtype = dbn::rtype::mbo;
    msg.hd.publisher_id = conventions_ == Conventions::globex ? kPublisherGlbx : kPublisherXnas;
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

void EventTape::record_hidden_trade(std::int32_t tick, std::uint32_t size) {
    record('T', market::Side::bid, 0, tick, size);
    records_.back().side = 'N';
}

void EventTape::stamp_globex() {
    const auto latency = kLatencyNs + static_cast<std::uint64_t>(random_.exponential() * 45'000.0);
    Packet packet = next_packet(static_cast<std::uint64_t>(ts_event_) + latency);
    bool in_trades = records_[event_start_].action == 'T';
    for (std::size_t i = event_start_; i < records_.size(); ++i) {
        dbn::MboMsg& msg = records_[i];
        if (in_trades && msg.action != 'T' && msg.action != 'F') {
            in_trades = false;
            packet = next_packet(packet.ts_recv + 7'000 + random_.below(6'000));
        }
        msg.ts_recv = packet.ts_recv;
        msg.ts_in_delta = packet.ts_in_delta;
        msg.sequence = packet.sequence;
    }
    if (random_.chance(0.1)) sequence_ += 1 + random_.below(3);
}

void EventTape::stamp_itch() {
    const auto latency = kItchLatencyNs + static_cast<std::uint64_t>(random_.exponential() * 800.0);
    last_ts_recv_ = std::max(static_cast<std::uint64_t>(ts_event_) + latency, last_ts_recv_);
    const bool replaces = records_[event_start_].action == 'C';
    sequence_ += random_.below(kOthersMessages);
    for (std::size_t i = event_start_; i < records_.size(); ++i) {
        dbn::MboMsg& msg = records_[i];
        const bool new_message = i == event_start_ || msg.action == 'T' || (msg.action == 'A' && !replaces);
        if (new_message) ++sequence_;
        msg.ts_recv = last_ts_recv_;
        msg.ts_in_delta = static_cast<std::int32_t>(last_ts_recv_ - msg.hd.ts_event);
        msg.sequence = sequence_;
    }
}

void EventTape::end(std::uint8_t more_flags) {
    SPY_ASSERT(records_.size() > event_start_);
    conventions_ == Conventions::globex ? stamp_globex() : stamp_itch();
    records_.back().flags = static_cast<std::uint8_t>(kLastFlags | more_flags);
    if (muted_) {
        records_.resize(event_start_);
        return;
    }
    for (std::size_t i = event_start_; i < records_.size(); ++i) trades_ += records_[i].action == 'T';
    live_records_ += records_.size() - event_start_;
}

void EventTape::clear(std::int64_t ts_event) {
    begin(ts_event);
    record('R', market::Side::bid, 0, 0, 0);
    records_.back().side = 'N';
    records_.back().price = dbn::kUndefPrice;
    end();
}

void EventTape::snapshot(const MatchingBook& book, std::int64_t ts_recv) {
    std::vector<const RestingOrder*> orders;
    orders.reserve(book.live_orders());
    for (const RestingOrder& order : book.slots()) {
        if (order.live) orders.push_back(&order);
    }
    snapshot(std::move(orders), ts_recv);
}

void EventTape::snapshot(std::vector<const RestingOrder*> orders, std::int64_t ts_recv) {
    std::sort(orders.begin(), orders.end(), [](const RestingOrder* a, const RestingOrder* b) {
        return a->ts_event != b->ts_event ? a->ts_event < b->ts_event : a->id < b->id;
    });

    last_ts_recv_ = std::max(last_ts_recv_, static_cast<std::uint64_t>(ts_recv));
    ts_event_ = std::max(ts_event_, ts_recv);
    dbn::MboMsg msg = blank();
    msg.hd.ts_event = static_cast<std::uint64_t>(orders.empty() ? ts_recv : orders.front()->ts_event);
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
