#include "feed/simulated/listing.hpp"

#include <array>

#include "feed/raw_files.hpp"

namespace spymaster::feed {

namespace {

constexpr Listing fund(std::string_view name, std::int32_t usual_cents, std::string_view leader,
                       std::int32_t leader_tick) {
    return {.name = name,
            .product = market::ProductType::equity_mbo,
            .tick_nanos = 10'000'000,
            .usual_tick = usual_cents,
            .leader = leader,
            .leader_tick_ticks = static_cast<double>(usual_cents) / leader_tick};
}

constexpr std::array kListings{Listing{.name = "ES", .usual_tick = 27'800},
                               Listing{.name = "MES", .usual_tick = 27'800},
                               Listing{.name = "NQ", .usual_tick = 102'000},
                               Listing{.name = "MNQ", .usual_tick = 102'000},
                               fund("SPY", 69'150, "ES", 27'800),
                               fund("QQQ", 62'000, "NQ", 102'000)};

}  // namespace

std::string Listing::contract_of(std::string_view symbol, const market::Date& date) const {
    return symbol == name && !is_share() ? front_contract(name, date) : std::string(symbol);
}

Result<const Listing*> find_listing(std::string_view symbol) {
    const std::string root = symbol_root(symbol);
    std::string known;
    for (const Listing& listing : kListings) {
        if (listing.name == (listing.is_share() ? symbol : root)) return &listing;
        known += known.empty() ? "" : ", ";
        known += listing.name;
    }
    return make_error(ErrorCode::usage,
                      "cannot simulate '{}'; there are: {}, and contracts of the futures (ESH6)", symbol,
                      known);
}

}  // namespace spymaster::feed
