// MBO records written as tests speak of them: add(1, 'B', ticks(100), 10).at(t).last()
#pragma once

#include <cstdint>

#include "dbn/records.hpp"

namespace spymaster::testing {

inline constexpr std::int64_t kTick = 250'000'000;
inline constexpr std::int64_t kSecond = 1'000'000'000;
inline constexpr std::int64_t kMillisecond = 1'000'000;

constexpr std::int64_t ticks(std::int64_t n) {
    return n * kTick;
}

struct Record : dbn::MboMsg {
    [[nodiscard]] Record at(std::int64_t t) const {
        Record r = *this;
        r.hd.ts_event = static_cast<std::uint64_t>(t);
        r.ts_recv = static_cast<std::uint64_t>(t);
        return r;
    }
    [[nodiscard]] Record received(std::int64_t t) const {
        Record r = *this;
        r.ts_recv = static_cast<std::uint64_t>(t);
        return r;
    }
    [[nodiscard]] Record with(std::uint8_t flags_to_add) const {
        Record r = *this;
        r.flags = static_cast<std::uint8_t>(r.flags | flags_to_add);
        return r;
    }
    [[nodiscard]] Record last() const { return with(dbn::flag::last); }
};

inline Record record(char action, std::uint64_t id, char side, std::int64_t price, std::uint32_t size) {
    Record r{};
    r.hd.length = sizeof(dbn::MboMsg) / 4;
    r.hd.rtype = dbn::rtype::mbo;
    r.hd.publisher_id = 1;
    r.hd.instrument_id = 1;
    r.order_id = id;
    r.price = price;
    r.size = size;
    r.action = action;
    r.side = side;
    return r;
}

inline Record add(std::uint64_t id, char side, std::int64_t price, std::uint32_t size) {
    return record('A', id, side, price, size);
}
inline Record cancel(std::uint64_t id, char side, std::int64_t price, std::uint32_t size) {
    return record('C', id, side, price, size);
}
inline Record modify(std::uint64_t id, char side, std::int64_t price, std::uint32_t size) {
    return record('M', id, side, price, size);
}
inline Record fill(std::uint64_t id, char side, std::int64_t price, std::uint32_t size) {
    return record('F', id, side, price, size);
}
inline Record trade(char side, std::int64_t price, std::uint32_t size) {
    return record('T', 0, side, price, size);
}
inline Record clear() {
    return record('R', 0, 'N', dbn::kUndefPrice, 0);
}

}  // namespace spymaster::testing
