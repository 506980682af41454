#include "windows/radar/depth_statistics.hpp"

#include <algorithm>

namespace spymaster::windows {

void copy_levels(const book::Ladder& ladder, market::Side side, PriceRange range, RestingSide& out) {
    out.clear();
    ladder.for_each_between(side, range.low, range.high, [&](std::uint32_t cell, std::int64_t price) {
        out.push_back({price, ladder.cell(cell).qty});
    });
}

DepthStatistics depth_statistics(const RestingSide& levels, market::Side side, std::int64_t spot,
                                 std::int64_t tick) {
    const Buckets buckets(tick);
    const bool ask = side == market::Side::ask;
    const auto tick_nanos = static_cast<double>(tick);
    DepthStatistics result;
    double moment = 0.0;
    std::int64_t touch = 0;
    bool found = false;
    for (const auto& [price, qty] : levels) {
        const Bucket bucket = buckets.of(side, price, spot);
        if (bucket == Bucket::out) continue;
        const auto lots = static_cast<double>(qty);
        result.total += lots;
        if (bucket == Bucket::at) result.at += lots;
        if (bucket == Bucket::near) result.near += lots;
        if (bucket == Bucket::far) result.far += lots;
        moment += static_cast<double>(price) * lots;
        if (!found || !ask) touch = price;  // the first ask, the last bid
        found = true;
    }
    if (!found) return result;
    const double centre = moment / result.total;
    const auto middle = static_cast<double>(spot);
    result.centre_ticks =
        std::max(ask ? (centre - middle) / tick_nanos : (middle - centre) / tick_nanos, 0.0);
    result.touch_ticks = static_cast<double>(ask ? touch - spot : spot - touch) / tick_nanos;
    return result;
}

}  // namespace spymaster::windows
