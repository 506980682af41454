// The columns of bronze and the members they are filled from; the .cpp of bronze alone includes this.
#pragma once

#include <array>
#include <string_view>

#include "dbn/records.hpp"
#include "market/right.hpp"
#include "pipeline/tables/columns.hpp"

namespace spymaster::pipeline {

// What bronze says of the option beside each of its records.
struct TermColumns {
    market::Right right = market::Right::call;
    std::int64_t strike = 0;      // 1e-9
    std::int64_t expiration = 0;  // ns UTC
};

// A binding of an integer member: stored as a long, whatever its width on the wire; and of a letter.
#define BIND_MEMBER(Row, column, member)                                          \
    bind<Row, std::int64_t>(                                                      \
        column, [](const Row& r) { return static_cast<std::int64_t>(r.member); }, \
        [](Row& r, std::int64_t v) { r.member = static_cast<decltype(r.member)>(v); })
#define BIND_LETTER(Row, column, member) \
    bind_letter<Row>(column, [](const Row& r) { return r.member; }, [](Row& r, char v) { r.member = v; })

inline constexpr std::array kOrderColumns{
    BIND_MEMBER(dbn::MboMsg, "ts_recv", ts_recv),
    BIND_MEMBER(dbn::MboMsg, "size", size),
    BIND_MEMBER(dbn::MboMsg, "ts_event", hd.ts_event),
    BIND_MEMBER(dbn::MboMsg, "channel_id", channel_id),
    BIND_MEMBER(dbn::MboMsg, "rtype", hd.rtype),
    BIND_MEMBER(dbn::MboMsg, "order_id", order_id),
    BIND_MEMBER(dbn::MboMsg, "publisher_id", hd.publisher_id),
    BIND_MEMBER(dbn::MboMsg, "flags", flags),
    BIND_MEMBER(dbn::MboMsg, "instrument_id", hd.instrument_id),
    BIND_MEMBER(dbn::MboMsg, "ts_in_delta", ts_in_delta),
    BIND_LETTER(dbn::MboMsg, "action", action),
    BIND_MEMBER(dbn::MboMsg, "sequence", sequence),
    BIND_LETTER(dbn::MboMsg, "side", side),
    BIND_MEMBER(dbn::MboMsg, "price", price),
};

inline constexpr std::array kBestQuoteColumns{
    BIND_MEMBER(dbn::Cmbp1Msg, "ts_recv", ts_recv),
    BIND_MEMBER(dbn::Cmbp1Msg, "ts_event", hd.ts_event),
    BIND_MEMBER(dbn::Cmbp1Msg, "publisher_id", hd.publisher_id),
    BIND_MEMBER(dbn::Cmbp1Msg, "instrument_id", hd.instrument_id),
    BIND_MEMBER(dbn::Cmbp1Msg, "bid_px_00", levels[0].bid_px),
    BIND_MEMBER(dbn::Cmbp1Msg, "ask_px_00", levels[0].ask_px),
    BIND_MEMBER(dbn::Cmbp1Msg, "bid_sz_00", levels[0].bid_sz),
    BIND_MEMBER(dbn::Cmbp1Msg, "ask_sz_00", levels[0].ask_sz),
    BIND_LETTER(dbn::Cmbp1Msg, "action", action),
    BIND_LETTER(dbn::Cmbp1Msg, "side", side),
    BIND_MEMBER(dbn::Cmbp1Msg, "price", price),
    BIND_MEMBER(dbn::Cmbp1Msg, "size", size),
    BIND_MEMBER(dbn::Cmbp1Msg, "flags", flags),
};

inline constexpr std::array kTermColumns{
    bind_letter<TermColumns>(
        "right", [](const TermColumns& r) { return market::letter(r.right); },
        [](TermColumns& r, char v) { r.right = v == 'P' ? market::Right::put : market::Right::call; }),
    BIND_MEMBER(TermColumns, "strike", strike),
    BIND_MEMBER(TermColumns, "expiration", expiration),
};
#undef BIND_LETTER
#undef BIND_MEMBER

// Text that is not a letter, filled by the sink: the contract or underlying that the partition is of, and the
// option's own symbol.
inline constexpr std::string_view kSymbolColumn = "symbol";
inline constexpr std::string_view kUnderlyingColumn = "underlying";

}  // namespace spymaster::pipeline
