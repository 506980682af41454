// DBN records that are not book or trade events: definitions, statistics, status, imbalances, and the
// gateway's own. Layouts of version 3; instrument definitions, statistics, symbol mappings, errors and system
// messages were shorter before (legacy_records.hpp): read those with upgrade.hpp, which takes any version.
#pragma once

#include <string_view>

#include "dbn/records.hpp"

namespace spymaster::dbn {

inline constexpr std::int64_t kUndefStatQuantity = std::numeric_limits<std::int64_t>::max();
// In fields that older versions did not have: code, is_last, stype.
inline constexpr std::uint8_t kNotGiven = std::numeric_limits<std::uint8_t>::max();

// Text in a fixed field: up to the first zero byte.
template <std::size_t N>
[[nodiscard]] std::string_view text(const std::array<char, N>& field) {
    const std::string_view all(field.data(), N);
    return all.substr(0, all.find('\0'));
}

struct InstrumentDefMsg {
    RecordHeader hd;
    std::uint64_t ts_recv;
    std::int64_t min_price_increment;
    std::int64_t display_factor;
    std::uint64_t expiration;
    std::uint64_t activation;
    std::int64_t high_limit_price;
    std::int64_t low_limit_price;
    std::int64_t max_price_variation;
    std::int64_t unit_of_measure_qty;
    std::int64_t min_price_increment_amount;
    std::int64_t price_ratio;
    std::int64_t strike_price;
    std::uint64_t raw_instrument_id;
    std::int64_t leg_price;
    std::int64_t leg_delta;
    std::int32_t inst_attrib_value;
    std::uint32_t underlying_id;
    std::int32_t market_depth_implied;
    std::int32_t market_depth;
    std::uint32_t market_segment_id;
    std::uint32_t max_trade_vol;
    std::int32_t min_lot_size;
    std::int32_t min_lot_size_block;
    std::int32_t min_lot_size_round_lot;
    std::uint32_t min_trade_vol;
    std::int32_t contract_multiplier;
    std::int32_t decay_quantity;
    std::int32_t original_contract_size;
    std::uint32_t leg_instrument_id;
    std::int32_t leg_ratio_price_numerator;
    std::int32_t leg_ratio_price_denominator;
    std::int32_t leg_ratio_qty_numerator;
    std::int32_t leg_ratio_qty_denominator;
    std::uint32_t leg_underlying_id;
    std::int16_t appl_id;
    std::uint16_t maturity_year;
    std::uint16_t decay_start_date;
    std::uint16_t channel_id;
    std::uint16_t leg_count;
    std::uint16_t leg_index;
    std::array<char, 4> currency;
    std::array<char, 4> settl_currency;
    std::array<char, 6> secsubtype;
    std::array<char, 71> raw_symbol;
    std::array<char, 21> group;
    std::array<char, 5> exchange;
    std::array<char, 11> asset;
    std::array<char, 7> cfi;
    std::array<char, 7> security_type;
    std::array<char, 31> unit_of_measure;
    std::array<char, 21> underlying;
    std::array<char, 4> strike_price_currency;
    std::array<char, 71> leg_raw_symbol;
    char instrument_class;  // F future, C call, P put, K stock, S T M X spreads, B bond, Y commodity
    char match_algorithm;
    std::uint8_t main_fraction;
    std::uint8_t price_display_format;
    std::uint8_t sub_fraction;
    std::uint8_t underlying_product;
    char security_update_action;  // A add, M modify, D delete
    std::uint8_t maturity_month;
    std::uint8_t maturity_day;
    std::uint8_t maturity_week;
    char user_defined_instrument;  // Y or N
    std::int8_t contract_multiplier_unit;
    std::int8_t flow_schedule_type;
    std::uint8_t tick_rule;
    char leg_instrument_class;
    char leg_side;
    std::array<std::byte, 17> reserved;
};
static_assert(sizeof(InstrumentDefMsg) == 520);
static_assert(offsetof(InstrumentDefMsg, strike_price) == 104 &&
              offsetof(InstrumentDefMsg, raw_symbol) == 238 && offsetof(InstrumentDefMsg, asset) == 335 &&
              offsetof(InstrumentDefMsg, underlying) == 391 &&
              offsetof(InstrumentDefMsg, instrument_class) == 487);

struct StatMsg {
    RecordHeader hd;
    std::uint64_t ts_recv;
    std::uint64_t ts_ref;
    std::int64_t price;
    std::int64_t quantity;
    std::uint32_t sequence;
    std::int32_t ts_in_delta;
    std::uint16_t stat_type;  // 9 is open interest
    std::uint16_t channel_id;
    std::uint8_t update_action;  // 1 new, 2 delete
    std::uint8_t stat_flags;
    std::array<std::byte, 18> reserved;
};
static_assert(sizeof(StatMsg) == 80);

struct StatusMsg {
    RecordHeader hd;
    std::uint64_t ts_recv;
    std::uint16_t action;
    std::uint16_t reason;
    std::uint16_t trading_event;
    char is_trading;  // Y, N or ~ (not known)
    char is_quoting;
    char is_short_sell_restricted;
    std::array<std::byte, 7> reserved;
};
static_assert(sizeof(StatusMsg) == 40);

struct ImbalanceMsg {
    RecordHeader hd;
    std::uint64_t ts_recv;
    std::int64_t ref_price;
    std::uint64_t auction_time;
    std::int64_t cont_book_clr_price;
    std::int64_t auct_interest_clr_price;
    std::int64_t ssr_filling_price;
    std::int64_t ind_match_price;
    std::int64_t upper_collar;
    std::int64_t lower_collar;
    std::uint32_t paired_qty;
    std::uint32_t total_imbalance_qty;
    std::uint32_t market_imbalance_qty;
    std::uint32_t unpaired_qty;
    char auction_type;
    char side;
    std::uint8_t auction_status;
    std::uint8_t freeze_status;
    std::uint8_t num_extensions;
    char unpaired_side;
    char significant_imbalance;
    std::byte reserved;
};
static_assert(sizeof(ImbalanceMsg) == 112);

struct ErrorMsg {
    RecordHeader hd;
    std::array<char, 302> err;
    std::uint8_t code;
    std::uint8_t is_last;
};
static_assert(sizeof(ErrorMsg) == 320);

// Live only: what an id stands for from now on.
struct SymbolMappingMsg {
    RecordHeader hd;
    std::uint8_t stype_in;
    std::array<char, 71> stype_in_symbol;
    std::uint8_t stype_out;
    std::array<char, 71> stype_out_symbol;
    std::uint64_t start_ts;
    std::uint64_t end_ts;
};
static_assert(sizeof(SymbolMappingMsg) == 176);

struct SystemMsg {
    RecordHeader hd;
    std::array<char, 303> msg;
    std::uint8_t code;  // 0 heartbeat, 1 subscription acknowledged, 2 slow reader, 3 replay completed, 4 end
                        // of interval
};
static_assert(sizeof(SystemMsg) == 320);

}  // namespace spymaster::dbn
