// What the names of contracts say by themselves: OCC options, futures, parents, continuous contracts. Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "market/time.hpp"

namespace spymaster::feed {

// "SPY   260106C00630000": six characters of root, the date, the right, the strike.
struct OccName {
    std::string root;
    market::Date expiration;
    char right;  // C or P
};
std::optional<OccName> read_occ_name(std::string_view name);

// "ESH6", "ESH26": the year is the first with that ending not before `seen` by more than a year.
struct FutureName {
    std::string root;
    market::Date third_friday;  // of its month
};
std::optional<FutureName> read_future_name(std::string_view name, const market::Date& seen);

// "ES.FUT", "SPY.OPT".
bool is_parent_name(std::string_view name);

// "ES.c.0", "ES.v.0", "ES.n.1".
struct ContinuousName {
    std::string root;
    bool by_front = false;  // .v. or .n.: ranked by what is traded or held most, not by the calendar
    std::size_t rank = 0;
};
// Error (usage).
Result<ContinuousName> read_continuous_name(std::string_view name);

}  // namespace spymaster::feed
