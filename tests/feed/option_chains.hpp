// The underlyings and chains that the tests of simulated options look at, made once; and the hash that pins a
// stream's bytes.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "feed/simulated/option_chain.hpp"
#include "feed/simulated/underlying_path.hpp"
#include "market/session.hpp"

namespace spymaster::feed {

inline UnderlyingPath path_of(std::string_view symbol, std::string_view session,
                              market::Date date = {2026, 1, 6}) {
    SimulationOptions options;
    options.symbol = symbol;
    options.date = date;
    options.session = *market::on_date(*market::parse_session(session), date);
    options.events_per_second = 100.0;
    auto path = UnderlyingPath::create(options);
    EXPECT_TRUE(path.ok()) << (path.ok() ? "" : path.error().message);
    return std::move(path).value();
}

inline const UnderlyingPath& future_path() {
    static const UnderlyingPath path = path_of("ES", "09:30-09:33");
    return path;
}
inline const UnderlyingPath& share_path() {
    static const UnderlyingPath path = path_of("SPY", "09:30-09:33");
    return path;
}

inline OptionChain future_chain(const UnderlyingPath& path, int strikes = 0) {
    return *option_chain(market::product_of(market::ProductType::future_option_mbo), path, strikes);
}
inline OptionChain share_chain(const UnderlyingPath& path, int strikes = 0) {
    return *option_chain(market::product_of(market::ProductType::equity_option_mbo), path, strikes);
}

// FNV-1a of the bytes.
template <class Record>
std::uint64_t bytes_hash(const std::vector<Record>& records) {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const std::byte byte : std::as_bytes(std::span(records)))
        hash = (hash ^ static_cast<std::uint64_t>(byte)) * 0x100000001B3U;
    return hash;
}

}  // namespace spymaster::feed
