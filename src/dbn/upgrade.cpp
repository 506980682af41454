#include "dbn/upgrade.hpp"

#include <algorithm>

#include "dbn/legacy_records.hpp"
#include "dbn/record_walk.hpp"

namespace spymaster::dbn {

namespace {

// Version 1 tells a heartbeat from other system messages by its text alone.
constexpr std::string_view kHeartbeat = "Heartbeat";

bool has_size(const RecordHeader& header, std::size_t size) {
    return header.size() == size || header.size() == size + sizeof(std::uint64_t);
}

template <class T>
bool has_layout(const std::byte* record) {
    return has_size(load<RecordHeader>(record), sizeof(T));
}

template <class New, class Old>
New with_header_of(const Old& old) {
    New record{};
    record.hd = old.hd;
    record.hd.length = static_cast<std::uint8_t>(sizeof(New) / 4);
    return record;
}

template <std::size_t N, std::size_t M>
void copy_text(const std::array<char, N>& from, std::array<char, M>& to) {
    static_assert(N <= M);
    std::copy(from.begin(), from.end(), to.begin());
}

template <class Old>
void copy_definition_numbers(const Old& old, InstrumentDefMsg& def) {
    def.ts_recv = old.ts_recv;
    def.min_price_increment = old.min_price_increment;
    def.display_factor = old.display_factor;
    def.expiration = old.expiration;
    def.activation = old.activation;
    def.high_limit_price = old.high_limit_price;
    def.low_limit_price = old.low_limit_price;
    def.max_price_variation = old.max_price_variation;
    def.unit_of_measure_qty = old.unit_of_measure_qty;
    def.min_price_increment_amount = old.min_price_increment_amount;
    def.price_ratio = old.price_ratio;
    def.strike_price = old.strike_price;
    def.raw_instrument_id = old.raw_instrument_id;
    def.inst_attrib_value = old.inst_attrib_value;
    def.underlying_id = old.underlying_id;
    def.market_depth_implied = old.market_depth_implied;
    def.market_depth = old.market_depth;
    def.market_segment_id = old.market_segment_id;
    def.max_trade_vol = old.max_trade_vol;
    def.min_lot_size = old.min_lot_size;
    def.min_lot_size_block = old.min_lot_size_block;
    def.min_lot_size_round_lot = old.min_lot_size_round_lot;
    def.min_trade_vol = old.min_trade_vol;
    def.contract_multiplier = old.contract_multiplier;
    def.decay_quantity = old.decay_quantity;
    def.original_contract_size = old.original_contract_size;
    def.appl_id = old.appl_id;
    def.maturity_year = old.maturity_year;
    def.decay_start_date = old.decay_start_date;
    def.channel_id = old.channel_id;
}

template <class Old>
void copy_definition_letters(const Old& old, InstrumentDefMsg& def) {
    copy_text(old.currency, def.currency);
    copy_text(old.settl_currency, def.settl_currency);
    copy_text(old.secsubtype, def.secsubtype);
    copy_text(old.raw_symbol, def.raw_symbol);
    copy_text(old.group, def.group);
    copy_text(old.exchange, def.exchange);
    copy_text(old.asset, def.asset);
    copy_text(old.cfi, def.cfi);
    copy_text(old.security_type, def.security_type);
    copy_text(old.unit_of_measure, def.unit_of_measure);
    copy_text(old.underlying, def.underlying);
    copy_text(old.strike_price_currency, def.strike_price_currency);
    def.instrument_class = old.instrument_class;
    def.match_algorithm = old.match_algorithm;
    def.main_fraction = old.main_fraction;
    def.price_display_format = old.price_display_format;
    def.sub_fraction = old.sub_fraction;
    def.underlying_product = old.underlying_product;
    def.security_update_action = old.security_update_action;
    def.maturity_month = old.maturity_month;
    def.maturity_day = old.maturity_day;
    def.maturity_week = old.maturity_week;
    def.user_defined_instrument = old.user_defined_instrument;
    def.contract_multiplier_unit = old.contract_multiplier_unit;
    def.flow_schedule_type = old.flow_schedule_type;
    def.tick_rule = old.tick_rule;
}

template <class Old>
InstrumentDefMsg upgrade_definition(const Old& old) {
    auto def = with_header_of<InstrumentDefMsg>(old);
    copy_definition_numbers(old, def);
    copy_definition_letters(old, def);
    def.leg_price = kUndefPrice;
    def.leg_delta = kUndefPrice;
    def.leg_side = 'N';
    return def;
}

}  // namespace

int newest_version_with(const RecordHeader& header) {
    const auto fits = [&](std::size_t size) { return has_size(header, size); };
    const auto first_of = [&](bool in_3, bool in_2, bool in_1) { return in_3 ? 3 : in_2 ? 2 : in_1 ? 1 : 0; };
    switch (header.rtype) {
        case rtype::instrument_def:
            return first_of(fits(sizeof(InstrumentDefMsg)), fits(sizeof(v2::InstrumentDefMsg)),
                            fits(sizeof(v1::InstrumentDefMsg)));
        case rtype::statistics:
            return first_of(fits(sizeof(StatMsg)), fits(sizeof(v1::StatMsg)), false);
        case rtype::symbol_mapping:
            return first_of(fits(sizeof(SymbolMappingMsg)), false, fits(sizeof(v1::SymbolMappingMsg)));
        case rtype::error:
            return first_of(fits(sizeof(ErrorMsg)), false, fits(sizeof(v1::ErrorMsg)));
        case rtype::system:
            return first_of(fits(sizeof(SystemMsg)), false, fits(sizeof(v1::SystemMsg)));
        default:
            return first_of(is_known_type(header.rtype) && fits(min_record_size(header.rtype)), false, false);
    }
}

std::optional<InstrumentDefMsg> read_definition(const std::byte* record) {
    if (has_layout<InstrumentDefMsg>(record)) return load<InstrumentDefMsg>(record);
    if (has_layout<v2::InstrumentDefMsg>(record))
        return upgrade_definition(load<v2::InstrumentDefMsg>(record));
    if (has_layout<v1::InstrumentDefMsg>(record))
        return upgrade_definition(load<v1::InstrumentDefMsg>(record));
    return std::nullopt;
}

std::optional<StatMsg> read_statistics(const std::byte* record) {
    if (has_layout<StatMsg>(record)) return load<StatMsg>(record);
    if (!has_layout<v1::StatMsg>(record)) return std::nullopt;
    const auto old = load<v1::StatMsg>(record);
    auto stat = with_header_of<StatMsg>(old);
    stat.ts_recv = old.ts_recv;
    stat.ts_ref = old.ts_ref;
    stat.price = old.price;
    stat.quantity =
        old.quantity == std::numeric_limits<std::int32_t>::max() ? kUndefStatQuantity : old.quantity;
    stat.sequence = old.sequence;
    stat.ts_in_delta = old.ts_in_delta;
    stat.stat_type = old.stat_type;
    stat.channel_id = old.channel_id;
    stat.update_action = old.update_action;
    stat.stat_flags = old.stat_flags;
    return stat;
}

std::optional<SymbolMappingMsg> read_symbol_mapping(const std::byte* record) {
    if (has_layout<SymbolMappingMsg>(record)) return load<SymbolMappingMsg>(record);
    if (!has_layout<v1::SymbolMappingMsg>(record)) return std::nullopt;
    const auto old = load<v1::SymbolMappingMsg>(record);
    auto mapping = with_header_of<SymbolMappingMsg>(old);
    mapping.stype_in = kNotGiven;
    mapping.stype_out = kNotGiven;
    copy_text(old.stype_in_symbol, mapping.stype_in_symbol);
    copy_text(old.stype_out_symbol, mapping.stype_out_symbol);
    mapping.start_ts = old.start_ts;
    mapping.end_ts = old.end_ts;
    return mapping;
}

std::optional<ErrorMsg> read_error(const std::byte* record) {
    if (has_layout<ErrorMsg>(record)) return load<ErrorMsg>(record);
    if (!has_layout<v1::ErrorMsg>(record)) return std::nullopt;
    const auto old = load<v1::ErrorMsg>(record);
    auto error = with_header_of<ErrorMsg>(old);
    copy_text(old.err, error.err);
    error.code = kNotGiven;
    error.is_last = kNotGiven;
    return error;
}

std::optional<SystemMsg> read_system(const std::byte* record) {
    if (has_layout<SystemMsg>(record)) return load<SystemMsg>(record);
    if (!has_layout<v1::SystemMsg>(record)) return std::nullopt;
    const auto old = load<v1::SystemMsg>(record);
    auto system = with_header_of<SystemMsg>(old);
    copy_text(old.msg, system.msg);
    system.code = text(old.msg).starts_with(kHeartbeat) ? std::uint8_t{0} : kNotGiven;
    return system;
}

}  // namespace spymaster::dbn
