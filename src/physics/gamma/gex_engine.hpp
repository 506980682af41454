// Gamma exposure of a chain, second after second: quotes, open interest and the underlying in, rows of the surface and the
// levels out (docs/gamma.md; radar spec 3.4, 3.5 with the corrections of 8.3).
//
// Incremental: a second depends on what it is given and on the seconds before, never on a later one; the same calls give the
// same bits. Not thread-safe; one engine for the options of one underlying and day.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "market/gamma_terms.hpp"
#include "market/right.hpp"
#include "physics/gamma/flip_level.hpp"
#include "physics/gamma/forward.hpp"
#include "physics/gamma/gex_rows.hpp"
#include "physics/gamma/strikes_around.hpp"
#include "windows/chain_rows.hpp"

namespace spymaster::physics {

struct ListedOption {
    std::int64_t instrument_id = 0;
    market::Right right = market::Right::call;
    std::int64_t strike_price_int = 0;
    std::int64_t expiration_ns = 0;  // the moment (market::expiration_moment)
    double multiplier = 0.0;         // 0: that of the terms
};

// What a second of the underlying and its options looked like at its end.
struct GexSecond {
    std::int64_t window_start_ts_ns = 0;
    std::int64_t window_end_ts_ns = 0;
    std::int64_t spot_ref_price_int = 0;  // anchor at window start, what the strikes are centred on; 0: none
    double underlying_mid = 0.0;          // points, at window end; 0: none, and the anchor stands for it
    bool window_valid = false;            // of the underlying
    std::int64_t epoch = 0;               // likewise
    std::span<const windows::OptionQuote1s> quotes;
};

class GexEngine {
  public:
    // reference: radar spec 3.5 to the letter, defects and all, for its vectors: three steps of Newton for the volatility,
    // gamma * open interest * 50, the anchor as forward, a lattice of 25 strikes 5 points apart, and derivatives that remember
    // a strike however long ago it was on the surface.
    enum class Compatibility : std::uint8_t { corrected, reference };

    // REQUIRES: options with strikes above 0, each instrument once.
    GexEngine(const market::GammaTerms& terms, std::vector<ListedOption> options,
              Compatibility compatibility = Compatibility::corrected);

    // From the next second on so many contracts of the option are known to be open. Unknown options are passed over.
    void set_open_interest(std::int64_t instrument_id, double contracts);

    // Closes a second. Quotes of unknown options are passed over, and there is no price where not 0 < bid < ask or the book is
    // not valid. The result is valid until the next call. REQUIRES: seconds in time order.
    const GexWindow& close(const GexSecond& second);

  private:
    struct Option {
        ListedOption listed;
        double strike = 0.0;  // points
        double log_strike = 0.0;
        std::size_t place = 0;   // in strikes_
        std::size_t expiry = 0;  // in expiries_
        double open_interest = 0.0;
        double mid = 0.0;  // of this second; 0: none
        std::optional<double> volatility;
        double exposure = 0.0;
    };
    struct Memory {
        std::int64_t window_end_ts_ns = 0;
        windows::DifferenceMemory<double> gex_abs, gex, imbalance;
    };

    Option* find(std::int64_t instrument_id);
    void take_quotes(std::span<const windows::OptionQuote1s> quotes);
    void value_options(const GexSecond& second, StrikeRange surface);
    void value_as_reference(const GexSecond& second);
    void fill_strikes(const GexSecond& second, StrikeRange surface);
    void add_lattice(const GexSecond& second);
    void finish_strike(GexStrike1s& row, const GexSecond& second);
    void fill_levels(const GexSecond& second);
    void find_flip();

    market::GammaTerms terms_;
    Compatibility compatibility_;
    std::vector<Option> options_;         // by instrument id
    std::vector<std::int64_t> strikes_;   // listed ones, each once, ascending
    std::vector<std::int64_t> expiries_;  // likewise
    std::vector<std::optional<Forward>>
        forwards_;                           // of each expiry in this second; none: expired, or no price
    std::vector<GexStrike1s> at_strike_;     // of each listed strike in this second, without derivatives
    std::map<std::int64_t, Memory> memory_;  // of a strike, by its price
    std::int64_t last_end_ns_ = 0;           // of the last second whose strikes may be remembered; 0: none
    std::int64_t last_epoch_ = 0;
    bool continues_ = false;  // this second follows on the last
    std::vector<FlipTerm> flip_terms_;
    std::vector<double> flip_strikes_;
    GexWindow window_;
};

}  // namespace spymaster::physics
