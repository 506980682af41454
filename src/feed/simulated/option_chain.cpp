#include "feed/simulated/option_chain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "feed/raw_files.hpp"
#include "feed/simulated/random.hpp"

namespace spymaster::feed {

namespace {

constexpr int kMostStrikes = 2'500;
constexpr std::int64_t kLaterStrikes = 20;  // of the next expiry: around the middle of today's
constexpr std::uint32_t kSpreads = 4;
constexpr int kOpen = 9 * 3'600 + 30 * 60;  // of OPRA's exchanges, New York
constexpr int kClose = 16 * 3'600;          // when both kinds of option expire, New York

// 0 Sunday to 6 Saturday.
int weekday(const market::Date& date) {
    const std::int64_t days = date.midnight_utc_ns() / (86'400 * market::kNanosPerSecond);
    return static_cast<int>(((days + 4) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
}

market::Date next_weekday(const market::Date& date) {
    market::Date next = date.next();
    while (weekday(next) == 0 || weekday(next) == 6) next = next.next();
    return next;
}

// CME's product of the ES options that expire on a date: E1A a month's first Monday, E1B its first Tuesday ...
// EW1 its first Friday, EW its last weekday.
std::string es_asset(std::string_view root, const market::Date& date) {
    if (next_weekday(date).month != date.month) return fmt::format("{}W", root.front());
    const int week = (date.day - 1) / 7 + 1;
    const int day = weekday(date);
    if (day == 5) return fmt::format("{}W{}", root.front(), week);
    return fmt::format("{}{}{}", root.front(), week, "SABCD"[day]);
}

struct Style {
    std::int64_t strike_step;
    int strikes;
    PremiumTicks ticks;
    Smile smile;
    Rates rates;
};
const Style kFutureStyle{.strike_step = 5'000'000'000,
                         .strikes = 80,
                         .ticks = kFutureOptionTicks,
                         .smile = {},
                         .rates = {.rate = 0.037, .carry = 0.0}};
// A stock's forward carries interest less dividends.
const Style kEquityStyle{.strike_step = 1'000'000'000,
                         .strikes = 121,
                         .ticks = kEquityOptionTicks,
                         .smile = {},
                         .rates = {.rate = 0.037, .carry = 0.026}};

Result<OptionExpiry> expiry_on(const OptionChain& chain, const market::Date& date) {
    OptionExpiry expiry{.date = date, .ends_ns = 0, .expiration = 0, .asset = chain.root};
    SPY_ASSIGN(expiry.ends_ns, market::local_instant(date, kClose, "America/New_York"));
    const bool cme = chain.product->type == market::ProductType::future_option_mbo;
    if (cme) expiry.asset = es_asset(chain.root, date);
    expiry.expiration = static_cast<std::uint64_t>(cme ? expiry.ends_ns : date.midnight_utc_ns());
    return expiry;
}

std::string symbol_of(const OptionChain& chain, const OptionExpiry& expiry, market::Right right,
                      std::int64_t strike_price_int) {
    const market::Date& date = expiry.date;
    if (chain.product->type == market::ProductType::future_option_mbo) {
        return fmt::format("{}{}{} {}{}", expiry.asset, "FGHJKMNQUVXZ"[date.month - 1], date.year % 10,
                           market::letter(right), strike_price_int / 1'000'000'000);
    }
    return fmt::format("{:<6}{}{}{:08}", chain.root, date.compact().substr(2), market::letter(right),
                       strike_price_int / 1'000'000);
}

void list_options(OptionChain& chain, std::uint32_t expiry, std::int64_t first, std::int64_t strikes,
                  std::uint32_t& next_id) {
    for (std::int64_t i = 0; i < strikes; ++i) {
        const std::int64_t strike = first + i * chain.strike_step;
        for (const market::Right right : {market::Right::call, market::Right::put}) {
            chain.options.push_back({.instrument_id = next_id,
                                     .expiry = expiry,
                                     .right = right,
                                     .strike_price_int = strike,
                                     .raw_symbol = symbol_of(chain, chain.expiries[expiry], right, strike)});
            next_id += 2 + next_id % 5;  // ids of a chain are near each other, with gaps
        }
    }
}

}  // namespace

Result<OptionChain> option_chain(const market::Product& product, const UnderlyingPath& path, int strikes) {
    if (!product.is_option())
        return make_error(ErrorCode::usage, "{} is not a product of options", product.name);
    const bool cme = product.type == market::ProductType::future_option_mbo;
    const Style& style = cme ? kFutureStyle : kEquityStyle;
    const int count = strikes == 0 ? style.strikes : strikes;
    if (count < 1 || count > kMostStrikes)
        return make_error(ErrorCode::usage, "{} strikes: there can be 1 to {}", strikes, kMostStrikes);

    OptionChain chain;
    chain.product = &product;
    chain.date = path.options().date;
    chain.root = cme ? symbol_root(path.contract()) : path.contract();
    chain.underlying = path.contract();
    chain.underlying_id = path.instrument_id();
    chain.strike_step = style.strike_step;
    chain.ticks = style.ticks;
    chain.smile = style.smile;
    chain.rates = style.rates;
    SPY_ASSIGN(chain.opens_ns, market::local_instant(chain.date, kOpen, "America/New_York"));
    if (cme) chain.opens_ns = path.begin_ns();
    const std::int64_t laid_ns =
        cme ? chain.opens_ns : std::max(chain.opens_ns, path.options().session.start_ns);
    const std::int64_t spot = path.at(laid_ns).mid_int();
    chain.strikes = count;
    chain.first_strike = (spot / chain.strike_step - (count - 1) / 2) * chain.strike_step;
    if (spot <= 0 || chain.first_strike <= 0) {
        return make_error(ErrorCode::usage,
                          "{} strikes {} points apart do not fit above 0 around {}; choose fewer", count,
                          chain.strike_step / 1'000'000'000, spot / 1'000'000'000);
    }
    SPY_ASSIGN(chain.expiries[0], expiry_on(chain, chain.date));
    SPY_ASSIGN(chain.expiries[1], expiry_on(chain, next_weekday(chain.date)));

    std::uint64_t seed = static_cast<std::uint64_t>(chain.date.midnight_utc_ns()) ^ path.instrument_id();
    const auto spread = static_cast<std::uint32_t>(splitmix64(seed) % 400'000);
    std::uint32_t next_id = (cme ? 42'000'000U : 637'000'000U) + spread;
    list_options(chain, 0, chain.first_strike, count, next_id);
    const std::int64_t later = std::min<std::int64_t>(count, kLaterStrikes);
    list_options(chain, 1, chain.first_strike + (count - later) / 2 * chain.strike_step, later, next_id);
    for (std::uint32_t i = 0; cme && i < kSpreads; ++i, next_id += 3) {
        chain.spreads.push_back({.instrument_id = next_id,
                                 .raw_symbol = fmt::format("UD:1V: VT {}", 2'600'001 + spread + 7 * i)});
    }
    return chain;
}

dbn::Metadata chain_metadata(const OptionChain& chain, dbn::Schema schema, std::int64_t end_ns, int version) {
    dbn::Metadata metadata;
    metadata.version = version;
    metadata.symbol_cstr_len = version == 1 ? dbn::kSymbolLengthV1 : dbn::kSymbolLength;
    metadata.dataset = chain.product->dataset;
    metadata.schema = schema;
    metadata.start = static_cast<std::uint64_t>(chain.date.midnight_utc_ns());
    metadata.end = static_cast<std::uint64_t>(end_ns);
    metadata.stype_in = dbn::SymbolType::parent;
    metadata.stype_out = dbn::SymbolType::instrument_id;
    metadata.symbols = {chain.root + ".OPT"};
    const auto map = [&](const std::string& symbol, std::uint32_t id) {
        metadata.mappings.push_back({symbol, {{chain.date, chain.date.next(), std::to_string(id)}}});
    };
    metadata.mappings.reserve(chain.options.size() + chain.spreads.size());
    for (const OptionInstrument& option : chain.options) map(option.raw_symbol, option.instrument_id);
    for (const OptionSpread& spread : chain.spreads) map(spread.raw_symbol, spread.instrument_id);
    return metadata;
}

}  // namespace spymaster::feed
