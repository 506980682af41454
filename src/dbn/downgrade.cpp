#include "dbn/downgrade.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

namespace spymaster::dbn {

namespace {

template <class Old, class New>
Old with_header_of(const New& record) {
    Old old{};
    old.hd = record.hd;
    old.hd.length = static_cast<std::uint8_t>(sizeof(Old) / 4);
    return old;
}

// A text field of an old layout ends with a zero byte, as that of version 3 does.
template <std::size_t N, std::size_t M>
Result<void> put_text(std::string_view field, const std::array<char, M>& from, std::array<char, N>& to) {
    const std::string_view all = text(from);
    if (all.size() > N || (N < M && all.size() == N)) {
        return make_error(ErrorCode::usage, "{} '{}' has {} characters; this DBN version has room for {}",
                          field, all, all.size(), N - 1);
    }
    std::copy(all.begin(), all.end(), to.begin());
    return {};
}

template <class Old>
void put_numbers(const InstrumentDefMsg& def, Old& old) {
    old.ts_recv = def.ts_recv;
    old.min_price_increment = def.min_price_increment;
    old.display_factor = def.display_factor;
    old.expiration = def.expiration;
    old.activation = def.activation;
    old.high_limit_price = def.high_limit_price;
    old.low_limit_price = def.low_limit_price;
    old.max_price_variation = def.max_price_variation;
    old.trading_reference_price = kUndefPrice;
    old.unit_of_measure_qty = def.unit_of_measure_qty;
    old.min_price_increment_amount = def.min_price_increment_amount;
    old.price_ratio = def.price_ratio;
    old.strike_price = def.strike_price;
    old.inst_attrib_value = def.inst_attrib_value;
    old.underlying_id = def.underlying_id;
    old.raw_instrument_id = static_cast<std::uint32_t>(def.raw_instrument_id);
    old.market_depth_implied = def.market_depth_implied;
    old.market_depth = def.market_depth;
    old.market_segment_id = def.market_segment_id;
    old.max_trade_vol = def.max_trade_vol;
    old.min_lot_size = def.min_lot_size;
    old.min_lot_size_block = def.min_lot_size_block;
    old.min_lot_size_round_lot = def.min_lot_size_round_lot;
    old.min_trade_vol = def.min_trade_vol;
    old.contract_multiplier = def.contract_multiplier;
    old.decay_quantity = def.decay_quantity;
    old.original_contract_size = def.original_contract_size;
    old.trading_reference_date = std::numeric_limits<std::uint16_t>::max();
    old.appl_id = def.appl_id;
    old.maturity_year = def.maturity_year;
    old.decay_start_date = def.decay_start_date;
    old.channel_id = def.channel_id;
}

template <class Old>
void put_letters(const InstrumentDefMsg& def, Old& old) {
    old.instrument_class = def.instrument_class;
    old.match_algorithm = def.match_algorithm;
    old.md_security_trading_status = std::numeric_limits<std::uint8_t>::max();
    old.main_fraction = def.main_fraction;
    old.price_display_format = def.price_display_format;
    old.settl_price_type = std::numeric_limits<std::uint8_t>::max();
    old.sub_fraction = def.sub_fraction;
    old.underlying_product = def.underlying_product;
    old.security_update_action = def.security_update_action;
    old.maturity_month = def.maturity_month;
    old.maturity_day = def.maturity_day;
    old.maturity_week = def.maturity_week;
    old.user_defined_instrument = def.user_defined_instrument;
    old.contract_multiplier_unit = def.contract_multiplier_unit;
    old.flow_schedule_type = def.flow_schedule_type;
    old.tick_rule = def.tick_rule;
}

template <class Old>
Result<Old> old_definition(const InstrumentDefMsg& def) {
    if (def.raw_instrument_id > std::numeric_limits<std::uint32_t>::max()) {
        return make_error(ErrorCode::usage,
                          "raw_instrument_id {} does not fit the 32 bits of this DBN version",
                          def.raw_instrument_id);
    }
    auto old = with_header_of<Old>(def);
    put_numbers(def, old);
    put_letters(def, old);
    SPY_TRY(put_text("currency", def.currency, old.currency));
    SPY_TRY(put_text("settl_currency", def.settl_currency, old.settl_currency));
    SPY_TRY(put_text("secsubtype", def.secsubtype, old.secsubtype));
    SPY_TRY(put_text("raw_symbol", def.raw_symbol, old.raw_symbol));
    SPY_TRY(put_text("group", def.group, old.group));
    SPY_TRY(put_text("exchange", def.exchange, old.exchange));
    SPY_TRY(put_text("asset", def.asset, old.asset));
    SPY_TRY(put_text("cfi", def.cfi, old.cfi));
    SPY_TRY(put_text("security_type", def.security_type, old.security_type));
    SPY_TRY(put_text("unit_of_measure", def.unit_of_measure, old.unit_of_measure));
    SPY_TRY(put_text("underlying", def.underlying, old.underlying));
    SPY_TRY(put_text("strike_price_currency", def.strike_price_currency, old.strike_price_currency));
    return old;
}

}  // namespace

Result<v1::InstrumentDefMsg> definition_v1(const InstrumentDefMsg& def) {
    return old_definition<v1::InstrumentDefMsg>(def);
}

Result<v2::InstrumentDefMsg> definition_v2(const InstrumentDefMsg& def) {
    return old_definition<v2::InstrumentDefMsg>(def);
}

Result<v1::StatMsg> statistics_v1(const StatMsg& stat) {
    constexpr auto kUndefined = std::numeric_limits<std::int32_t>::max();
    const bool undefined = stat.quantity == kUndefStatQuantity;
    if (!undefined && (!std::in_range<std::int32_t>(stat.quantity) || stat.quantity == kUndefined)) {
        return make_error(ErrorCode::usage,
                          "a quantity of {} does not fit the 32 bits of DBN versions 1 and 2", stat.quantity);
    }
    auto old = with_header_of<v1::StatMsg>(stat);
    old.ts_recv = stat.ts_recv;
    old.ts_ref = stat.ts_ref;
    old.price = stat.price;
    old.quantity = undefined ? kUndefined : static_cast<std::int32_t>(stat.quantity);
    old.sequence = stat.sequence;
    old.ts_in_delta = stat.ts_in_delta;
    old.stat_type = stat.stat_type;
    old.channel_id = stat.channel_id;
    old.update_action = stat.update_action;
    old.stat_flags = stat.stat_flags;
    return old;
}

}  // namespace spymaster::dbn
