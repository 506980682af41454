// Random record streams: mostly a market, with a share of everything that a stream can get wrong.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "records.hpp"

namespace spymaster::testing {

struct StreamOptions {
    double chaos = 0.1;  // share of records that do not fit, are late, or come from far away
    std::int64_t start = 1000 * kSecond;
    std::int64_t step = 20 * kMillisecond;  // mean time between events
    std::int64_t tick = kTick;
    std::int64_t price_ticks = 20'000;   // around which the market moves
    std::uint64_t resets_per_mille = 4;  // clears and snapshots
};

class RandomStream {
  public:
    RandomStream(std::uint64_t seed, StreamOptions options)
        : random_(seed), options_(options), t_(options.start) {}

    std::vector<Record> take(std::size_t count) {
        std::vector<Record> out;
        while (out.size() < count) event(out);
        out.resize(count);
        return out;
    }

  private:
    struct Live {
        std::uint64_t id;
        char side;
        std::int64_t price;
        std::uint32_t qty;
    };

    std::uint64_t below(std::uint64_t n) {
        return std::uniform_int_distribution<std::uint64_t>(0, n - 1)(random_);
    }
    bool chance(double p) { return std::uniform_real_distribution<>(0, 1)(random_) < p; }
    char any_side() { return chance(0.5) ? 'A' : 'B'; }

