#include "feed/simulated/underlying_path.hpp"

#include <algorithm>

namespace spymaster::feed {

Result<UnderlyingPath> UnderlyingPath::create(const SimulationOptions& options) {
    constexpr std::int64_t kRampNs = 600 * market::kNanosPerSecond;
    SPY_ASSIGN(SimulatedMarket market, SimulatedMarket::create(options));
    UnderlyingPath path;
    path.options_ = options;
    path.contract_ = market.contract();
    path.instrument_id_ = market.instrument_id();
    path.tick_int_ = market.tick_int();
    path.begin_ns_ = options.date.midnight_utc_ns();
    path.end_ns_ = options.session.end_ns;
    const std::int64_t ramp = std::max(options.session.start_ns - kRampNs - path.begin_ns_, std::int64_t{0});
    path.fine_from_ns_ = path.begin_ns_ + ramp / kEarlyStepNs * kEarlyStepNs;

    const auto look = [&](std::int64_t ts_ns) {
        market.run_to(ts_ns);
        const TopOfMarket top = market.top();
        return Ticks{static_cast<std::int32_t>(top.bid_int / path.tick_int_),
                     static_cast<std::int32_t>(top.ask_int / path.tick_int_)};
    };
    for (std::int64_t ts = path.begin_ns_; ts < path.fine_from_ns_; ts += kEarlyStepNs)
        path.early_.push_back(look(ts));
    for (std::int64_t ts = path.fine_from_ns_; ts <= path.end_ns_; ts += kStepNs)
        path.fine_.push_back(look(ts));
    return path;
}

TopOfMarket UnderlyingPath::at(std::int64_t ts_ns) const {
    if (ts_ns < begin_ns_) return {};
    const bool early = ts_ns < fine_from_ns_;
    const std::vector<Ticks>& steps = early ? early_ : fine_;
    const std::int64_t since = early ? (ts_ns - begin_ns_) / kEarlyStepNs : (ts_ns - fine_from_ns_) / kStepNs;
    const Ticks& ticks = steps[std::min(static_cast<std::size_t>(since), steps.size() - 1)];
    return {ticks.bid * tick_int_, ticks.ask * tick_int_};
}

}  // namespace spymaster::feed
