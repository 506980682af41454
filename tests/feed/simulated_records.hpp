// Simulated markets to look at in tests.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "feed/simulated/simulated_market.hpp"
#include "market/session.hpp"

namespace spymaster::feed {

using Records = std::vector<dbn::MboMsg>;

inline SimulationOptions options_of(std::string_view session, double events_per_second, std::uint64_t seed,
                                    std::string_view symbol = "ES") {
    SimulationOptions options;
    options.symbol = symbol;
    options.session = *market::on_date(*market::parse_session(session), options.date);
    options.events_per_second = events_per_second;
    options.seed = seed;
    return options;
}

inline SimulatedMarket market_of(const SimulationOptions& options) {
    auto market = SimulatedMarket::create(options);
    EXPECT_TRUE(market.ok()) << (market.ok() ? "" : market.error().message);
    return std::move(market).value();
}

inline Records all_records(const SimulationOptions& options) {
    SimulatedMarket market = market_of(options);
    Records all;
    for (auto some = market.next(); !some.empty(); some = market.next())
        all.insert(all.end(), some.begin(), some.end());
    EXPECT_EQ(market.totals().records, all.size());
    return all;
}

inline std::uint64_t fnv(const Records& records) {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const std::byte byte : std::as_bytes(std::span(records))) {
        hash = (hash ^ static_cast<std::uint64_t>(byte)) * 0x100000001B3U;
    }
    return hash;
}

inline bool is_snapshot(const dbn::MboMsg& msg) {
    return (msg.flags & dbn::flag::snapshot) != 0;
}

}  // namespace spymaster::feed