    std::int64_t price_for(char side) {
        const auto away = static_cast<std::int64_t>(chance(0.9) ? below(8) : below(400));
        const std::int64_t tick = options_.price_ticks + drift_ + (side == 'A' ? 1 + away : -away);
        return tick * options_.tick;
    }
    std::int64_t strange_price() {
        constexpr std::int64_t kBig = std::numeric_limits<std::int64_t>::max();
        switch (below(8)) {
            case 0:
                return options_.price_ticks * options_.tick +
                       static_cast<std::int64_t>(below(1000));  // off the tick
            case 1:
                return options_.price_ticks * options_.tick + options_.tick / 2;
            case 2:
                return options_.tick;  // stub quotes
            case 3:
                return 200'000 * kSecond;
            case 4:
                return kBig - 1;
            case 5:
                return -kBig - 1;
            case 6:
                return static_cast<std::int64_t>(random_());
            default:
                return -options_.tick * static_cast<std::int64_t>(below(100));
        }
    }
    std::uint32_t any_size() {
        if (chance(options_.chaos * 0.05)) return 0xFFFF'FFFFU - static_cast<std::uint32_t>(below(2));
        return static_cast<std::uint32_t>(chance(options_.chaos * 0.1) ? 0 : 1 + below(20));
    }
    std::uint64_t new_id() { return next_id_ += 1 + below(50'000); }
    Live& any_live() { return live_[below(live_.size())]; }

    void advance() {
        if (chance(0.3)) return;  // several records share a time
        t_ += static_cast<std::int64_t>(below(static_cast<std::uint64_t>(2 * options_.step)));
        if (chance(0.002)) t_ += static_cast<std::int64_t>(below(5)) * kSecond;
        if (chance(0.01))
            t_ = t_ / (500 * kMillisecond) * (500 * kMillisecond) + 500 * kMillisecond;  // exactly on an edge
        if (chance(0.02)) drift_ += chance(0.5) ? 1 : -1;
    }

    void emit(std::vector<Record>& out, Record r) {
        const bool late = chance(options_.chaos * 0.2);
        const std::int64_t t = late ? t_ - static_cast<std::int64_t>(below(3 * kSecond)) : t_;
        out.push_back(r.at(t).received(t_));
    }

    void event(std::vector<Record>& out) {
        advance();
        const std::size_t first = out.size();
        const std::uint64_t dice = below(1000);
        if (dice < options_.resets_per_mille)
            reset(out);
        else if (dice < static_cast<std::uint64_t>(1000 * options_.chaos * 0.5))
            strange(out);
        else if (dice < 480 || live_.size() < 20)
            fresh(out);
        else if (dice < 800)
            withdraw(out);
        else if (dice < 900)
            change(out);
        else
            execute(out);
        if (!out.empty() && out.size() > first && chance(0.9)) out.back() = out.back().last();
        if (live_.size() > 150)
            live_.erase(live_.begin(), live_.begin() + 20);  // those become orders nobody speaks of
    }

    void fresh(std::vector<Record>& out) {
        const char side = any_side();
        const Live order{new_id(), side, price_for(side), 1 + static_cast<std::uint32_t>(below(20))};
        live_.push_back(order);
        emit(out, add(order.id, side, order.price, order.qty));
    }
    void withdraw(std::vector<Record>& out) {
        const std::size_t i = below(live_.size());
        Live& order = live_[i];
        const bool part = order.qty > 1 && chance(0.2);
        const std::uint32_t size = part ? 1 + static_cast<std::uint32_t>(below(order.qty - 1)) : order.qty;
        emit(out, cancel(order.id, order.side, order.price, size));
        order.qty -= size;
        if (order.qty == 0) live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    void change(std::vector<Record>& out) {
        Live& order = any_live();
        if (chance(0.5)) order.price = price_for(order.side);
        if (chance(0.6)) order.qty = 1 + static_cast<std::uint32_t>(below(30));
        emit(out, modify(order.id, order.side, order.price, order.qty));
    }
    // A trade against one to three orders: T, then F and its carrier for each, or all F before all carriers.
    void execute(std::vector<Record>& out) {
        emit(out, trade(any_side(), any_live().price, 1 + static_cast<std::uint32_t>(below(9))));
        std::vector<Record> carriers;
        const bool interleaved = chance(0.5);
        for (std::uint64_t n = 1 + below(3); n > 0 && !live_.empty(); --n) {
            const std::size_t i = below(live_.size());
            Live& order = live_[i];
            const auto size = static_cast<std::uint32_t>(1 + below(order.qty));
            emit(out, fill(order.id, order.side, order.price, size));
            if (chance(0.05)) continue;  // nothing carries it
            order.qty -= size;
            const bool iceberg = chance(0.2);
            if (iceberg) order.qty += static_cast<std::uint32_t>(below(10));  // shows more again
            const bool as_modify = order.qty > 0 && chance(0.6);
            if (!as_modify) order.qty += iceberg ? 1 : 0;
            Record carrier = as_modify ? modify(order.id, order.side, order.price, order.qty)
                                       : cancel(order.id, order.side, order.price, size);
            if (interleaved)
                emit(out, carrier);
            else
                carriers.push_back(carrier);
            if (order.qty == 0) live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(i));
        }
        for (const Record& carrier : carriers) emit(out, carrier);
    }
    void strange(std::vector<Record>& out) {
        const char side = any_side();
        const std::uint64_t id = chance(0.5) && !live_.empty() ? any_live().id : new_id();
        const std::int64_t price = chance(0.4) ? strange_price() : price_for(side);
        switch (below(12)) {
            case 0:
                return emit(out, add(id, side, price, any_size()));
            case 1:
                return emit(out, cancel(id, side, price, any_size()));
            case 2:
                return emit(out, modify(id, side, price, any_size()));
            case 3:
                return emit(out, fill(id, chance(0.5) ? side : 'N', price, any_size()));
            case 4:
                return emit(out, add(id, 'N', price, any_size()));
            case 5:
                return emit(out, modify(id, side, dbn::kUndefPrice, any_size()));
            case 6:
                return emit(out, trade('N', price, any_size()));
            case 7:
                return emit(out, record(static_cast<char>(below(256)), id, side, price, any_size()));
            case 8:
                return emit(out, add(id, side, price, any_size()).with(dbn::flag::maybe_bad_book));
            case 9:
                return emit(
                    out,
                    add(0, side, chance(0.2) ? dbn::kUndefPrice : price, any_size()).with(dbn::flag::tob));
            case 10:
                return emit(out, cancel(0, side, price, any_size()).with(dbn::flag::mbp));
            default: {
                Record r = add(id, side, price, any_size()).at(t_).received(t_);
                (chance(0.5) ? r.hd.ts_event : r.ts_recv) = dbn::kUndefTimestamp;
                if (chance(0.3)) r = r.with(dbn::flag::snapshot);
                out.push_back(r);
            }
        }
    }
    // A clear, a snapshot with or without one, with the orders' own earlier times.
    void reset(std::vector<Record>& out) {
        const bool with_clear = chance(0.7);
        const bool snapshot = chance(0.7);
        constexpr std::uint8_t kFlags = dbn::flag::snapshot | dbn::flag::bad_ts_recv;
        if (with_clear || !snapshot) {
            live_.clear();
            emit(out, snapshot ? clear().with(kFlags) : clear());
        }
        if (!snapshot) return;
        for (std::uint64_t n = below(30); n > 0; --n) {
            const char side = any_side();
            const Live order{new_id(), side, price_for(side), 1 + static_cast<std::uint32_t>(below(20))};
            live_.push_back(order);
            const std::int64_t own = t_ - static_cast<std::int64_t>(below(2 * kSecond)) + 100 * kMillisecond;
            Record r = add(order.id, side, order.price, order.qty).at(own).received(t_).with(kFlags);
            out.push_back(r);
        }
    }

    std::mt19937_64 random_;
    StreamOptions options_;
    std::int64_t t_;
    std::int64_t drift_ = 0;
    std::uint64_t next_id_ = 6'411'746'357'495;
    std::vector<Live> live_;
};

}  // namespace spymaster::testing
