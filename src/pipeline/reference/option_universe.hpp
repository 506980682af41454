// The options of an underlying that expire on a date (0DTE), by instrument id, from their definitions (radar
// spec 3.1, spec 3.2). Terms come from definitions, never from parsing symbols.
//
// An option is in the universe if its class is C or P, its last definition is no deletion, it is no
// user-defined instrument or spread ("UD:..." or flagged; "-" in the symbol), its underlying is the one asked
// for, and market::expiration_date() is the date. Options of futures are chosen by the future they are on, so
// weeklies, whose assets are others (E1A, EW3), belong.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "market/product.hpp"
#include "market/right.hpp"
#include "market/time.hpp"
#include "pipeline/progress.hpp"
#include "pipeline/reference/definitions.hpp"

namespace spymaster::pipeline {

struct OptionTerms {
    std::uint32_t instrument_id = 0;
    market::Right right = market::Right::call;
    std::int64_t strike_price = 0;         // 1e-9
    std::int64_t expiration = 0;           // ns UTC
    std::int64_t min_price_increment = 0;  // 1e-9; 0: the definition gives none
    double multiplier = 0.0;               // as Definition's; 0: the definition gives none
    std::string underlying;                // "ESH6", "SPY"
    std::string raw_symbol;                // "E1AF6 C6900", "SPY   260106C00690000"

    bool operator==(const OptionTerms&) const = default;
};

struct UniverseQuery {
    const market::Product* product = nullptr;  // an option product
    std::string symbol;  // futures: a root ("ES", options on any of its contracts) or a contract ("ESH6");
                         // equities: the underlying, in any case
    market::Date date;
};

// Definitions that are not in the universe, each counted once, under the first that applies.
struct UniverseCounts {
    std::uint64_t other_classes = 0;      // neither call nor put
    std::uint64_t other_underlyings = 0;  // on something else than was asked for
    std::uint64_t deleted = 0;
    std::uint64_t user_defined = 0;
    std::uint64_t spreads = 0;  // "-" in the symbol
    std::uint64_t other_expirations = 0;
    std::uint64_t without_terms = 0;  // without a strike above 0
};

// Immutable once built: may be read from any thread.
class OptionUniverse {
  public:
    // Of definitions in any order. Of two with one instrument id the last by ts_event stays.
    // Error: usage (not an option product); missing (no option is left; says what was left out and why).
    static Result<OptionUniverse> of(const std::vector<Definition>& definitions, const UniverseQuery& query);
    // Of raw definition files; those of other datasets among them are not read. Errors: as
    // read_definitions().
    static Result<OptionUniverse> from_files(const std::vector<std::filesystem::path>& files,
                                             const UniverseQuery& query, Progress& progress);
    // Of bronze.shared.instrument_definitions. Error: missing (as above, or no partition).
    static Result<OptionUniverse> from_lake(const lake::Lake& lake, const UniverseQuery& query);

    // nullptr: not in the universe. Valid as long as the universe. A few nanoseconds.
    [[nodiscard]] const OptionTerms* find(std::uint32_t instrument_id) const;

    // By instrument id.
    [[nodiscard]] std::span<const OptionTerms> options() const { return options_; }
    // Each once, sorted: one partition each.
    [[nodiscard]] const std::vector<std::string>& underlyings() const { return underlyings_; }
    [[nodiscard]] const UniverseCounts& counts() const { return counts_; }

  private:
    void index();

    std::vector<OptionTerms> options_;
    std::vector<std::string> underlyings_;
    UniverseCounts counts_;
    // Open addressing at half load at most: 1 + the place in options_, 0 where free.
    std::vector<std::uint32_t> slots_;
    std::uint32_t shift_ = 0;  // of a 32-bit hash, to a slot
};

}  // namespace spymaster::pipeline
