#include "feed/simulated/option_reference.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "base/assert.hpp"
#include "feed/simulated/listing.hpp"

namespace spymaster::feed {

namespace {

constexpr std::uint16_t kGlobex = 1;
constexpr std::uint16_t kNasdaq = 2;
constexpr std::uint16_t kOpra = 30;
constexpr std::int64_t kSecondNs = market::kNanosPerSecond;
constexpr std::int64_t kMinuteNs = 60 * kSecondNs;
constexpr std::int64_t kHourNs = 60 * kMinuteNs;
constexpr std::int64_t kAnnouncedNs =
    11 * kHourNs + 30 * kMinuteNs;  // 06:30 New York in winter, when OPRA sends its list
constexpr std::int64_t kPutRightNs = kAnnouncedNs + 20 * kMinuteNs;

template <class T>
constexpr T undefined() {
    return std::numeric_limits<T>::max();
}

template <std::size_t N>
void put(std::array<char, N>& field, std::string_view text) {
    SPY_ASSERT(text.size() < N || (text.size() == N && N == 4));
    std::copy(text.begin(), text.end(), field.begin());
}

// Everything undefined, as the fields are in real files that have nothing to say in them.
dbn::InstrumentDefMsg blank_definition(std::uint16_t publisher, std::uint32_t id, std::int64_t ts_ns) {
    dbn::InstrumentDefMsg def{};
    def.hd = {.length = sizeof def / 4,
              .rtype = dbn::rtype::instrument_def,
              .publisher_id = publisher,
              .instrument_id = id,
              .ts_event = static_cast<std::uint64_t>(ts_ns)};
    def.ts_recv = static_cast<std::uint64_t>(ts_ns) + 210'000;
    def.expiration = def.activation = dbn::kUndefTimestamp;
    def.min_price_increment = def.display_factor = def.high_limit_price = def.low_limit_price =
        def.max_price_variation = def.unit_of_measure_qty = def.min_price_increment_amount = def.price_ratio =
            def.strike_price = def.leg_price = def.leg_delta = dbn::kUndefPrice;
    def.raw_instrument_id = id;
    def.inst_attrib_value = def.market_depth_implied = def.market_depth = def.min_lot_size =
        def.min_lot_size_block = def.min_lot_size_round_lot = def.contract_multiplier = def.decay_quantity =
            def.original_contract_size = undefined<std::int32_t>();
    def.market_segment_id = def.max_trade_vol = def.min_trade_vol = undefined<std::uint32_t>();
    def.appl_id = undefined<std::int16_t>();
    def.maturity_year = def.decay_start_date = undefined<std::uint16_t>();
    def.match_algorithm = ' ';
    def.main_fraction = def.price_display_format = def.sub_fraction = def.underlying_product =
        def.maturity_month = def.maturity_day = def.maturity_week = def.tick_rule = undefined<std::uint8_t>();
    def.contract_multiplier_unit = def.flow_schedule_type = undefined<std::int8_t>();
    def.security_update_action = 'A';
    def.user_defined_instrument = 'N';
    def.leg_side = 'N';
    return def;
}

// What all of CME's instruments on an equity index have in common.
dbn::InstrumentDefMsg globex_definition(std::uint32_t id, std::int64_t ts_ns) {
    dbn::InstrumentDefMsg def = blank_definition(kGlobex, id, ts_ns);
    def.display_factor = 10'000'000;
    def.unit_of_measure_qty = 50'000'000'000;  // dollars a point
    def.min_price_increment_amount = 0;
    def.max_trade_vol = 3'000;
    def.min_trade_vol = 1;
    def.min_lot_size = def.min_lot_size_block = def.min_lot_size_round_lot = 0;
    def.market_depth_implied = 0;
    def.match_algorithm = 'F';
    def.underlying_product = 5;  // equity
    put(def.currency, "USD");
    put(def.exchange, "XCME");
    put(def.unit_of_measure, "IPNT");
    return def;
}

// A quarterly future ends at 09:30 New York of the third Friday of its month.
market::Date third_friday(std::string_view contract, const market::Date& around) {
    const std::size_t month = std::string_view("FGHJKMNQUVXZ").find(contract[contract.size() - 2]) + 1;
    const int digit = contract.back() - '0';
    int year = around.year - around.year % 10 + digit;
    if (year < around.year) year += 10;
    market::Date day{year, static_cast<int>(month), 15};
    constexpr std::int64_t kDayNs = 24 * kHourNs;
    while ((day.midnight_utc_ns() / kDayNs + 4) % 7 != 5) day = day.next();
    return day;
}

dbn::InstrumentDefMsg future_definition(const UnderlyingPath& path) {
    dbn::InstrumentDefMsg def = globex_definition(path.instrument_id(), path.begin_ns());
    const std::string_view contract = path.contract();
    const market::Date end = third_friday(contract, path.options().date);
    const auto end_ns = market::local_instant(end, 9 * 3'600 + 30 * 60, "America/New_York");
    SPY_ASSERT(end_ns.ok());
    def.min_price_increment = path.tick_int();
    def.min_price_increment_amount = path.tick_int() * 50;
    def.inst_attrib_value = 270'351;
    def.market_depth = 10;
    def.market_segment_id = 64;
    def.appl_id = 310;
    def.expiration = static_cast<std::uint64_t>(*end_ns);
    def.activation = static_cast<std::uint64_t>(*end_ns - 455 * 24 * kHourNs);
    def.maturity_year = static_cast<std::uint16_t>(end.year);
    def.maturity_month = static_cast<std::uint8_t>(end.month);
    def.instrument_class = 'F';
    const std::string_view root = contract.substr(0, contract.size() - 2);
    put(def.raw_symbol, contract);
    put(def.group, root);
    put(def.asset, root);
    put(def.cfi, "FFIXSX");
    put(def.security_type, "FUT");
    return def;
}

dbn::InstrumentDefMsg stock_definition(const UnderlyingPath& path) {
    dbn::InstrumentDefMsg def =
        blank_definition(kNasdaq, path.instrument_id(), path.begin_ns() + 8 * kHourNs);  // 03:00 New York
    def.raw_instrument_id = 0x7FFF'FFFF;
    def.display_factor = 100'000'000'000'000;
    def.min_lot_size_round_lot = 100;
    def.match_algorithm = 'F';
    def.instrument_class = 'K';
    put(def.secsubtype, "Z ");
    put(def.raw_symbol, path.contract());
    put(def.group, "pxnas-1");
    put(def.exchange, "XNAS");
    return def;
}

dbn::InstrumentDefMsg option_definition(const OptionChain& chain, const OptionInstrument& option,
                                        std::int64_t ts_ns) {
    const bool cme = chain.product->type == market::ProductType::future_option_mbo;
    const bool call = option.right == market::Right::call;
    const OptionExpiry& expiry = chain.expiry_of(option);
    dbn::InstrumentDefMsg def = cme ? globex_definition(option.instrument_id, ts_ns)
                                    : blank_definition(kOpra, option.instrument_id, ts_ns);
    def.expiration = expiry.expiration;
    def.strike_price = option.strike_price_int;
    def.instrument_class = market::letter(option.right);
    put(def.raw_symbol, option.raw_symbol);
    put(def.underlying, chain.underlying);
    put(def.asset, expiry.asset);
    put(def.currency, "USD");
    put(def.strike_price_currency, "USD");
    if (!cme) {
        def.underlying_id = kOpra;
        def.channel_id = 1;
        put(def.group, "popra-1");
        put(def.exchange, "OPRA");
        put(def.security_type, "OPT");
        put(def.unit_of_measure, "USD");
        return def;
    }
    def.underlying_id = chain.underlying_id;
    def.activation = static_cast<std::uint64_t>(expiry.ends_ns - 28 * 24 * kHourNs);
    def.low_limit_price = chain.ticks.small_tick;
    def.inst_attrib_value = 270'339;
    def.market_depth = 3;
    def.market_segment_id = 54;
    def.appl_id = 311;
    def.channel_id = 1;
    def.maturity_year = static_cast<std::uint16_t>(expiry.date.year);
    def.maturity_month = static_cast<std::uint8_t>(expiry.date.month);
    def.tick_rule = 17;  // the tick depends on the premium: min_price_increment is undefined
    put(def.group, "EW");
    put(def.cfi, call ? "OCEFPS" : "OPEFPS");
    put(def.security_type, "OOF");
    return def;
}

// A vertical spread of two of today's calls; one record for each of its legs.
void define_spread(const OptionChain& chain, std::size_t which, std::int64_t ts_ns,
                   std::vector<dbn::InstrumentDefMsg>& definitions) {
    const OptionSpread& spread = chain.spreads[which];
    for (std::uint16_t leg = 0; leg < 2; ++leg) {
        const OptionInstrument& option = chain.options[std::min(2 * (which + leg), chain.todays() - 2)];
        dbn::InstrumentDefMsg def = globex_definition(spread.instrument_id, ts_ns);
        def.instrument_class = 'T';
        def.user_defined_instrument = 'Y';
        def.expiration = chain.expiry_of(option).expiration;
        def.activation = static_cast<std::uint64_t>(ts_ns);
        def.min_price_increment = chain.ticks.small_tick;
        def.leg_count = 2;
        def.leg_index = leg;
        def.leg_instrument_id = option.instrument_id;
        def.leg_ratio_qty_numerator = def.leg_ratio_qty_denominator = 1;
        def.leg_underlying_id = chain.underlying_id;
        def.leg_instrument_class = market::letter(option.right);
        def.leg_side = leg == 0 ? 'B' : 'A';
        put(def.leg_raw_symbol, option.raw_symbol);
        put(def.raw_symbol, spread.raw_symbol);
        put(def.group, "UD");
        put(def.asset, chain.root);
        put(def.cfi, "OMXXXS");
        put(def.security_type, "OOF");
        definitions.push_back(def);
    }
}

}  // namespace

dbn::InstrumentDefMsg underlying_definition(const UnderlyingPath& path) {
    const auto listing = find_listing(path.options().symbol);
    SPY_ASSERT(listing.ok());  // the path was made of it
    return (*listing)->is_share() ? stock_definition(path) : future_definition(path);
}

std::vector<dbn::InstrumentDefMsg> chain_definitions(const OptionChain& chain, const UnderlyingPath& path) {
    const bool cme = chain.product->type == market::ProductType::future_option_mbo;
    const std::int64_t first_ns = path.begin_ns() + (cme ? 0 : kAnnouncedNs);
    const std::size_t wrong = chain.todays() / 4 * 2;  // at the money
    std::vector<dbn::InstrumentDefMsg> definitions;
    if (cme) definitions.push_back(underlying_definition(path));
    for (std::size_t i = 0; i < chain.options.size(); ++i) {
        definitions.push_back(option_definition(chain, chain.options[i], first_ns));
        if (i == wrong) definitions.back().expiration = chain.expiries[1].expiration;
    }
    for (std::size_t i = 0; i < chain.spreads.size(); ++i) define_spread(chain, i, first_ns, definitions);

    const std::int64_t later_ns = path.begin_ns() + kPutRightNs;
    definitions.push_back(option_definition(chain, chain.options[wrong], later_ns));
    definitions.back().security_update_action = 'M';
    definitions.push_back(option_definition(chain, chain.options[chain.todays() - 1], later_ns + kSecondNs));
    definitions.back().security_update_action = 'D';
    return definitions;
}

}  // namespace spymaster::feed
