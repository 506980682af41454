// Gamma exposure of a second computed plainly: the C library's functions, bisection, a fine scan for the flip level. A twin of
// physics::GexEngine without its state, except what the caller hands it of the second before.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "physics/gamma/gex_engine.hpp"

namespace spymaster::physics::testing {

class PlainGex {
  public:
    PlainGex(const market::GammaTerms& terms, std::vector<ListedOption> options)
        : terms_(terms), options_(std::move(options)) {}

    void set_open_interest(std::int64_t id, double contracts) { open_interest_[id] = contracts; }

    struct Strike {
        double call = 0.0, put = 0.0, call_oi = 0.0, put_oi = 0.0;
        std::optional<double> call_vol, put_vol;
        Changes gex_abs, gex;
    };
    struct Second {
        std::map<std::int64_t, Strike> surface;
        double call_total = 0.0, put_total = 0.0;
        int priced = 0, unpriced = 0;
        std::set<std::int64_t> held;  // strikes with exposure
    };

    Second close(const GexSecond& second) {
        Second now;
        const double spot = static_cast<double>(second.spot_ref_price_int) * 1e-9;
        const double S = second.underlying_mid > 0.0 ? second.underlying_mid : spot;
        std::map<std::int64_t, Strike> all;
        prices_.clear();
        for (const ListedOption& option : options_) {
            Strike& strike = all[option.strike_price_int];
            const bool call = option.right == market::Right::call;
            const double oi = open_interest_[option.instrument_id];
            (call ? strike.call_oi : strike.put_oi) += oi;
            const auto vol = volatility(option, second, S);
            if (oi > 0.0) ++(vol ? now.priced : now.unpriced);
            if (!vol) continue;
            if (auto& shown = call ? strike.call_vol : strike.put_vol; !shown) shown = vol;
            const double exposure = exposure_at(option, *vol, second.window_end_ts_ns, S) * oi * S * S * 0.01;
            (call ? strike.call : strike.put) += exposure;
            (call ? now.call_total : now.put_total) += exposure;
            if (oi > 0.0) prices_.push_back({option, *vol, oi});
            if (exposure > 0.0) now.held.insert(option.strike_price_int);
        }
        if (second.spot_ref_price_int > 0) now.surface = around(all, second.spot_ref_price_int);
        for (auto& [strike, row] : now.surface) {
            row.gex_abs = change(second, strike, before_abs_, row.call + row.put);
            row.gex = change(second, strike, before_gex_, row.call - row.put);
        }
        remember(second, now);
        end_ns_ = second.window_end_ts_ns;
        return now;
    }

    // Net gamma of the chain of the last second if the underlying were at a price.
    [[nodiscard]] double net_at(double price) const {
        double net = 0.0;
        for (const Held& held : prices_) {
            const double one = exposure_at(held.option, held.volatility, end_ns_, price) * held.open_interest;
            net += held.option.right == market::Right::call ? one : -one;
        }
        return net;
    }

  private:
    struct Held {
        ListedOption option;
        double volatility;
        double open_interest;
    };
    struct Remembered {
        double x;
        Changes changes;
    };
    using Memory = std::map<std::int64_t, Remembered>;

    static double cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

