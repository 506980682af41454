// A sink that keeps what it is given, and comparison of windows with messages one can read.
#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <ostream>
#include <vector>

#include "windows/rows.hpp"

namespace spymaster::windows {

inline void PrintTo(const DepthAndFlow1s& r, std::ostream* out) {
    *out << market::letter(r.side) << ' ' << r.price_int << " rel " << r.rel_ticks << '/' << r.rel_ticks_side
         << " start " << r.depth_qty_start << " end " << r.depth_qty_end << " add " << r.add_qty << " pull "
         << r.pull_qty_total << " rest " << r.depth_qty_rest << " pull_rest " << r.pull_qty_rest << " fill "
         << r.fill_qty;
}
inline void PrintTo(const WallRow1s& r, std::ostream* out) {
    *out << market::letter(r.side) << ' ' << r.price_int << " rel " << r.rel_ticks << " start "
         << r.depth_qty_start << " end " << r.depth_qty_end << " add " << r.add_qty << " pull "
         << r.pull_qty_total << " rest " << r.depth_qty_rest << " pull_rest " << r.pull_qty_rest << " fill "
         << r.fill_qty << " d " << r.d1_depth_qty << ' ' << r.d2_depth_qty << ' ' << r.d3_depth_qty;
}
inline void PrintTo(const BookSnapshot1s& s, std::ostream* out) {
    *out << "end " << s.window_end_ts_ns << " bid " << s.best_bid_price_int << " x " << s.best_bid_qty
         << " ask " << s.best_ask_price_int << " x " << s.best_ask_qty << " mid " << s.mid_price << " = "
         << s.mid_price_int << " last " << s.last_trade_price_int << " spot " << s.spot_ref_price_int
         << " valid " << s.book_valid << " epoch " << s.epoch << " records " << s.record_count << " trades "
         << s.trade_count << " anomalies " << s.anomaly_count << " late " << s.late_count << " crossed "
         << s.crossed << " window valid " << s.window_valid << " imbalance " << s.order_flow_imbalance_qty;
}

}  // namespace spymaster::windows

namespace spymaster::testing {

class KeptWindows final : public windows::WindowSink {
  public:
    void on_window(const windows::Window& window) override { windows.push_back(window); }

    std::vector<windows::Window> windows;
};

inline void expect_same_bits(const windows::RadarValues& got, const windows::RadarValues& want,
                             const char* what) {
    for (std::size_t i = 0; i < windows::kRadarFeatures; ++i) {
        ASSERT_EQ(std::bit_cast<std::uint64_t>(got[i]), std::bit_cast<std::uint64_t>(want[i]))
            << what << windows::kRadarFeatureNames[i] << ": " << got[i] << ", not " << want[i];
    }
}

inline void expect_same_radar(const windows::RadarVacuum1s& got, const windows::RadarVacuum1s& want) {
    ASSERT_EQ(got.spot_ref_price_int, want.spot_ref_price_int);
    ASSERT_EQ(got.approach_dir, want.approach_dir);
    ASSERT_NO_FATAL_FAILURE(expect_same_bits(got.value, want.value, ""));
    ASSERT_NO_FATAL_FAILURE(expect_same_bits(got.d1, want.d1, "d1 of "));
    ASSERT_NO_FATAL_FAILURE(expect_same_bits(got.d2, want.d2, "d2 of "));
    ASSERT_NO_FATAL_FAILURE(expect_same_bits(got.d3, want.d3, "d3 of "));
}

inline void expect_same_window(const windows::Window& got, const windows::Window& want) {
    ASSERT_EQ(got.snapshot, want.snapshot);
    ASSERT_EQ(got.flow, want.flow);
    ASSERT_EQ(got.wall_spot_ref_price_int, want.wall_spot_ref_price_int);
    ASSERT_EQ(got.wall, want.wall);
    ASSERT_EQ(got.radar.has_value(), want.radar.has_value());
    if (got.radar) {
        ASSERT_NO_FATAL_FAILURE(expect_same_radar(*got.radar, *want.radar));
    }
}

// What a session that begins elsewhere would say of the same second.
inline windows::Window without_derivatives(windows::Window window) {
    for (windows::WallRow1s& row : window.wall) row.d1_depth_qty = row.d2_depth_qty = row.d3_depth_qty = 0;
    if (window.radar) {
        window.radar->d1 = window.radar->d2 = window.radar->d3 = {};
        window.radar->approach_dir = windows::Approach::none;
    }
    return window;
}

}  // namespace spymaster::testing
