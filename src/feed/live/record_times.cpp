#include "feed/live/record_times.hpp"

#include "dbn/reference_records.hpp"

namespace spymaster::feed::live {

namespace {

// Where ts_recv lies; 0: nowhere.
std::size_t place_of_ts_recv(std::uint8_t rtype) {
    switch (rtype) {
        case dbn::rtype::mbo:
            return offsetof(dbn::MboMsg, ts_recv);
        case dbn::rtype::mbp_0:
        case dbn::rtype::mbp_1:
        case dbn::rtype::mbp_10:
        case dbn::rtype::cmbp_1:
        case dbn::rtype::tcbbo:
        case dbn::rtype::bbo_1s:
        case dbn::rtype::bbo_1m:
        case dbn::rtype::cbbo_1s:
        case dbn::rtype::cbbo_1m:
            static_assert(offsetof(dbn::TradeMsg, ts_recv) == offsetof(dbn::Cmbp1Msg, ts_recv) &&
                          offsetof(dbn::TradeMsg, ts_recv) == offsetof(dbn::BboMsg, ts_recv) &&
                          offsetof(dbn::TradeMsg, ts_recv) == offsetof(dbn::CbboMsg, ts_recv));
            return offsetof(dbn::TradeMsg, ts_recv);
        case dbn::rtype::instrument_def:
        case dbn::rtype::statistics:
        case dbn::rtype::status:
        case dbn::rtype::imbalance:
            static_assert(offsetof(dbn::StatMsg, ts_recv) == sizeof(dbn::RecordHeader) &&
                          offsetof(dbn::InstrumentDefMsg, ts_recv) == sizeof(dbn::RecordHeader));
            return sizeof(dbn::RecordHeader);
        default:
            return 0;
    }
}

// 2200-01-01: a stamp beyond is none, and sums of stamps and durations do not overflow.
constexpr std::uint64_t kEndOfTime = 7'258'118'400'000'000'000;

std::int64_t defined(std::uint64_t ts) {
    return ts < kEndOfTime ? static_cast<std::int64_t>(ts) : 0;
}

}  // namespace

RecordTimes times_of(const std::byte* record) {
    const auto header = dbn::load<dbn::RecordHeader>(record);
    RecordTimes times{.ts_event = defined(header.ts_event)};
    if (const std::size_t place = place_of_ts_recv(header.rtype); place != 0)
        times.ts_recv = defined(dbn::load<std::uint64_t>(record + place));
    return times;
}

bool is_snapshot(const std::byte* record) {
    const std::uint8_t rtype = dbn::load<dbn::RecordHeader>(record).rtype;
    std::uint8_t flags = 0;
    if (rtype == dbn::rtype::mbo) flags = dbn::load<dbn::MboMsg>(record).flags;
    if (rtype == dbn::rtype::cmbp_1) flags = dbn::load<dbn::Cmbp1Msg>(record).flags;
    return (flags & dbn::flag::snapshot) != 0;
}

std::optional<std::uint8_t> rtype_of(dbn::Schema schema) {
    switch (schema) {
        case dbn::Schema::mbo:
            return dbn::rtype::mbo;
        case dbn::Schema::mbp_1:
        case dbn::Schema::tbbo:
            return dbn::rtype::mbp_1;
        case dbn::Schema::mbp_10:
            return dbn::rtype::mbp_10;
        case dbn::Schema::trades:
            return dbn::rtype::mbp_0;
        case dbn::Schema::ohlcv_1s:
            return dbn::rtype::ohlcv_1s;
        case dbn::Schema::ohlcv_1m:
            return dbn::rtype::ohlcv_1m;
        case dbn::Schema::ohlcv_1h:
            return dbn::rtype::ohlcv_1h;
        case dbn::Schema::ohlcv_1d:
            return dbn::rtype::ohlcv_1d;
        case dbn::Schema::ohlcv_eod:
            return dbn::rtype::ohlcv_eod;
        case dbn::Schema::definition:
            return dbn::rtype::instrument_def;
        case dbn::Schema::statistics:
            return dbn::rtype::statistics;
        case dbn::Schema::status:
            return dbn::rtype::status;
        case dbn::Schema::imbalance:
            return dbn::rtype::imbalance;
        case dbn::Schema::cmbp_1:
            return dbn::rtype::cmbp_1;
        case dbn::Schema::tcbbo:
            return dbn::rtype::tcbbo;
        case dbn::Schema::cbbo_1s:
            return dbn::rtype::cbbo_1s;
        case dbn::Schema::cbbo_1m:
            return dbn::rtype::cbbo_1m;
        case dbn::Schema::bbo_1s:
            return dbn::rtype::bbo_1s;
        case dbn::Schema::bbo_1m:
            return dbn::rtype::bbo_1m;
    }
    return std::nullopt;
}

}  // namespace spymaster::feed::live
