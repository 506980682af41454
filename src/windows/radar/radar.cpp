#include "windows/radar/radar.hpp"

#include <limits>

#include "windows/radar/features.hpp"
#include "windows/radar/order_flows.hpp"

namespace spymaster::windows {

namespace {

// Influence reaches half a tick beyond its last one.
PriceRange in_influence(std::int64_t spot, std::int64_t tick) {
    return range_around(spot, kInfluenceTicks + 1, tick);
}

}  // namespace

void Radar::open(const book::Ladder& ladder, std::int64_t spot) {
    constexpr PriceRange kAll{std::numeric_limits<std::int64_t>::min(),
                              std::numeric_limits<std::int64_t>::max()};
    const bool all = rules_ == Compatibility::reference;
    const PriceRange range = all ? kAll : spot > 0 ? in_influence(spot, tick_) : PriceRange{};
    for (const market::Side side : {market::Side::ask, market::Side::bid})
        copy_levels(ladder, side, range, at_start_[static_cast<std::size_t>(side)]);
}

RadarVacuum1s Radar::close(const book::Book& book, std::int64_t spot, bool window_valid) {
    const BothOrderFlows flows = order_flows(book, spot, buckets_);
    const auto measure = [&](market::Side side, const OrderFlows& of_side) -> RadarSide {
        const RestingSide& start = at_start_[static_cast<std::size_t>(side)];
        copy_levels(book.ladder(), side, in_influence(spot, tick_), at_end_);
        return {depth_statistics(start, side, spot, tick_), depth_statistics(at_end_, side, spot, tick_),
                of_side};
    };
    RadarVacuum1s row;
    row.spot_ref_price_int = spot;
    row.approach_dir = approach_.next(spot);
    row.value = radar_features(measure(market::Side::ask, flows.ask), measure(market::Side::bid, flows.bid));
    difference(row, window_valid);
    return row;
}

void Radar::skip() {
    if (rules_ == Compatibility::reference) return;
    approach_.forget();
    remembers_ = false;
}

void Radar::difference(RadarVacuum1s& row, bool window_valid) {
    const bool counts = window_valid || rules_ == Compatibility::reference;
    for (std::size_t i = 0; counts && i < kRadarFeatures; ++i) {
        if (!remembers_) {
            memory_[i] = {row.value[i], 0.0, 0.0};
            continue;
        }
        const Differences<double> differences = memory_[i].next(row.value[i]);
        row.d1[i] = differences.d1;
        row.d2[i] = differences.d2;
        row.d3[i] = differences.d3;
    }
    remembers_ = counts;
}

}  // namespace spymaster::windows
