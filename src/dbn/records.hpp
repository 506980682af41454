// The records of Databento Binary Encoding, as they lie in a file: little-endian, packed in declaration
// order.
//
// Layouts are those of DBN version 3. Market data, here, is the same in every version; reference_records.hpp
// has the types that are not, and upgrade.hpp turns the old ones into them.
//
// Records in a file need not be aligned (version 1 metadata is not padded): read them with load<T>(), never
// by casting.
//
// What a missing value looks like: price INT64_MAX, timestamp UINT64_MAX, size UINT32_MAX, side or action
// 'N'.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>

namespace spymaster::dbn {

inline constexpr std::int64_t kUndefPrice = std::numeric_limits<std::int64_t>::max();
inline constexpr std::uint64_t kUndefTimestamp = std::numeric_limits<std::uint64_t>::max();
inline constexpr std::uint32_t kUndefSize = std::numeric_limits<std::uint32_t>::max();

// RecordHeader::rtype.
namespace rtype {
inline constexpr std::uint8_t mbp_0 = 0x00;
inline constexpr std::uint8_t mbp_1 = 0x01;
inline constexpr std::uint8_t mbp_10 = 0x0A;
inline constexpr std::uint8_t ohlcv_deprecated = 0x11;  // any interval; written before 2023
inline constexpr std::uint8_t status = 0x12;
inline constexpr std::uint8_t instrument_def = 0x13;
inline constexpr std::uint8_t imbalance = 0x14;
inline constexpr std::uint8_t error = 0x15;
inline constexpr std::uint8_t symbol_mapping = 0x16;
inline constexpr std::uint8_t system = 0x17;
inline constexpr std::uint8_t statistics = 0x18;
inline constexpr std::uint8_t ohlcv_1s = 0x20;
inline constexpr std::uint8_t ohlcv_1m = 0x21;
inline constexpr std::uint8_t ohlcv_1h = 0x22;
inline constexpr std::uint8_t ohlcv_1d = 0x23;
inline constexpr std::uint8_t ohlcv_eod = 0x24;
inline constexpr std::uint8_t mbo = 0xA0;
inline constexpr std::uint8_t cmbp_1 = 0xB1;
inline constexpr std::uint8_t cbbo_1s = 0xC0;
inline constexpr std::uint8_t cbbo_1m = 0xC1;
inline constexpr std::uint8_t tcbbo = 0xC2;
inline constexpr std::uint8_t bbo_1s = 0xC3;
inline constexpr std::uint8_t bbo_1m = 0xC4;
}  // namespace rtype

// MboMsg::flags, a bit set.
namespace flag {
inline constexpr std::uint8_t last = 128;       // last record of its event: state may be published
inline constexpr std::uint8_t tob = 64;         // top-of-book record, not an individual order
inline constexpr std::uint8_t snapshot = 32;    // sourced from a snapshot or replay
inline constexpr std::uint8_t mbp = 16;         // aggregated price level, not an individual order
inline constexpr std::uint8_t bad_ts_recv = 8;  // ts_recv is not the capture time
inline constexpr std::uint8_t maybe_bad_book =
    4;  // a gap upstream: the book may be wrong until it is rebuilt
inline constexpr std::uint8_t publisher_specific = 2;
}  // namespace flag

struct RecordHeader {
    std::uint8_t length;  // in units of 4 bytes
    std::uint8_t rtype;
    std::uint16_t publisher_id;
    std::uint32_t instrument_id;  // unique within a publisher and a day only
    std::uint64_t ts_event;       // ns since 1970, UTC

