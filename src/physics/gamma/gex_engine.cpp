#include "physics/gamma/gex_engine.hpp"

#include <algorithm>
#include <cmath>

#include "market/price.hpp"
#include "physics/gamma/exposure_imbalance.hpp"
#include "physics/gamma/gamma_exposure.hpp"
#include "physics/gamma/implied_volatility.hpp"
#include "physics/gamma/option_gamma.hpp"
#include "physics/gamma/reference_gex.hpp"
#include "physics/gamma/years_to_expiration.hpp"

namespace spymaster::physics {

namespace {

using market::Right;

double points(std::int64_t price_int) {
    return market::Price{price_int}.points();
}

// Each value once, ascending.
std::vector<std::int64_t> distinct(const std::vector<ListedOption>& options,
                                   std::int64_t ListedOption::* member) {
    std::vector<std::int64_t> values;
    for (const ListedOption& option : options) values.push_back(option.*member);
    std::ranges::sort(values);
    const auto repeated = std::ranges::unique(values);
    values.erase(repeated.begin(), repeated.end());
    return values;
}

std::size_t place_in(const std::vector<std::int64_t>& ascending, std::int64_t value) {
    return static_cast<std::size_t>(std::ranges::lower_bound(ascending, value) - ascending.begin());
}

double price_of(const GexSecond& second) {
    return second.underlying_mid > 0.0     ? second.underlying_mid
           : second.spot_ref_price_int > 0 ? points(second.spot_ref_price_int)
                                           : 0.0;
}

// The strike with the most; none if no strike has any.
std::optional<std::int64_t> wall(const std::vector<GexStrike1s>& strikes, double GexStrike1s::* exposure) {
    const auto most = std::ranges::max_element(strikes, {}, exposure);
    if (most == strikes.end() || !((*most).*exposure > 0.0)) return std::nullopt;
    return most->strike_price_int;
}

}  // namespace

GexEngine::GexEngine(const market::GammaTerms& terms, std::vector<ListedOption> options,
                     Compatibility compatibility)
    : terms_(terms),
      compatibility_(compatibility),
      strikes_(distinct(options, &ListedOption::strike_price_int)),
      expiries_(distinct(options, &ListedOption::expiration_ns)),
      forwards_(expiries_.size()),
      at_strike_(strikes_.size()) {
    std::ranges::sort(options, {}, &ListedOption::instrument_id);
    for (const ListedOption& listed : options) {
        SPY_ASSERT(listed.strike_price_int > 0);
        SPY_ASSERT(options_.empty() || options_.back().listed.instrument_id < listed.instrument_id);
        Option option{.listed = listed, .volatility = {}};
        if (!(listed.multiplier > 0.0)) option.listed.multiplier = terms.multiplier;
        option.strike = points(listed.strike_price_int);
        option.log_strike = market::portable_log(option.strike);
        option.place = place_in(strikes_, listed.strike_price_int);
        option.expiry = place_in(expiries_, listed.expiration_ns);
        options_.push_back(option);
    }
}

GexEngine::Option* GexEngine::find(std::int64_t instrument_id) {
    const auto id_of = [](const Option& option) { return option.listed.instrument_id; };
    const auto found = std::ranges::lower_bound(options_, instrument_id, {}, id_of);
    return found != options_.end() && found->listed.instrument_id == instrument_id ? &*found : nullptr;
}

void GexEngine::set_open_interest(std::int64_t instrument_id, double contracts) {
    if (Option* const option = find(instrument_id)) option->open_interest = contracts;
}

const GexWindow& GexEngine::close(const GexSecond& second) {
    continues_ =
        second.window_valid && last_end_ns_ == second.window_start_ts_ns && last_epoch_ == second.epoch;
    window_.strikes.clear();
    const StrikeRange surface = second.spot_ref_price_int > 0
                                    ? strikes_around(strikes_, second.spot_ref_price_int,
                                                     static_cast<std::size_t>(terms_.strikes_per_side))
                                    : StrikeRange{};
    take_quotes(second.quotes);
    if (compatibility_ == Compatibility::reference)
        value_as_reference(second);
    else
        value_options(second, surface);
    fill_strikes(second, surface);
    fill_levels(second);
    const bool is_remembered = second.window_valid && second.spot_ref_price_int > 0;
    last_end_ns_ = is_remembered ? second.window_end_ts_ns : 0;
    last_epoch_ = second.epoch;
    return window_;
}

void GexEngine::take_quotes(std::span<const windows::OptionQuote1s> quotes) {
    for (Option& option : options_) {
        option.mid = 0.0;
        option.volatility.reset();
        option.exposure = 0.0;
    }
    for (const windows::OptionQuote1s& quote : quotes) {
        Option* const option = find(quote.instrument_id);
        const bool is_price =
            quote.book_valid && 0 < quote.bid_price_int && quote.bid_price_int < quote.ask_price_int;
        if (option != nullptr && is_price) option->mid = quote.mid_price;
    }
}

// Options that nobody holds are priced on the surface alone, where their volatility is shown.
void GexEngine::value_options(const GexSecond& second, StrikeRange surface) {
    const double underlying = price_of(second);
    for (std::size_t expiry = 0; expiry < expiries_.size(); ++expiry) {
        forwards_[expiry].reset();
        const double years = years_to_expiration(expiries_[expiry], second.window_end_ts_ns);
        if (underlying > 0.0 && years > 0.0) forwards_[expiry] = forward_of(underlying, years, terms_);
    }
    for (Option& option : options_) {
        const std::optional<Forward>& forward = forwards_[option.expiry];
        if (!forward || !(option.mid > 0.0)) continue;
        if (!(option.open_interest > 0.0) && !surface.has(option.place)) continue;
        option.volatility =
            implied_volatility(option.listed.right, option.mid, option.strike, option.log_strike, *forward);
        if (!option.volatility) continue;
        option.exposure = gamma_exposure(option_gamma(*forward, option.log_strike, *option.volatility),
                                         option.open_interest, option.listed.multiplier, underlying);
    }
}

void GexEngine::value_as_reference(const GexSecond& second) {
    const double forward = points(second.spot_ref_price_int);
    std::ranges::fill(forwards_, std::nullopt);
    if (!(forward > 0.0)) return;
    const double reach = kReferenceStrikeStep * kReferenceStrikesPerSide + 1e-9;
    for (Option& option : options_) {
        const bool is_near =
            std::abs(option.strike - static_cast<double>(reference_centre(forward))) <= reach;
        if (!is_near || !(option.mid > 0.0) || !(option.open_interest > 0.0)) continue;
        const auto value =
            reference_value(option.listed.right, option.mid, option.strike, forward,
                            option.listed.expiration_ns, second.window_end_ts_ns, option.open_interest);
        if (!value) continue;
        option.volatility = value->volatility;
        option.exposure = value->exposure;
    }
}

void GexEngine::fill_strikes(const GexSecond& second, StrikeRange surface) {
    for (std::size_t place = 0; place < strikes_.size(); ++place) {
        at_strike_[place] = {};
        at_strike_[place].strike_price_int = strikes_[place];
    }
    for (const Option& option : options_) {
        GexStrike1s& row = at_strike_[option.place];
        const bool is_call = option.listed.right == Right::call;
        (is_call ? row.gex_call_abs : row.gex_put_abs) += option.exposure;
        (is_call ? row.call_open_interest : row.put_open_interest) += option.open_interest;
        auto& volatility = is_call ? row.call_implied_volatility : row.put_implied_volatility;
        if (!volatility) volatility = option.volatility;
    }
    if (compatibility_ == Compatibility::reference) {
        add_lattice(second);
    } else {
        window_.strikes.assign(at_strike_.begin() + static_cast<std::ptrdiff_t>(surface.first),
                               at_strike_.begin() + static_cast<std::ptrdiff_t>(surface.last));
    }
    for (GexStrike1s& row : window_.strikes) finish_strike(row, second);
}

// The reference has rows only where some option of the second has a value; strikes off the lattice it drops.
void GexEngine::add_lattice(const GexSecond& second) {
    const auto has_value = [](const Option& option) { return option.volatility.has_value(); };
    if (second.spot_ref_price_int <= 0 || !std::ranges::any_of(options_, has_value)) return;
    const std::int64_t centre = reference_centre(points(second.spot_ref_price_int));
    for (int step = -kReferenceStrikesPerSide; step <= kReferenceStrikesPerSide; ++step) {
        const double strike = static_cast<double>(centre) + kReferenceStrikeStep * step;
        const auto price_int = static_cast<std::int64_t>(std::nearbyint(strike / market::kPriceScale));
        const std::size_t place = place_in(strikes_, price_int);
        const bool is_listed = place < strikes_.size() && strikes_[place] == price_int;
        window_.strikes.push_back(is_listed ? at_strike_[place] : GexStrike1s{});
        window_.strikes.back().strike_price_int = price_int;
    }
}

void GexEngine::finish_strike(GexStrike1s& row, const GexSecond& second) {
    row.gex_abs = row.gex_call_abs + row.gex_put_abs;
    row.gex = terms_.call_sign * row.gex_call_abs + terms_.put_sign * row.gex_put_abs;
    const bool as_reference = compatibility_ == Compatibility::reference;
    row.gex_imbalance_ratio = as_reference ? row.gex / (row.gex_abs + kReferenceLeastExposure)
                                           : exposure_imbalance(row.gex, row.gex_abs);
    Memory& memory = memory_[row.strike_price_int];
    const bool is_known = as_reference ? memory.window_end_ts_ns != 0
                                       : continues_ && memory.window_end_ts_ns == second.window_start_ts_ns;
    memory.window_end_ts_ns = second.window_end_ts_ns;
    const auto change = [is_known](windows::DifferenceMemory<double>& of, double value) -> Changes {
        if (is_known) return of.next(value);
        of = {value, 0.0, 0.0};
        return {};
    };
    row.of_gex_abs = change(memory.gex_abs, row.gex_abs);
    row.of_gex = change(memory.gex, row.gex);
    row.of_gex_imbalance_ratio = change(memory.imbalance, row.gex_imbalance_ratio);
}

void GexEngine::fill_levels(const GexSecond& second) {
    GexLevels1s& levels = window_.levels;
    levels = {.window_start_ts_ns = second.window_start_ts_ns,
              .window_end_ts_ns = second.window_end_ts_ns,
              .spot_ref_price_int = second.spot_ref_price_int,
              .underlying_mid = price_of(second),
              .flip_price_int = {},
              .call_wall_price_int = wall(at_strike_, &GexStrike1s::gex_call_abs),
              .put_wall_price_int = wall(at_strike_, &GexStrike1s::gex_put_abs),
              .window_valid = second.window_valid && second.spot_ref_price_int > 0};
    for (const GexStrike1s& strike : at_strike_) {
        levels.gex_call_total += strike.gex_call_abs;
        levels.gex_put_total += strike.gex_put_abs;
    }
    levels.gex_total = terms_.call_sign * levels.gex_call_total + terms_.put_sign * levels.gex_put_total;
    for (const Option& option : options_) {
        if (option.open_interest > 0.0)
            ++(option.volatility ? levels.options_priced : levels.options_unpriced);
    }
    if (compatibility_ == Compatibility::corrected) find_flip();
}

void GexEngine::find_flip() {
    flip_terms_.clear();
    flip_strikes_.clear();
    for (const Option& option : options_) {
        if (!(option.exposure > 0.0)) continue;
        const Forward& forward = *forwards_[option.expiry];
        const double deviation = *option.volatility * forward.root_years;
        flip_terms_.push_back({.weight = terms_.sign(option.listed.right) * option.open_interest *
                                         option.listed.multiplier * forward.discount * forward.growth /
                                         deviation,
                               .log_strike = option.log_strike - market::portable_log(forward.growth),
                               .deviation = deviation});
    }
    if (flip_terms_.empty()) return;
    for (const GexStrike1s& strike : at_strike_) {
        if (strike.gex_call_abs > 0.0 || strike.gex_put_abs > 0.0)
            flip_strikes_.push_back(points(strike.strike_price_int));
    }
    const auto flip = flip_level(flip_terms_, flip_strikes_, window_.levels.underlying_mid);
    if (flip) window_.levels.flip_price_int = std::llround(*flip / market::kPriceScale);
}

}  // namespace spymaster::physics
