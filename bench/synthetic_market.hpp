// A seeded record stream with the shape of a busy market: about 47 % adds, 47 % cancels, 3 %
// modifies, 3 % trades and fills; 90 % of the prices within 10 ticks of the middle; sparse ids that do not only grow; a
// steady number of live orders; several instruments with Zipf-distributed activity. It keeps its own books, so that a
// replay can be checked against it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <unordered_set>
#include <vector>

#include "dbn/records.hpp"

namespace spymaster::bench {

struct MarketShape {
    std::size_t instruments = 1;
    std::size_t live_orders = 20'000;
    std::size_t records = 1'000'000;
    std::int64_t duration_ns = 3600LL * 1'000'000'000;
    std::int64_t tick = 250'000'000;
    std::int64_t middle_ticks = 20'000;  // where every market begins
    std::uint64_t reach_ticks =
        700;           // beyond the 10 ticks around the middle, how far a tenth of the orders go
    bool zipf = true;  // activity by rank; else every instrument the same
};

// Totals of all books, to compare a replay with.
struct Answer {
    std::uint64_t orders = 0;
    std::int64_t qty = 0;
    std::uint64_t levels = 0;
    std::int64_t best_sum = 0;  // best bids plus best asks, where there are any
    bool operator==(const Answer&) const = default;
};

class SyntheticMarket {
  public:
    explicit SyntheticMarket(const MarketShape& shape) : shape_(shape), markets_(shape.instruments) {
        records_.reserve(shape.records + 8);
        double sum = 0;
        for (std::size_t i = 0; i < shape.instruments; ++i) weights_.push_back(sum += weight(i));
        for (Market& market : markets_) market.middle = shape.middle_ticks;
        while (records_.size() < shape.records) step(next_instrument());
        records_.resize(shape.records);
        count_answer();
    }

    [[nodiscard]] const std::vector<dbn::MboMsg>& records() const { return records_; }
    [[nodiscard]] const MarketShape& shape() const { return shape_; }
    [[nodiscard]] const Answer& answer() const { return answer_; }

  private:
    struct Order {
        std::uint64_t id;
        std::int64_t price;
        std::uint32_t qty;
        char side;
    };
    struct Market {
        std::vector<Order> live;
        std::int64_t middle = 0;
    };

    [[nodiscard]] double weight(std::size_t instrument) const {
        return shape_.zipf ? 1.0 / static_cast<double>(instrument + 1) : 1.0;
    }
    std::uint64_t below(std::uint64_t n) { return random_() % n; }

    std::size_t next_instrument() {
        if (weights_.size() == 1) return 0;
        const double at = std::uniform_real_distribution<>(0, weights_.back())(random_);
        return static_cast<std::size_t>(std::lower_bound(weights_.begin(), weights_.end(), at) -
                                        weights_.begin());
    }

    void emit(std::size_t instrument, char action, const Order& order, std::uint32_t size, bool last) {
        if (records_.size() == shape_.records) return;
        dbn::MboMsg m{};
        m.hd = {sizeof(dbn::MboMsg) / 4, dbn::rtype::mbo, 1, static_cast<std::uint32_t>(instrument), 0};
        m.hd.ts_event = 1'700'000'000'000'000'000U +
                        static_cast<std::uint64_t>(shape_.duration_ns) / shape_.records * records_.size();
        m.ts_recv = m.hd.ts_event;
        m.order_id = order.id;
        m.price = order.price;
        m.size = size;
        m.action = action;
        m.side = order.side;
        m.flags = last ? dbn::flag::last : std::uint8_t{0};
        records_.push_back(m);
    }

    void step(std::size_t instrument) {
        // Whole events only, so that the generator's books and the records' agree at the end.
        if (shape_.records - records_.size() < 3) return pad(instrument);
        Market& market = markets_[instrument];
        const double share = weights_.size() == 1 ? 1.0 : weight(instrument) / weights_.back();
        const auto wanted = static_cast<std::size_t>(static_cast<double>(shape_.live_orders) * share) + 20;
        const std::uint64_t dice = below(1000);
        if (below(2000) == 0) market.middle += below(2) == 0 ? 1 : -1;
        const bool full = market.live.size() >= wanted;
        if (market.live.size() < wanted / 2 || (dice < 960 && (full ? dice < 460 : dice < 500)))
            return fresh(instrument, market);
        const std::size_t i = below(market.live.size());
        Order& order = market.live[i];
        if (dice < 960) {
            emit(instrument, 'C', order, order.qty, true);
        } else if (dice < 991) {
            order.qty = 1 + static_cast<std::uint32_t>(below(10));
            emit(instrument, 'M', order, order.qty, true);
            return;
        } else {
            emit(instrument, 'T', order, order.qty, false);
            emit(instrument, 'F', order, order.qty, false);
            emit(instrument, 'C', order, order.qty, true);
        }
        order = market.live.back();
        market.live.pop_back();
    }
    void pad(std::size_t instrument) { emit(instrument, 'N', Order{0, 0, 0, 'N'}, 0, true); }

    void fresh(std::size_t instrument, Market& market) {
        const auto away =
            static_cast<std::int64_t>(below(10) != 0 ? below(10) : 10 + below(shape_.reach_ticks));
        const char side = below(2) == 0 ? 'A' : 'B';
        next_id_ += 1 + below(100'000);
        const std::uint64_t id =
            below(16) == 0 ? next_id_ - 1 - below(60'000) * 3 : next_id_;  // some go backwards
        const Order order{id, (market.middle + (side == 'A' ? 1 + away : -away)) * shape_.tick,
                          1 + static_cast<std::uint32_t>(below(10)), side};
        if (!ids_.insert(id).second) return;
        market.live.push_back(order);
        emit(instrument, 'A', order, order.qty, true);
    }

    void count_answer() {
        for (const Market& market : markets_) {
            std::map<std::int64_t, std::int64_t> sides[2];
            for (const Order& order : market.live) {
                sides[order.side == 'B'][order.price] += order.qty;
                answer_.qty += order.qty;
                ++answer_.orders;
            }
            answer_.levels += sides[0].size() + sides[1].size();
            if (!sides[0].empty()) answer_.best_sum += sides[0].begin()->first;
            if (!sides[1].empty()) answer_.best_sum += sides[1].rbegin()->first;
        }
    }

    MarketShape shape_;
    std::mt19937_64 random_{20261122};
    std::vector<Market> markets_;
    std::vector<double> weights_;
    std::vector<dbn::MboMsg> records_;
    std::unordered_set<std::uint64_t> ids_;
    std::uint64_t next_id_ = 6'411'746'357'495;
    Answer answer_;
};

}  // namespace spymaster::bench