    [[nodiscard]] double years(const ListedOption& option, std::int64_t end_ns) const {
        return static_cast<double>(option.expiration_ns - end_ns) / (365.0 * 86'400e9);
    }

    [[nodiscard]] double price(const ListedOption& option, double S, double T, double vol) const {
        const double F = S * std::exp(terms_.carry * T);
        const double K = static_cast<double>(option.strike_price_int) * 1e-9;
        const double s = vol * std::sqrt(T);
        const double d1 = std::log(F / K) / s + s / 2.0;
        const double call = F * cdf(d1) - K * cdf(d1 - s);
        return std::exp(-terms_.rate * T) * (option.right == market::Right::call ? call : call - F + K);
    }

    [[nodiscard]] double exposure_at(const ListedOption& option, double vol, std::int64_t end_ns,
                                     double S) const {
        const double T = years(option, end_ns);
        const double K = static_cast<double>(option.strike_price_int) * 1e-9;
        const double s = vol * std::sqrt(T);
        const double d1 = std::log(S * std::exp(terms_.carry * T) / K) / s + s / 2.0;
        const double density = std::exp(-d1 * d1 / 2.0) / std::sqrt(2.0 * M_PI);
        const double gamma = std::exp((terms_.carry - terms_.rate) * T) * density / (S * s);
        return gamma * (option.multiplier > 0.0 ? option.multiplier : terms_.multiplier);
    }

    [[nodiscard]] std::optional<double> volatility(const ListedOption& option, const GexSecond& second,
                                                   double S) const {
        const auto quote =
            std::ranges::find(second.quotes, option.instrument_id, &windows::OptionQuote1s::instrument_id);
        const double T = years(option, second.window_end_ts_ns);
        if (quote == second.quotes.end() || !(S > 0.0) || T <= 0.0 || !quote->book_valid) return std::nullopt;
        if (quote->bid_price_int <= 0 || quote->ask_price_int <= quote->bid_price_int) return std::nullopt;
        const double F = S * std::exp(terms_.carry * T);
        const double K = static_cast<double>(option.strike_price_int) * 1e-9;
        const double exercise = std::max(option.right == market::Right::call ? F - K : K - F, 0.0);
        if (quote->mid_price * std::exp(terms_.rate * T) - exercise < 1e-10 * F) return std::nullopt;
        double low = 1e-3, high = 16.0 / std::sqrt(T);
        if (price(option, S, T, low) > quote->mid_price || price(option, S, T, high) <= quote->mid_price)
            return std::nullopt;
        for (int i = 0; i < 200; ++i) {
            const double vol = 0.5 * (low + high);
            (price(option, S, T, vol) < quote->mid_price ? low : high) = vol;
        }
        return low;
    }

    [[nodiscard]] std::map<std::int64_t, Strike> around(const std::map<std::int64_t, Strike>& all,
                                                        std::int64_t spot) const {
        std::int64_t nearest = all.begin()->first;
        for (const auto& [strike, row] : all) {
            if (std::abs(strike - spot) <= std::abs(nearest - spot)) nearest = strike;
        }
        std::map<std::int64_t, Strike> surface{*all.find(nearest)};
        auto below = all.find(nearest), above = below;
        for (int i = 0; i < terms_.strikes_per_side; ++i) {
            if (below != all.begin()) surface.insert(*--below);
            if (above != all.end() && ++above != all.end()) surface.insert(*above);
        }
        return surface;
    }

    [[nodiscard]] Changes change(const GexSecond& second, std::int64_t strike, const Memory& memory,
                                 double x) const {
        const bool follows =
            second.window_valid && known_end_ns_ == second.window_start_ts_ns && known_epoch_ == second.epoch;
        const auto found = memory.find(strike);
        if (!follows || found == memory.end()) return {};
        const Remembered& was = found->second;
        Changes now;
        now.d1 = x - was.x;
        now.d2 = now.d1 - was.changes.d1;
        now.d3 = now.d2 - was.changes.d2;
        return now;
    }

    void remember(const GexSecond& second, const Second& now) {
        before_abs_.clear();
        before_gex_.clear();
        known_end_ns_ = second.window_valid ? second.window_end_ts_ns : 0;
        known_epoch_ = second.epoch;
        for (const auto& [strike, row] : now.surface) {
            before_abs_[strike] = {row.call + row.put, row.gex_abs};
            before_gex_[strike] = {row.call - row.put, row.gex};
        }
    }

    market::GammaTerms terms_;
    std::vector<ListedOption> options_;
    std::map<std::int64_t, double> open_interest_;
    std::vector<Held> prices_;
    std::int64_t end_ns_ = 0;
    Memory before_abs_, before_gex_;
    std::int64_t known_end_ns_ = 0;
    std::int64_t known_epoch_ = 0;
};

}  // namespace spymaster::physics::testing
