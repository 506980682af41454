#include "feed/simulated/market_kind.hpp"

namespace spymaster::feed {

Result<MarketKind> parse_market_kind(std::string_view text) {
    for (std::size_t i = 0; i < kMarketKindNames.size(); ++i) {
        if (kMarketKindNames[i] == text) return static_cast<MarketKind>(i);
    }
    return make_error(ErrorCode::usage, "there is no market '{}'; choose {}, {} or {}", text,
                      kMarketKindNames[0], kMarketKindNames[1], kMarketKindNames[2]);
}

}  // namespace spymaster::feed
