#include "feed/simulated/market_regime.hpp"

#include <algorithm>
#include <cstdlib>

#include "market/time.hpp"

namespace spymaster::feed {

using market::Side;

void MarketRegime::start(RegimeKind kind, std::int64_t ts_ns, double seconds) {
    kind_ = kind;
    until_ns_ = ts_ns + static_cast<std::int64_t>(seconds * static_cast<double>(market::kNanosPerSecond));
    const double up = ahead_ == Side::ask ? 1.0 : -1.0;
    drift_ = 0.0;
    if (kind == RegimeKind::trend) drift_ = up * strength_;
    if (kind == RegimeKind::siege) drift_ = up * 0.45;
}

void MarketRegime::place_wall(const MatchingBook& book) {
    const std::int32_t distance = random_.between(6, 14);
    wall_tick_ = book.best(ahead_) + (ahead_ == Side::ask ? distance : -distance);
    wall_lots_ = 250.0 + random_.unit() * 450.0;
    wall_holds_ = random_.chance(0.6);
}

double MarketRegime::activity() const {
    switch (kind_) {
        case RegimeKind::calm:
            return 0.8;
        case RegimeKind::pull:
            return 1.3;
        case RegimeKind::trend:
            return 1.4;
        case RegimeKind::build:
            return 1.0;
        case RegimeKind::siege:
            return 1.2;
    }
    return 1.0;
}

double MarketRegime::target_lots(Side side, std::int32_t tick, std::int32_t distance, double usual) const {
    if (side != ahead_ || kind_ == RegimeKind::calm) return usual;
    if (kind_ == RegimeKind::pull || kind_ == RegimeKind::trend) {
        const double left = kind_ == RegimeKind::pull ? 0.2 : 0.4;
        return distance <= vacuum_ticks_ ? usual * left : usual;
    }
    const std::int32_t away = std::abs(tick - wall_tick_);
    if (away == 0) return usual + wall_lots_;
    return away <= 2 ? usual + wall_lots_ * 0.2 : usual;
}

void MarketRegime::choose_next(std::int64_t ts_ns, const MatchingBook& book) {
    switch (kind_) {
        case RegimeKind::calm:
            ahead_ = random_.chance(0.5) ? Side::ask : Side::bid;
            strength_ = 0.5 + random_.unit() * 0.7;
            if (random_.chance(0.5)) return start(RegimeKind::pull, ts_ns, 4.0 + random_.unit() * 5.0);
            place_wall(book);
            return start(RegimeKind::build, ts_ns, 8.0 + random_.unit() * 8.0);
        case RegimeKind::pull:
            return start(RegimeKind::trend, ts_ns, 12.0 + random_.unit() * 25.0);
        case RegimeKind::build:
            return start(RegimeKind::siege, ts_ns, 40.0);
        case RegimeKind::trend:
        case RegimeKind::siege:
            return start(RegimeKind::calm, ts_ns, 12.0 + random_.unit() * 35.0);
    }
}

void MarketRegime::advance(std::int64_t ts_ns, const MatchingBook& book) {
    if (kind_ == RegimeKind::siege) {
        const std::int32_t to_wall =
            ahead_ == Side::ask ? wall_tick_ - book.best_ask() : book.best_bid() - wall_tick_;
        // What is eaten of the wall is not put back.
        if (to_wall <= 1) wall_lots_ = std::min(wall_lots_, static_cast<double>(book.lots(wall_tick_)));
        if (to_wall <= 2 && !wall_holds_) return start(RegimeKind::calm, ts_ns, 15.0);  // it was a bluff
        if (to_wall < 0) return start(RegimeKind::trend, ts_ns, 8.0 + random_.unit() * 10.0);
    }
    if (ts_ns >= until_ns_) choose_next(ts_ns, book);
}

void MarketRegime::follow(const MarketRegime& other, double ticks, double lots) {
    kind_ = other.kind_;
    ahead_ = other.ahead_;
    wall_tick_ = static_cast<std::int32_t>(other.wall_tick_ * ticks + 0.5);
    wall_lots_ = other.wall_lots_ * lots;
}

}  // namespace spymaster::feed
