// Which options there are on a simulated underlying on a date: today's expiry, and, so that a filter has
// something to drop, the next one's and some user-defined spreads.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "dbn/metadata.hpp"
#include "feed/simulated/option_pricing.hpp"
#include "feed/simulated/underlying_path.hpp"
#include "market/product.hpp"
#include "market/right.hpp"
#include "market/time.hpp"

namespace spymaster::feed {

struct OptionExpiry {
    market::Date date;
    std::int64_t ends_ns = 0;      // of trading: 16:00 New York
    std::uint64_t expiration = 0;  // as definitions have it: CME ends_ns, OPRA the date at 00:00 UTC
    std::string asset;             // "E1B" (CME's weekly of the first Tuesday), "SPY"
};

struct OptionInstrument {
    std::uint32_t instrument_id = 0;
    std::uint32_t expiry = 0;  // index of OptionChain::expiries
    market::Right right = market::Right::call;
    std::int64_t strike_price_int = 0;
    std::string raw_symbol;  // "E1BF6 C6950", "SPY   260106C00690000"
};

struct OptionSpread {
    std::uint32_t instrument_id = 0;
    std::string raw_symbol;  // "UD:1V: VT 2600001"
};

struct OptionChain {
    const market::Product* product = nullptr;
    market::Date date;
    std::string root;        // "ES", "SPY"
    std::string underlying;  // "ESH6", "SPY"
    std::uint32_t underlying_id = 0;
    std::int64_t opens_ns = 0;      // CME: the date's 00:00 UTC; OPRA: 09:30 New York
    std::int64_t strike_step = 0;   // 1e-9
    std::int64_t first_strike = 0;  // of today's
    std::int64_t strikes = 0;       // of today's
    PremiumTicks ticks;
    Smile smile;
    Rates rates;
    std::array<OptionExpiry, 2> expiries;  // today's, and the next weekday's
    std::vector<OptionInstrument>
        options;  // 2 * strikes of today: strike ascending, C before P; then the next expiry's
    std::vector<OptionSpread> spreads;  // CME only

    [[nodiscard]] std::size_t todays() const { return static_cast<std::size_t>(2 * strikes); }
    [[nodiscard]] const OptionExpiry& expiry_of(const OptionInstrument& option) const {
        return expiries[option.expiry];
    }
};

// The chain on an underlying: of product future_option_mbo strikes every 5 points around where the day starts,
// of equity_option_mbo every dollar around where the session starts, not before 09:30. `strikes`: of today's expiry; 0: 80 and
// 121. At most 2500 (5,000 options).
// Error (usage): a product that is no option; more strikes than fit above 0; a path without a price there.
Result<OptionChain> option_chain(const market::Product& product, const UnderlyingPath& path, int strikes = 0);

// Head of a file of the chain's records, definitions or statistics: version, dataset, schema, the UTC date up
// to `end_ns`, and the symbols of all its instruments. Add others' mappings to it.
dbn::Metadata chain_metadata(const OptionChain& chain, dbn::Schema schema, std::int64_t end_ns,
                             int version = dbn::kNewestVersion);

}  // namespace spymaster::feed
