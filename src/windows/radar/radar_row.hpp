// silver.*.radar_vacuum_1s: what the orders within 20 price increments of spot did in a second (radar spec 1.9).
//
// 49 features, 25 of both sides (f1 to f9) and 24 of the way up (u1 to u19), and three derivatives of each. Names and order are
// the contract's (contracts/silver/*/radar_vacuum_1s.avsc); the formulas are in the other headers of this folder.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace spymaster::windows {

enum class RadarFeature : std::uint8_t {
    f1_ask_com_disp_log,
    f1_ask_slope_convex_log,
    f1_ask_slope_inner_log,
    f1_ask_at_share_delta,
    f1_ask_near_share_delta,
    f1_ask_reprice_away_share_rest,
    f2_ask_pull_add_log_rest,
    f2_ask_pull_intensity_log_rest,
    f2_ask_at_pull_share_rest,
    f2_ask_near_pull_share_rest,
    f3_bid_com_disp_log,
    f3_bid_slope_convex_log,
    f3_bid_slope_inner_log,
    f3_bid_at_share_delta,
    f3_bid_near_share_delta,
    f3_bid_reprice_away_share_rest,
    f4_bid_pull_add_log_rest,
    f4_bid_pull_intensity_log_rest,
    f4_bid_at_pull_share_rest,
    f4_bid_near_pull_share_rest,
    f5_vacuum_expansion_log,
    f6_vacuum_decay_log,
    f7_vacuum_total_log,
    f8_ask_bbo_dist_ticks,
    f9_bid_bbo_dist_ticks,
    u1_ask_com_disp_log,
    u2_ask_slope_convex_log,
    u2_ask_slope_inner_log,
    u3_ask_at_share_decay,
    u3_ask_near_share_decay,
    u4_ask_reprice_away_share_rest,
    u5_ask_pull_add_log_rest,
    u6_ask_pull_intensity_log_rest,
    u7_ask_at_pull_share_rest,
    u7_ask_near_pull_share_rest,
    u8_bid_com_approach_log,
    u9_bid_slope_support_log,
    u9_bid_slope_inner_log,
    u10_bid_at_share_rise,
    u10_bid_near_share_rise,
    u11_bid_reprice_toward_share_rest,
    u12_bid_add_pull_log_rest,
    u13_bid_add_intensity_log,
    u14_bid_far_pull_share_rest,
    u15_up_expansion_log,
    u16_up_flow_log,
    u17_up_total_log,
    u18_ask_bbo_dist_ticks,
    u19_bid_bbo_dist_ticks,
};

inline constexpr std::array kRadarFeatureNames{
    std::string_view{"f1_ask_com_disp_log"},
    std::string_view{"f1_ask_slope_convex_log"},
    std::string_view{"f1_ask_slope_inner_log"},
    std::string_view{"f1_ask_at_share_delta"},
    std::string_view{"f1_ask_near_share_delta"},
    std::string_view{"f1_ask_reprice_away_share_rest"},
    std::string_view{"f2_ask_pull_add_log_rest"},
    std::string_view{"f2_ask_pull_intensity_log_rest"},
    std::string_view{"f2_ask_at_pull_share_rest"},
    std::string_view{"f2_ask_near_pull_share_rest"},
    std::string_view{"f3_bid_com_disp_log"},
    std::string_view{"f3_bid_slope_convex_log"},
    std::string_view{"f3_bid_slope_inner_log"},
    std::string_view{"f3_bid_at_share_delta"},
    std::string_view{"f3_bid_near_share_delta"},
    std::string_view{"f3_bid_reprice_away_share_rest"},
    std::string_view{"f4_bid_pull_add_log_rest"},
    std::string_view{"f4_bid_pull_intensity_log_rest"},
    std::string_view{"f4_bid_at_pull_share_rest"},
    std::string_view{"f4_bid_near_pull_share_rest"},
    std::string_view{"f5_vacuum_expansion_log"},
    std::string_view{"f6_vacuum_decay_log"},
    std::string_view{"f7_vacuum_total_log"},
    std::string_view{"f8_ask_bbo_dist_ticks"},
    std::string_view{"f9_bid_bbo_dist_ticks"},
    std::string_view{"u1_ask_com_disp_log"},
    std::string_view{"u2_ask_slope_convex_log"},
    std::string_view{"u2_ask_slope_inner_log"},
    std::string_view{"u3_ask_at_share_decay"},
    std::string_view{"u3_ask_near_share_decay"},
    std::string_view{"u4_ask_reprice_away_share_rest"},
    std::string_view{"u5_ask_pull_add_log_rest"},
    std::string_view{"u6_ask_pull_intensity_log_rest"},
    std::string_view{"u7_ask_at_pull_share_rest"},
    std::string_view{"u7_ask_near_pull_share_rest"},
    std::string_view{"u8_bid_com_approach_log"},
    std::string_view{"u9_bid_slope_support_log"},
    std::string_view{"u9_bid_slope_inner_log"},
    std::string_view{"u10_bid_at_share_rise"},
    std::string_view{"u10_bid_near_share_rise"},
    std::string_view{"u11_bid_reprice_toward_share_rest"},
    std::string_view{"u12_bid_add_pull_log_rest"},
    std::string_view{"u13_bid_add_intensity_log"},
    std::string_view{"u14_bid_far_pull_share_rest"},
    std::string_view{"u15_up_expansion_log"},
    std::string_view{"u16_up_flow_log"},
    std::string_view{"u17_up_total_log"},
    std::string_view{"u18_ask_bbo_dist_ticks"},
    std::string_view{"u19_bid_bbo_dist_ticks"},
};
inline constexpr std::size_t kRadarFeatures = kRadarFeatureNames.size();
inline constexpr std::size_t kRadarBaseFeatures =
    25;  // the first of them; the others are those of the way up

// A value for each feature; units as in the contract.
using RadarValues = std::array<double, kRadarFeatures>;

constexpr std::size_t place(RadarFeature feature) {
    return static_cast<std::size_t>(feature);
}

// Where spot came from in the last 3 seconds.
enum class Approach : std::uint8_t { none, up, down };
inline constexpr std::array<std::string_view, 3> kApproachNames{"approach_none", "approach_up",
                                                                "approach_down"};

struct RadarVacuum1s {
    std::int64_t spot_ref_price_int = 0;  // of the window: Window::wall_spot_ref_price_int
    Approach approach_dir = Approach::none;
    RadarValues value{};
    RadarValues d1{};  // a second; 0 where there is no memory (derivatives.hpp)
    RadarValues d2{};
    RadarValues d3{};

    [[nodiscard]] double of(RadarFeature feature) const { return value[place(feature)]; }
    bool operator==(const RadarVacuum1s&) const = default;
};

}  // namespace spymaster::windows