    [[nodiscard]] std::size_t size() const { return std::size_t{length} * 4; }
};
static_assert(sizeof(RecordHeader) == 16);

struct MboMsg {
    RecordHeader hd;
    std::uint64_t order_id;
    std::int64_t price;  // 1e-9
    std::uint32_t size;
    std::uint8_t flags;
    std::uint8_t channel_id;
    char action;  // A add, C cancel, M modify, R clear, T trade, F fill, N none
    char side;    // A ask, B bid, N none: the order's side; for T the aggressor's
    std::uint64_t ts_recv;
    std::int32_t ts_in_delta;
    std::uint32_t sequence;
};
static_assert(sizeof(MboMsg) == 56 && alignof(MboMsg) == 8);

// One price level of one market: aggregated orders.
struct BidAskPair {
    std::int64_t bid_px;
    std::int64_t ask_px;
    std::uint32_t bid_sz;
    std::uint32_t ask_sz;
    std::uint32_t bid_ct;  // orders
    std::uint32_t ask_ct;
};
static_assert(sizeof(BidAskPair) == 32);

// The best of several markets, and which market (publisher) it is on.
struct ConsolidatedBidAskPair {
    std::int64_t bid_px;
    std::int64_t ask_px;
    std::uint32_t bid_sz;
    std::uint32_t ask_sz;
    std::uint16_t bid_pb;
    std::array<std::byte, 2> reserved1;
    std::uint16_t ask_pb;
    std::array<std::byte, 2> reserved2;
};
static_assert(sizeof(ConsolidatedBidAskPair) == 32);

// Schema trades (mbp_0, no level), mbp-1 and tbbo (mbp_1), mbp-10 (mbp_10): an event and the levels after it.
struct TradeMsg {
    RecordHeader hd;
    std::int64_t price;
    std::uint32_t size;
    char action;
    char side;
    std::uint8_t flags;
    std::uint8_t depth;  // level of the event: 0 is the best
    std::uint64_t ts_recv;
    std::int32_t ts_in_delta;
    std::uint32_t sequence;
};
static_assert(sizeof(TradeMsg) == 48);

struct Mbp1Msg {
    TradeMsg event;
    std::array<BidAskPair, 1> levels;
};
static_assert(sizeof(Mbp1Msg) == 80);

struct Mbp10Msg {
    TradeMsg event;
    std::array<BidAskPair, 10> levels;
};
static_assert(sizeof(Mbp10Msg) == 368);

// Schemas bbo-1s and bbo-1m: the last trade and the best levels at the end of each interval.
struct BboMsg {
    RecordHeader hd;  // ts_event is of the last trade
    std::int64_t price;
    std::uint32_t size;
    std::byte reserved1;
    char side;
    std::uint8_t flags;
    std::byte reserved2;
    std::uint64_t ts_recv;  // end of the interval
    std::array<std::byte, 4> reserved3;
    std::uint32_t sequence;
    std::array<BidAskPair, 1> levels;
};
static_assert(sizeof(BboMsg) == 80);

// Schemas cmbp-1 and tcbbo: an event and the consolidated best after it.
struct Cmbp1Msg {
    RecordHeader hd;
    std::int64_t price;
    std::uint32_t size;
    char action;
    char side;
    std::uint8_t flags;
    std::byte reserved1;
    std::uint64_t ts_recv;
    std::int32_t ts_in_delta;
    std::array<std::byte, 4> reserved2;
    std::array<ConsolidatedBidAskPair, 1> levels;
};
static_assert(sizeof(Cmbp1Msg) == 80);

// Schemas cbbo-1s and cbbo-1m.
struct CbboMsg {
    RecordHeader hd;
    std::int64_t price;
    std::uint32_t size;
    std::byte reserved1;
    char side;
    std::uint8_t flags;
    std::byte reserved2;
    std::uint64_t ts_recv;
    std::array<std::byte, 8> reserved3;
    std::array<ConsolidatedBidAskPair, 1> levels;
};
static_assert(sizeof(CbboMsg) == 80);

// Open, high, low, close of an interval that starts at hd.ts_event.
struct OhlcvMsg {
    RecordHeader hd;
    std::int64_t open;
    std::int64_t high;
    std::int64_t low;
    std::int64_t close;
    std::uint64_t volume;
};
static_assert(sizeof(OhlcvMsg) == 56);

// A copy of the record at `bytes`. REQUIRES: sizeof(T) bytes are there. Compiles to plain unaligned loads.
template <class T>
[[nodiscard]] inline T load(const std::byte* bytes) {
    T value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

// Calls use(record) for each of a run of whole records, in order: a block of Decoder. Records alike in type and length come
// in long runs, so the place of the next one is foretold instead of waited for: up to twice as fast as stepping by length.
template <class Use>
inline void for_each_record(std::span<const std::byte> whole_records, Use&& use) {
    const std::byte* record = whole_records.data();
    const std::byte* const end = record + whole_records.size();
    while (record != end) {
        const auto kind = load<std::uint16_t>(record);  // length and rtype
        const std::size_t size = std::size_t{kind & 0xFFU} * 4;
        do {
            use(record);
            record += size;
        } while (record != end && load<std::uint16_t>(record) == kind);
    }
}

}  // namespace spymaster::dbn
