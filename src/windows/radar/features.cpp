#include "windows/radar/features.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace spymaster::windows {

namespace {

constexpr double kEpsQty = 1.0;
constexpr double kEpsTicks = 1.0;

// f1 and f2 of the ask, f3 and f4 of the bid: ten features in the order of RadarFeature.
std::array<double, 10> side_features(const RadarSide& side) {
    const DepthStatistics& d0 = side.start;
    const DepthStatistics& d1 = side.end;
    const auto add = static_cast<double>(side.flows.add);
    const auto pull = static_cast<double>(side.flows.pull);
    const auto away = static_cast<double>(side.flows.away);
    const auto toward = static_cast<double>(side.flows.toward);
    return {std::log((d1.centre_ticks + kEpsTicks) / (d0.centre_ticks + kEpsTicks)),
            std::log((d1.far + kEpsQty) / (d1.near + kEpsQty)),
            std::log((d1.near + kEpsQty) / (d1.at + kEpsQty)),
            d1.at / (d1.total + kEpsQty) - d0.at / (d0.total + kEpsQty),
            d1.near / (d1.total + kEpsQty) - d0.near / (d0.total + kEpsQty),
            away + toward == 0.0 ? 0.5 : away / ((away + toward) + kEpsQty),
            std::log((pull + kEpsQty) / (add + kEpsQty)),
            std::log1p(pull / (d0.total + kEpsQty)),
            static_cast<double>(side.flows.pull_at) / (pull + kEpsQty),
            static_cast<double>(side.flows.pull_near) / (pull + kEpsQty)};
}

void set_up_features(RadarValues& value, const RadarSide& bid) {
    using enum RadarFeature;
    const auto at = [&value](RadarFeature feature) -> double& { return value[place(feature)]; };
    // The ask's, as they are but for the two shares.
    std::copy_n(value.begin(), 10, value.begin() + place(u1_ask_com_disp_log));
    at(u3_ask_at_share_decay) = -at(f1_ask_at_share_delta);
    at(u3_ask_near_share_decay) = -at(f1_ask_near_share_delta);
    at(u8_bid_com_approach_log) = -at(f3_bid_com_disp_log);
    at(u9_bid_slope_support_log) = -at(f3_bid_slope_convex_log);
    at(u9_bid_slope_inner_log) = -at(f3_bid_slope_inner_log);
    at(u10_bid_at_share_rise) = at(f3_bid_at_share_delta);
    at(u10_bid_near_share_rise) = at(f3_bid_near_share_delta);
    at(u11_bid_reprice_toward_share_rest) = 1.0 - at(f3_bid_reprice_away_share_rest);
    at(u12_bid_add_pull_log_rest) = -at(f4_bid_pull_add_log_rest);
    at(u13_bid_add_intensity_log) =
        std::log1p(static_cast<double>(bid.flows.add) / (bid.start.total + kEpsQty));
    at(u14_bid_far_pull_share_rest) = (1.0 - at(f4_bid_at_pull_share_rest)) - at(f4_bid_near_pull_share_rest);
    at(u15_up_expansion_log) = at(u1_ask_com_disp_log) + at(u8_bid_com_approach_log);
    at(u16_up_flow_log) = at(u5_ask_pull_add_log_rest) + at(u12_bid_add_pull_log_rest);
    at(u17_up_total_log) = at(u15_up_expansion_log) + at(u16_up_flow_log);
    at(u18_ask_bbo_dist_ticks) = at(f8_ask_bbo_dist_ticks);
    at(u19_bid_bbo_dist_ticks) = at(f9_bid_bbo_dist_ticks);
}

}  // namespace

RadarValues radar_features(const RadarSide& ask, const RadarSide& bid) {
    using enum RadarFeature;
    RadarValues value{};
    const auto at = [&value](RadarFeature feature) -> double& { return value[place(feature)]; };
    std::ranges::copy(side_features(ask), value.begin() + place(f1_ask_com_disp_log));
    std::ranges::copy(side_features(bid), value.begin() + place(f3_bid_com_disp_log));
    at(f5_vacuum_expansion_log) = at(f1_ask_com_disp_log) + at(f3_bid_com_disp_log);
    at(f6_vacuum_decay_log) = at(f2_ask_pull_add_log_rest) + at(f4_bid_pull_add_log_rest);
    at(f7_vacuum_total_log) = at(f5_vacuum_expansion_log) + at(f6_vacuum_decay_log);
    at(f8_ask_bbo_dist_ticks) = ask.end.touch_ticks;
    at(f9_bid_bbo_dist_ticks) = bid.end.touch_ticks;
    set_up_features(value, bid);
    return value;
}

}  // namespace spymaster::windows
