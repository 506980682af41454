#include "pipeline/reference/option_universe.hpp"

#include <algorithm>
#include <bit>
#include <map>

#include "feed/raw_files.hpp"
#include "market/expiration.hpp"

namespace spymaster::pipeline {

namespace {

// Odd, with well-spread bits: the golden ratio of 32 bits. The high bits of the product are the hash.
constexpr std::uint32_t kHashFactor = 0x9E3779B1U;

bool is_future_option(const market::Product& product) {
    return product.underlying == market::ProductType::future_mbo;
}

// Whether an option on `underlying` is what the query asks for.
bool is_asked_for(const std::string& underlying, const UniverseQuery& query) {
    if (!is_future_option(*query.product)) return same_symbol(underlying, query.symbol);
    // A root's own name is no future: a stock may have it.
    return feed::symbol_root(query.symbol) != query.symbol
               ? underlying == query.symbol
               : underlying != query.symbol && feed::symbol_root(underlying) == query.symbol;
}

using Count = std::uint64_t UniverseCounts::*;

// Which count a definition falls under for what it is and is on; nullptr: none.
Count place_of(const Definition& definition, const UniverseQuery& query) {
    if (definition.instrument_class != 'C' && definition.instrument_class != 'P')
        return &UniverseCounts::other_classes;
    return is_asked_for(definition.underlying, query) ? nullptr : &UniverseCounts::other_underlyings;
}

// Which count the last definition of an option falls under; nullptr: it is in the universe.
Result<Count> state_of(const Definition& definition, const UniverseQuery& query) {
    if (definition.security_update_action == 'D') return &UniverseCounts::deleted;
    if (definition.user_defined || definition.raw_symbol.starts_with("UD:"))
        return &UniverseCounts::user_defined;
    if (definition.raw_symbol.find('-') != std::string::npos) return &UniverseCounts::spreads;
    SPY_ASSIGN(const auto expires, market::expiration_date(query.product->type, definition.expiration));
    if (expires != query.date) return &UniverseCounts::other_expirations;
    return definition.strike_price <= 0 ? &UniverseCounts::without_terms : Count(nullptr);
}

OptionTerms terms_of(const Definition& definition) {
    return {.instrument_id = definition.instrument_id,
            .right = definition.instrument_class == 'C' ? market::Right::call : market::Right::put,
            .strike_price = definition.strike_price,
            .expiration = definition.expiration,
            .min_price_increment = definition.min_price_increment,
            .multiplier = definition.multiplier,
            .underlying = definition.underlying,
            .raw_symbol = definition.raw_symbol};
}

Error nothing_left(const UniverseQuery& query, const UniverseCounts& counts) {
    return make_error(
        ErrorCode::missing,
        "no option on {} expires on {}: {} definitions are of no options, {} of options on something else, "
        "{} deleted, {} user-defined, {} spreads, {} expire on other dates, {} have no strike; was it a "
        "trading "
        "day, and are these the definitions of that date?",
        query.symbol, query.date.iso(), counts.other_classes, counts.other_underlyings, counts.deleted,
        counts.user_defined, counts.spreads, counts.other_expirations, counts.without_terms);
}

}  // namespace

Result<OptionUniverse> OptionUniverse::of(const std::vector<Definition>& definitions,
                                          const UniverseQuery& query) {
    if (query.product == nullptr || !query.product->is_option())
        return make_error(ErrorCode::usage, "{} has no options", query.symbol);
    OptionUniverse universe;
    // Stocks and futures of other venues may have the number of an option: they go first.
    std::map<std::uint32_t, const Definition*> last;
    for (const Definition& definition : definitions) {
        const auto left_out = place_of(definition, query);
        if (left_out != nullptr) {
            universe.counts_.*left_out += 1;
            continue;
        }
        const auto [place, is_new] = last.try_emplace(definition.instrument_id, &definition);
        if (!is_new && definition.ts_event >= place->second->ts_event) place->second = &definition;
    }
    for (const auto& [instrument_id, definition] : last) {
        SPY_ASSIGN(const auto left_out, state_of(*definition, query));
        if (left_out == nullptr)
            universe.options_.push_back(terms_of(*definition));
        else
            universe.counts_.*left_out += 1;
    }
    if (universe.options_.empty()) return nothing_left(query, universe.counts_);
    universe.index();
    return universe;
}

Result<OptionUniverse> OptionUniverse::from_files(const std::vector<std::filesystem::path>& files,
                                                  const UniverseQuery& query, Progress& progress) {
    if (query.product == nullptr || !query.product->is_option())
        return make_error(ErrorCode::usage, "{} has no options", query.symbol);
    SPY_ASSIGN(
        const Definitions read,
        read_definitions(files, {query.date, query.symbol, {std::string(query.product->dataset)}}, progress));
    return of(read.rows, query);
}

Result<OptionUniverse> OptionUniverse::from_lake(const lake::Lake& lake, const UniverseQuery& query) {
    SPY_ASSIGN(const std::vector<Definition> rows, load_definitions(lake, {query.date, query.symbol, {}}));
    return of(rows, query);
}

void OptionUniverse::index() {
    for (const OptionTerms& option : options_) underlyings_.push_back(option.underlying);
    std::ranges::sort(underlyings_);
    const auto repeated = std::ranges::unique(underlyings_);
    underlyings_.erase(repeated.begin(), repeated.end());

    const std::size_t slots = std::bit_ceil(options_.size() * 2 + 2);
    slots_.assign(slots, 0);
    shift_ = 32U - static_cast<std::uint32_t>(std::countr_zero(slots));
    for (std::uint32_t place = 0; place < options_.size(); ++place) {
        std::size_t slot = (options_[place].instrument_id * kHashFactor) >> shift_;
        while (slots_[slot] != 0) slot = (slot + 1) % slots;
        slots_[slot] = place + 1;
    }
}

const OptionTerms* OptionUniverse::find(std::uint32_t instrument_id) const {
    if (slots_.empty()) return nullptr;
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = (instrument_id * kHashFactor) >> shift_; slots_[slot] != 0;
         slot = (slot + 1) & mask) {
        const OptionTerms& option = options_[slots_[slot] - 1];
        if (option.instrument_id == instrument_id) return &option;
    }
    return nullptr;
}

}  // namespace spymaster::pipeline
