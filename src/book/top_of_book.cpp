#include "book/top_of_book.hpp"

#include <bit>

#include "book/window_time.hpp"

namespace spymaster::book {

namespace {

// Prices that a search from the end is the fastest for. Seconds of real quotes rarely touch more.
constexpr std::size_t kFewPrices = 32;

TopOfBook::Quote quote_of(std::int64_t price, std::uint32_t qty) {
    const bool there = price > 0 && price != dbn::kUndefPrice && qty != 0 && qty != dbn::kUndefSize;
    return there ? TopOfBook::Quote{price, qty} : TopOfBook::Quote{};
}

}  // namespace

std::int64_t TopOfBook::window_time(const dbn::Cmbp1Msg& msg) {
    return record_window_time(msg);
}

void TopOfBook::begin_window() {
    recording_ = true;
    disrupted_ = cleared_ = false;
    flow_.clear();
    slots_.clear();
    start_ = {quotes_[0].qty, quotes_[1].qty};
}

void TopOfBook::apply(const dbn::Cmbp1Msg& msg) {
    const dbn::ConsolidatedBidAskPair& level = msg.levels[0];
    const Quote bid = quote_of(level.bid_px, level.bid_sz);
    const Quote ask = quote_of(level.ask_px, level.ask_sz);
    valid_ = (msg.flags & dbn::flag::maybe_bad_book) == 0;
    disrupted_ |= !valid_;
    if (msg.action == 'R' || (msg.flags & dbn::flag::snapshot) != 0) [[unlikely]] {
        quotes_ = msg.action == 'R' ? std::array<Quote, 2>{} : std::array<Quote, 2>{ask, bid};
        disrupted_ = cleared_ = true;
        return;
    }
    if (msg.action == 'T') match(msg);
    replace(market::Side::bid, bid);
    replace(market::Side::ask, ask);
}

void TopOfBook::replace(market::Side side, const Quote& now) {
    Quote& quote = quotes_[static_cast<std::size_t>(side)];
    if (quote == now) return;
    if (recording_) {
        if (quote.price == now.price) {
            const std::int64_t change = std::int64_t{now.qty} - quote.qty;
            PriceFlow& flow = flow_at(side, now.price);
            (change > 0 ? flow.add : flow.gone) += change > 0 ? change : -change;
        } else {
            if (quote.qty != 0) flow_at(side, quote.price).gone += quote.qty;
            if (now.qty != 0) flow_at(side, now.price).add += now.qty;
        }
    }
    quote = now;
}

void TopOfBook::match(const dbn::Cmbp1Msg& trade) {
    const Quote traded = quote_of(trade.price, trade.size);
    if (!recording_ || traded.qty == 0) return;
    const Quote& bid = quote(market::Side::bid);
    const Quote& ask = quote(market::Side::ask);
    if (trade.side == 'B' || (trade.side != 'A' && ask.qty != 0 && traded.price >= ask.price)) {
        flow_at(market::Side::ask, traded.price).traded += traded.qty;
    } else if (trade.side == 'A' || (bid.qty != 0 && traded.price <= bid.price)) {
        flow_at(market::Side::bid, traded.price).traded += traded.qty;
    }
}

TopOfBook::PriceFlow& TopOfBook::flow_at(market::Side side, std::int64_t price) {
    if (slots_.empty()) {
        for (auto flow = flow_.rbegin(); flow != flow_.rend(); ++flow) {
            if (flow->price == price && flow->side == side) return *flow;
        }
    } else if (const std::uint32_t place = slots_[slot_of(side, price)]; place != 0) {
        return flow_[place - 1];
    }
    flow_.push_back({.price = price, .side = side});
    if (flow_.size() > kFewPrices) index_flow();
    return flow_.back();
}

std::size_t TopOfBook::slot_of(market::Side side, std::int64_t price) const {
    const std::uint64_t key = 2 * static_cast<std::uint64_t>(price) + static_cast<std::uint64_t>(side);
    std::size_t slot = (key * 0x9E3779B97F4A7C15U) >> (64 - std::countr_zero(slots_.size()));
    for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
        const PriceFlow& flow = flow_[slots_[slot] - 1];
        if (flow.price == price && flow.side == side) break;
    }
    return slot;
}

// Makes the last price known to the slots; all of them where the slots are too few, at most half of which are taken.
void TopOfBook::index_flow() {
    std::size_t first = flow_.size() - 1;
    if (2 * flow_.size() > slots_.size()) {
        slots_.assign(std::bit_ceil(4 * flow_.size()), 0);
        first = 0;
    }
    for (std::size_t place = first; place < flow_.size(); ++place)
        slots_[slot_of(flow_[place].side, flow_[place].price)] = static_cast<std::uint32_t>(place + 1);
}

SideFlow TopOfBook::side_flow(market::Side side) const {
    const Quote& now = quote(side);
    SideFlow sum{.start = start_[static_cast<std::size_t>(side)], .end = now.qty};
    std::int64_t deduced = now.qty;
    for (const PriceFlow& flow : flow_) {
        if (flow.side != side) continue;
        sum.add += flow.add;
        sum.fill += flow.fill();
        sum.pull += flow.pull();
        const std::int64_t end = now.qty != 0 && now.price == flow.price ? now.qty : 0;
        deduced += std::max<std::int64_t>(0, end - flow.add + flow.gone) - end;
    }
    if (cleared_) sum.start = deduced;
    return sum;
}

}  // namespace spymaster::book
