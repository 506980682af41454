// The record layouts of DBN versions 1 and 2 that differ from version 3. For upgrade.hpp and for writing old
// files in tests.
#pragma once

#include "dbn/records.hpp"

namespace spymaster::dbn::v1 {

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
    std::int64_t trading_reference_price;
    std::int64_t unit_of_measure_qty;
    std::int64_t min_price_increment_amount;
    std::int64_t price_ratio;
    std::int32_t inst_attrib_value;
    std::uint32_t underlying_id;
    std::uint32_t raw_instrument_id;
    std::int32_t market_depth_implied;
    std::int32_t market_depth;
    std::uint32_t market_segment_id;
    std::uint32_t max_trade_vol;
    std::int32_t min_lot_size;
    std::int32_t min_lot_size_block;
    std::int32_t min_lot_size_round_lot;
    std::uint32_t min_trade_vol;
    std::array<std::byte, 4> reserved2;
    std::int32_t contract_multiplier;
    std::int32_t decay_quantity;
    std::int32_t original_contract_size;
    std::array<std::byte, 4> reserved3;
    std::uint16_t trading_reference_date;
    std::int16_t appl_id;
    std::uint16_t maturity_year;
    std::uint16_t decay_start_date;
    std::uint16_t channel_id;
    std::array<char, 4> currency;
    std::array<char, 4> settl_currency;
    std::array<char, 6> secsubtype;
    std::array<char, 22> raw_symbol;
    std::array<char, 21> group;
    std::array<char, 5> exchange;
    std::array<char, 7> asset;
    std::array<char, 7> cfi;
    std::array<char, 7> security_type;
    std::array<char, 31> unit_of_measure;
    std::array<char, 21> underlying;
    std::array<char, 4> strike_price_currency;
    char instrument_class;
    std::array<std::byte, 2> reserved4;
    std::int64_t strike_price;
    std::array<std::byte, 6> reserved5;
    char match_algorithm;
    std::uint8_t md_security_trading_status;
    std::uint8_t main_fraction;
    std::uint8_t price_display_format;
    std::uint8_t settl_price_type;
    std::uint8_t sub_fraction;
    std::uint8_t underlying_product;
    char security_update_action;
    std::uint8_t maturity_month;
    std::uint8_t maturity_day;
    std::uint8_t maturity_week;
    char user_defined_instrument;
    std::int8_t contract_multiplier_unit;
    std::int8_t flow_schedule_type;
    std::uint8_t tick_rule;
    std::array<std::byte, 3> reserved6;
};
static_assert(sizeof(InstrumentDefMsg) == 360);
static_assert(offsetof(InstrumentDefMsg, raw_symbol) == 200 && offsetof(InstrumentDefMsg, asset) == 248 &&
              offsetof(InstrumentDefMsg, underlying) == 300 &&
              offsetof(InstrumentDefMsg, instrument_class) == 325 &&
              offsetof(InstrumentDefMsg, strike_price) == 328 &&
              offsetof(InstrumentDefMsg, security_update_action) == 349);

// Versions 1 and 2.
struct StatMsg {
    RecordHeader hd;
    std::uint64_t ts_recv;
    std::uint64_t ts_ref;
    std::int64_t price;
    std::int32_t quantity;  // INT32_MAX: undefined
    std::uint32_t sequence;
    std::int32_t ts_in_delta;
    std::uint16_t stat_type;
    std::uint16_t channel_id;
    std::uint8_t update_action;
    std::uint8_t stat_flags;
    std::array<std::byte, 6> reserved;
};
static_assert(sizeof(StatMsg) == 64);

struct ErrorMsg {
    RecordHeader hd;
    std::array<char, 64> err;
};
static_assert(sizeof(ErrorMsg) == 80);

struct SymbolMappingMsg {
    RecordHeader hd;
    std::array<char, 22> stype_in_symbol;
    std::array<char, 22> stype_out_symbol;
    std::array<std::byte, 4> reserved;
    std::uint64_t start_ts;
    std::uint64_t end_ts;
};
static_assert(sizeof(SymbolMappingMsg) == 80);

struct SystemMsg {
    RecordHeader hd;
    std::array<char, 64> msg;
};
static_assert(sizeof(SystemMsg) == 80);

}  // namespace spymaster::dbn::v1

namespace spymaster::dbn::v2 {

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
    std::int64_t trading_reference_price;
    std::int64_t unit_of_measure_qty;
    std::int64_t min_price_increment_amount;
    std::int64_t price_ratio;
    std::int64_t strike_price;
    std::int32_t inst_attrib_value;
    std::uint32_t underlying_id;
    std::uint32_t raw_instrument_id;
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
    std::uint16_t trading_reference_date;
    std::int16_t appl_id;
    std::uint16_t maturity_year;
    std::uint16_t decay_start_date;
    std::uint16_t channel_id;
    std::array<char, 4> currency;
    std::array<char, 4> settl_currency;
    std::array<char, 6> secsubtype;
    std::array<char, 71> raw_symbol;
    std::array<char, 21> group;
    std::array<char, 5> exchange;
    std::array<char, 7> asset;
    std::array<char, 7> cfi;
    std::array<char, 7> security_type;
    std::array<char, 31> unit_of_measure;
    std::array<char, 21> underlying;
    std::array<char, 4> strike_price_currency;
    char instrument_class;
    char match_algorithm;
    std::uint8_t md_security_trading_status;
    std::uint8_t main_fraction;
    std::uint8_t price_display_format;
    std::uint8_t settl_price_type;
    std::uint8_t sub_fraction;
    std::uint8_t underlying_product;
    char security_update_action;
    std::uint8_t maturity_month;
    std::uint8_t maturity_day;
    std::uint8_t maturity_week;
    char user_defined_instrument;
    std::int8_t contract_multiplier_unit;
    std::int8_t flow_schedule_type;
    std::uint8_t tick_rule;
    std::array<std::byte, 10> reserved;
};
static_assert(sizeof(InstrumentDefMsg) == 400);
static_assert(offsetof(InstrumentDefMsg, strike_price) == 112 &&
              offsetof(InstrumentDefMsg, raw_symbol) == 200 && offsetof(InstrumentDefMsg, asset) == 297 &&
              offsetof(InstrumentDefMsg, underlying) == 349 &&
              offsetof(InstrumentDefMsg, instrument_class) == 374 &&
              offsetof(InstrumentDefMsg, security_update_action) == 382);

}  // namespace spymaster::dbn::v2
