// A made-up stream of one instrument, as compressible as a real one: the input of the decode benchmark.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "dbn/encoder.hpp"
#include "dbn/records.hpp"

namespace spymaster::dbn {

// Small and the same everywhere, unlike the distributions of <random>.
class Random {
  public:
    std::uint64_t next() {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return state_;
    }
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }

  private:
    std::uint64_t state_ = 0x9E3779B97F4A7C15;
};

// Adds and cancels around a price that walks, with now and then a modify or a trade: what an MBO file of one future is.
class OrderFlow {
  public:
    MboMsg next() {
        MboMsg m{};
        ts_ += 1000 + random_.below(700'000);
        m.hd = {kRecordLength<MboMsg>, rtype::mbo, 1, 17077, ts_};
        m.ts_recv = ts_ + 15'000 + random_.below(20'000);
        m.ts_in_delta = static_cast<std::int32_t>(12'000 + random_.below(8'000));
        m.sequence = ++sequence_;
        m.flags = flag::last;
        const std::uint64_t dice = random_.below(100);
        if (resting_.size() < kResting / 2 || dice < 47) return add(m);
        return dice < 94 ? remove(m, 'C') : dice < 97 ? change(m) : remove(m, 'T');
    }

  private:
    MboMsg add(MboMsg m) {
        if (random_.below(50) == 0) mid_ += random_.below(2) == 0 ? 1 : -1;
        m.action = 'A';
        m.side = random_.below(2) == 0 ? 'A' : 'B';
        const auto away = static_cast<std::int64_t>(1 + std::min(random_.below(40), random_.below(40)));
        m.price = (mid_ + (m.side == 'A' ? away : -away)) * 250'000'000;
        m.size = static_cast<std::uint32_t>(1 + random_.below(10));
        m.order_id = next_id_ += 1 + random_.below(3);
        resting_.push_back(m);
        return m;
    }
    MboMsg remove(MboMsg m, char action) {
        const std::size_t at = random_.below(resting_.size());
        copy_order(m, resting_[at]);
        m.action = action;
        resting_[at] = resting_.back();
        resting_.pop_back();
        return m;
    }
    MboMsg change(MboMsg m) {
        MboMsg& order = resting_[random_.below(resting_.size())];
        order.size = static_cast<std::uint32_t>(1 + random_.below(10));
        copy_order(m, order);
        m.action = 'M';
        return m;
    }
    static void copy_order(MboMsg& m, const MboMsg& order) {
        m.order_id = order.order_id;
        m.price = order.price;
        m.size = order.size;
        m.side = order.side;
    }

    static constexpr std::size_t kResting = 20'000;  // orders in the book once it has filled

    Random random_;
    std::vector<MboMsg> resting_;
    std::uint64_t ts_ = 1'703'545'200'000'000'000;
    std::uint64_t next_id_ = 6'413'000'000'000;
    std::uint32_t sequence_ = 0;
    std::int64_t mid_ = 4800 * 4;
};

}  // namespace spymaster::dbn
