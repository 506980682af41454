#include "feed/gateway/schema_facts.hpp"

#include <array>

namespace spymaster::feed {

namespace {

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;

constexpr std::string_view kU8 = "uint8_t";
constexpr std::string_view kU16 = "uint16_t";
constexpr std::string_view kU32 = "uint32_t";
constexpr std::string_view kU64 = "uint64_t";
constexpr std::string_view kI8 = "int8_t";
constexpr std::string_view kI16 = "int16_t";
constexpr std::string_view kI32 = "int32_t";
constexpr std::string_view kI64 = "int64_t";
constexpr std::string_view kChar = "char";
constexpr std::string_view kText = "string";

const Fields kHeader = {
    {"length", kU8}, {"rtype", kU8}, {"publisher_id", kU16}, {"instrument_id", kU32}, {"ts_event", kU64}};

Fields with_header(const Fields& own) {
    Fields all = kHeader;
    all.insert(all.end(), own.begin(), own.end());
    return all;
}

const Fields kMbo = {{"order_id", kU64},    {"price", kI64},   {"size", kU32},  {"flags", kU8},
                     {"channel_id", kU8},   {"action", kChar}, {"side", kChar}, {"ts_recv", kU64},
                     {"ts_in_delta", kI32}, {"sequence", kU32}};
const Fields kTrade = {{"price", kI64},   {"size", kU32},        {"action", kChar},
                       {"side", kChar},   {"flags", kU8},        {"depth", kU8},
                       {"ts_recv", kU64}, {"ts_in_delta", kI32}, {"sequence", kU32}};
const Fields kCmbp1 = {{"price", kI64},     {"size", kU32},      {"action", kChar},     {"side", kChar},
                       {"flags", kU8},      {"ts_recv", kU64},   {"ts_in_delta", kI32}, {"bid_px_00", kI64},
                       {"ask_px_00", kI64}, {"bid_sz_00", kU32}, {"ask_sz_00", kU32},   {"bid_pb_00", kU16},
                       {"ask_pb_00", kU16}};
const Fields kStatistics = {{"ts_recv", kU64},   {"ts_ref", kU64},     {"price", kI64},
                            {"quantity", kI64},  {"sequence", kU32},   {"ts_in_delta", kI32},
                            {"stat_type", kU16}, {"channel_id", kU16}, {"update_action", kU8},
                            {"stat_flags", kU8}};
const Fields kStatus = {{"ts_recv", kU64},
                        {"action", kU16},
                        {"reason", kU16},
                        {"trading_event", kU16},
                        {"is_trading", kChar},
                        {"is_quoting", kChar},
                        {"is_short_sell_restricted", kChar}};
const Fields kDefinition = {{"ts_recv", kU64},
                            {"min_price_increment", kI64},
                            {"display_factor", kI64},
                            {"expiration", kU64},
                            {"activation", kU64},
                            {"high_limit_price", kI64},
                            {"low_limit_price", kI64},
                            {"max_price_variation", kI64},
                            {"unit_of_measure_qty", kI64},
                            {"min_price_increment_amount", kI64},
                            {"price_ratio", kI64},
                            {"strike_price", kI64},
                            {"raw_instrument_id", kU64},
                            {"leg_price", kI64},
                            {"leg_delta", kI64},
                            {"inst_attrib_value", kI32},
                            {"underlying_id", kU32},
                            {"market_depth_implied", kI32},
                            {"market_depth", kI32},
                            {"market_segment_id", kU32},
                            {"max_trade_vol", kU32},
                            {"min_lot_size", kI32},
                            {"min_lot_size_block", kI32},
                            {"min_lot_size_round_lot", kI32},
                            {"min_trade_vol", kU32},
                            {"contract_multiplier", kI32},
                            {"decay_quantity", kI32},
                            {"original_contract_size", kI32},
                            {"leg_instrument_id", kU32},
                            {"leg_ratio_price_numerator", kI32},
                            {"leg_ratio_price_denominator", kI32},
                            {"leg_ratio_qty_numerator", kI32},
                            {"leg_ratio_qty_denominator", kI32},
                            {"leg_underlying_id", kU32},
                            {"appl_id", kI16},
                            {"maturity_year", kU16},
                            {"decay_start_date", kU16},
                            {"channel_id", kU16},
                            {"leg_count", kU16},
                            {"leg_index", kU16},
                            {"currency", kText},
                            {"settl_currency", kText},
                            {"secsubtype", kText},
                            {"raw_symbol", kText},
                            {"group", kText},
                            {"exchange", kText},
                            {"asset", kText},
                            {"cfi", kText},
                            {"security_type", kText},
                            {"unit_of_measure", kText},
                            {"underlying", kText},
                            {"strike_price_currency", kText},
                            {"leg_raw_symbol", kText},
                            {"instrument_class", kChar},
                            {"match_algorithm", kChar},
                            {"main_fraction", kU8},
                            {"price_display_format", kU8},
                            {"sub_fraction", kU8},
                            {"underlying_product", kU8},
                            {"security_update_action", kChar},
                            {"maturity_month", kU8},
                            {"maturity_day", kU8},
                            {"maturity_week", kU8},
                            {"user_defined_instrument", kChar},
                            {"contract_multiplier_unit", kI8},
                            {"flow_schedule_type", kI8},
                            {"tick_rule", kU8},
                            {"leg_instrument_class", kChar},
                            {"leg_side", kChar}};

// Publishers 20 to 37 of OPRA are its exchanges; a record's publisher may be any, and is data.
constexpr std::array<Publisher, 3> kPublishers = {{
    {1, "GLBX.MDP3", "GLBX", "CME Globex MDP 3.0"},
    {2, "XNAS.ITCH", "XNAS", "Nasdaq TotalView-ITCH"},
    {30, "OPRA.PILLAR", "OPRA", "OPRA - Consolidated"},
}};

}  // namespace

Fields fields_of(dbn::Schema schema) {
    switch (schema) {
        case dbn::Schema::mbo:
            return with_header(kMbo);
        case dbn::Schema::trades:
            return with_header(kTrade);
        case dbn::Schema::cmbp_1:
            return with_header(kCmbp1);
        case dbn::Schema::statistics:
            return with_header(kStatistics);
        case dbn::Schema::status:
            return with_header(kStatus);
        case dbn::Schema::definition:
            return with_header(kDefinition);
        default:
            return {};
    }
}

double price_of(dbn::Schema schema) {
    switch (schema) {
        case dbn::Schema::mbo:
            return 1.8;
        case dbn::Schema::cmbp_1:
            return 0.2;
        case dbn::Schema::trades:
            return 28.0;
        case dbn::Schema::definition:
            return 5.0;
        case dbn::Schema::statistics:
            return 11.0;
        case dbn::Schema::status:
            return 4.0;
        default:
            return 2.0;
    }
}

double cost_of(dbn::Schema schema, std::uint64_t bytes) {
    constexpr double kGigabyte = 1U << 30U;
    return price_of(schema) * static_cast<double>(bytes) / kGigabyte;
}

std::span<const Publisher> publishers() {
    return kPublishers;
}

}  // namespace spymaster::feed
