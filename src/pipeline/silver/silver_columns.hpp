// The columns of silver and the rows they are filled from; the .cpp files that write or read them include this.
#pragma once

#include <array>
#include <span>

#include "lake/contract.hpp"
#include "pipeline/silver/silver.hpp"
#include "pipeline/tables/columns.hpp"

namespace spymaster::pipeline {

// Bindings of struct members to the column of the same name; of a member of a part of the row.
#define BIND(Row, Stored, member)                       \
    bind<Row, Stored>(                                  \
        #member, [](const Row& r) { return r.member; }, \
        [](Row& r, Stored v) { r.member = static_cast<decltype(r.member)>(v); })
#define BIND_PART(Row, part, Stored, member)                 \
    bind<Row, Stored>(                                       \
        #member, [](const Row& r) { return r.part.member; }, \
        [](Row& r, Stored v) { r.part.member = static_cast<decltype(r.part.member)>(v); })
#define BIND_SIDE(Row, part)                                              \
    bind_letter<Row>(                                                     \
        "side", [](const Row& r) { return market::letter(r.part.side); }, \
        [](Row& r, char v) { r.part.side = v == 'B' ? market::Side::bid : market::Side::ask; })
#define BIND_RIGHT(Row, part)                                               \
    bind_letter<Row>(                                                       \
        "right", [](const Row& r) { return market::letter(r.part.right); }, \
        [](Row& r, char v) { r.part.right = v == 'P' ? market::Right::put : market::Right::call; })

inline constexpr std::array kSnapshotColumns{
    BIND(windows::BookSnapshot1s, std::int64_t, window_start_ts_ns),
    BIND(windows::BookSnapshot1s, std::int64_t, window_end_ts_ns),
    BIND(windows::BookSnapshot1s, std::int64_t, best_bid_price_int),
    BIND(windows::BookSnapshot1s, std::int64_t, best_bid_qty),
    BIND(windows::BookSnapshot1s, std::int64_t, best_ask_price_int),
    BIND(windows::BookSnapshot1s, std::int64_t, best_ask_qty),
    BIND(windows::BookSnapshot1s, double, mid_price),
    BIND(windows::BookSnapshot1s, std::int64_t, mid_price_int),
    BIND(windows::BookSnapshot1s, std::int64_t, last_trade_price_int),
    BIND(windows::BookSnapshot1s, std::int64_t, spot_ref_price_int),
    BIND(windows::BookSnapshot1s, std::uint8_t, book_valid),
    BIND(windows::BookSnapshot1s, std::int64_t, epoch),
    BIND(windows::BookSnapshot1s, std::int64_t, record_count),
    BIND(windows::BookSnapshot1s, std::int64_t, trade_count),
    BIND(windows::BookSnapshot1s, std::int64_t, anomaly_count),
    BIND(windows::BookSnapshot1s, std::int64_t, late_count),
    BIND(windows::BookSnapshot1s, std::uint8_t, crossed),
    BIND(windows::BookSnapshot1s, std::uint8_t, window_valid),
    BIND(windows::BookSnapshot1s, std::int64_t, order_flow_imbalance_qty),
};

inline constexpr std::array kFlowColumns{
    BIND(FlowRow, std::int64_t, window_start_ts_ns),
    BIND(FlowRow, std::int64_t, window_end_ts_ns),
    BIND_PART(FlowRow, flow, std::int64_t, price_int),
    BIND_SIDE(FlowRow, flow),
    BIND(FlowRow, std::int64_t, spot_ref_price_int),
    BIND_PART(FlowRow, flow, std::int32_t, rel_ticks),
    BIND_PART(FlowRow, flow, std::int32_t, rel_ticks_side),
    BIND_PART(FlowRow, flow, double, depth_qty_start),
    BIND_PART(FlowRow, flow, double, depth_qty_end),
    BIND_PART(FlowRow, flow, double, add_qty),
    BIND_PART(FlowRow, flow, double, pull_qty_total),
    BIND_PART(FlowRow, flow, double, depth_qty_rest),
    BIND_PART(FlowRow, flow, double, pull_qty_rest),
    BIND_PART(FlowRow, flow, double, fill_qty),
    BIND(FlowRow, std::uint8_t, window_valid),
    BIND(FlowRow, std::int64_t, epoch),
};

inline constexpr std::array kWallColumns{
    BIND(WallRow, std::int64_t, window_start_ts_ns),   BIND(WallRow, std::int64_t, window_end_ts_ns),
    BIND_PART(WallRow, wall, std::int64_t, price_int), BIND_SIDE(WallRow, wall),
    BIND(WallRow, std::int64_t, spot_ref_price_int),   BIND_PART(WallRow, wall, std::int32_t, rel_ticks),
    BIND_PART(WallRow, wall, double, depth_qty_start), BIND_PART(WallRow, wall, double, depth_qty_end),
    BIND_PART(WallRow, wall, double, add_qty),         BIND_PART(WallRow, wall, double, pull_qty_total),
    BIND_PART(WallRow, wall, double, depth_qty_rest),  BIND_PART(WallRow, wall, double, pull_qty_rest),
    BIND_PART(WallRow, wall, double, fill_qty),        BIND_PART(WallRow, wall, double, d1_depth_qty),
    BIND_PART(WallRow, wall, double, d2_depth_qty),    BIND_PART(WallRow, wall, double, d3_depth_qty),
    BIND(WallRow, std::uint8_t, window_valid),         BIND(WallRow, std::int64_t, epoch),
};

inline constexpr std::array kQuoteColumns{
    BIND(QuoteRow, std::int64_t, window_start_ts_ns),
    BIND(QuoteRow, std::int64_t, window_end_ts_ns),
    BIND_PART(QuoteRow, quote, std::int64_t, instrument_id),
    BIND_RIGHT(QuoteRow, quote),
    BIND_PART(QuoteRow, quote, std::int64_t, strike_price_int),
    BIND_PART(QuoteRow, quote, std::int64_t, bid_price_int),
    BIND_PART(QuoteRow, quote, std::int64_t, ask_price_int),
    BIND_PART(QuoteRow, quote, double, mid_price),
    BIND_PART(QuoteRow, quote, double, mid_price_int),
    BIND(QuoteRow, std::int64_t, spot_ref_price_int),
    BIND_PART(QuoteRow, quote, std::uint8_t, book_valid),
};

inline constexpr std::array kStrikeColumns{
    BIND(StrikeRow, std::int64_t, window_start_ts_ns),
    BIND(StrikeRow, std::int64_t, window_end_ts_ns),
    BIND_PART(StrikeRow, flow, std::int64_t, strike_price_int),
    BIND(StrikeRow, double, strike_points),
    BIND_RIGHT(StrikeRow, flow),
    BIND_SIDE(StrikeRow, flow),
    BIND(StrikeRow, std::int64_t, spot_ref_price_int),
    BIND_PART(StrikeRow, flow, std::int32_t, rel_ticks),
    BIND_PART(StrikeRow, flow, double, depth_qty_start),
    BIND_PART(StrikeRow, flow, double, depth_qty_end),
    BIND_PART(StrikeRow, flow, double, add_qty),
    BIND_PART(StrikeRow, flow, double, pull_qty_total),
    BIND_PART(StrikeRow, flow, double, pull_qty_rest),
    BIND_PART(StrikeRow, flow, double, fill_qty),
    BIND_PART(StrikeRow, flow, std::uint8_t, window_valid),
    BIND_PART(StrikeRow, flow, double, depth_qty_rest),  // the last: see columns_of
};
#undef BIND_RIGHT
#undef BIND_SIDE
#undef BIND_PART
#undef BIND

// Which bindings fill the contract of a kind of row.
inline std::span<const Binding<windows::BookSnapshot1s>> columns_of(const lake::Contract&,
                                                                    const windows::BookSnapshot1s*) {
    return kSnapshotColumns;
}
inline std::span<const Binding<FlowRow>> columns_of(const lake::Contract&, const FlowRow*) {
    return kFlowColumns;
}
inline std::span<const Binding<WallRow>> columns_of(const lake::Contract&, const WallRow*) {
    return kWallColumns;
}
inline std::span<const Binding<QuoteRow>> columns_of(const lake::Contract&, const QuoteRow*) {
    return kQuoteColumns;
}
// Options quoted by consolidated best prices have no depth_qty_rest: how old a quote is cannot be seen.
inline std::span<const Binding<StrikeRow>> columns_of(const lake::Contract& contract, const StrikeRow*) {
    const std::span<const Binding<StrikeRow>> all = kStrikeColumns;
    return contract.index_of(all.back().column).ok() ? all : all.first(all.size() - 1);
}

}  // namespace spymaster::pipeline
