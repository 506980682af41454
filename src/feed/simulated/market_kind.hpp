// Which kind of market is simulated: the ordinary one, or one of the two that a forecast is tried on, because what can
// be known of their future is known (docs/simulator.md).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace spymaster::feed {

enum class MarketKind : std::uint8_t {
    ordinary,        // regimes: walls, vacuums, trends
    random_walk,     // nothing to find: the price goes by the toss of a coin
    liquidity_drift  // the coin leans to where the liquidity has been going
};
inline constexpr std::array<std::string_view, 3> kMarketKindNames{"ordinary", "random-walk",
                                                                  "liquidity-drift"};

inline std::string_view name_of(MarketKind kind) {
    return kMarketKindNames[static_cast<std::size_t>(kind)];
}

// Error (usage): no such kind; says which there are.
Result<MarketKind> parse_market_kind(std::string_view text);

}  // namespace spymaster::feed
