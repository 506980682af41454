// The wall and the radar of spec 1.7 to 1.9 written as plainly as they can be: maps, doubles, all orders looked at, each
// window's derivatives worked out again from the windows before it. With the reference's rules, where the vectors anchor
// it, or with the corrected ones, where the engine is held against it.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "windows/compatibility.hpp"
#include "windows/rows.hpp"

namespace spymaster::testing {

struct PlainOrder {
    char side;
    std::int64_t price;
    std::int64_t qty;
    std::int64_t t_enter;
};

// One event of an order: what it was and what it is.
struct PlainChange {
    std::int64_t t;
    char action;  // R resets what was counted
    std::optional<PlainOrder> old;
    std::optional<PlainOrder> now;
    std::int64_t filled = 0;  // of old, settled by this event
    bool found = false;       // by a snapshot
};

using PlainDepth = std::map<std::int64_t, double>;  // by price; may have levels of 0

// All that a window has to say, however it was come by.
struct PlainSecond {
    std::int64_t end = 0;
    std::int64_t spot = 0;
    bool valid = false;
    PlainDepth start_bid, start_ask, end_bid, end_ask;
    std::vector<PlainChange> changes;
    std::vector<windows::WallRow1s> wall;  // within reach, without derivatives
};

class PlainRadar {
  public:
    PlainRadar(windows::Compatibility rules, std::int64_t tick, std::int64_t rest_ns)
        : reference_(rules == windows::Compatibility::reference), tick_(tick), rest_ns_(rest_ns) {}

    // Fills the wall's derivatives, and gives the radar. Every second in order, those without a spot too.
    std::optional<windows::RadarVacuum1s> close(PlainSecond& second) {
        Past past{second.spot, second.valid && second.spot > 0, {}, {}};
        if (second.spot <= 0) {
            if (!reference_) past_.push_back(std::move(past));
            return std::nullopt;
        }
        for (const windows::WallRow1s& row : second.wall)
            past.depth[{row.side, row.price_int}] = row.depth_qty_end;
        windows::RadarVacuum1s radar;
        radar.spot_ref_price_int = second.spot;
        features(second, radar.value);
        past.features = radar.value;
        past_.push_back(std::move(past));
        for (windows::WallRow1s& row : second.wall) {
            const auto d = differences<std::int64_t>(depths(row.side, row.price_int));
            row.d1_depth_qty = d[0], row.d2_depth_qty = d[1], row.d3_depth_qty = d[2];
        }
        for (std::size_t i = 0; i < windows::kRadarFeatures; ++i) {
            const auto d = differences<double>(values(i));
            radar.d1[i] = d[0], radar.d2[i] = d[1], radar.d3[i] = d[2];
        }
        radar.approach_dir = approach();
        return radar;
    }

    [[nodiscard]] bool reaches(std::int64_t spot, std::int64_t price) const {
        return std::fabs(static_cast<long double>(price) - static_cast<long double>(spot)) <=
               600.0L * static_cast<long double>(tick_);
    }

    // 0 at, 1 near, 2 mid, 3 far, 4 out
    [[nodiscard]] int bucket(char side, std::int64_t price, std::int64_t spot) const {
        if (side != 'A' && side != 'B') return 4;
        const long double away = side == 'A'
                                     ? static_cast<long double>(price) - static_cast<long double>(spot)
                                     : static_cast<long double>(spot) - static_cast<long double>(price);
        if (away < 0) return 4;
        const long double k = std::nearbyint(away / static_cast<long double>(tick_));
        return k <= 2 ? 0 : k <= 5 ? 1 : k <= 14 ? 2 : k <= 20 ? 3 : 4;
    }

    struct Statistics {
        double T = 0, At = 0, Nr = 0, Fr = 0, C = 20, B = 20;
    };
    [[nodiscard]] Statistics statistics(char side, const PlainDepth& depth, std::int64_t spot) const {
        Statistics s;
        double p = 0;
        std::optional<std::int64_t> touch;
        for (const auto& [price, qty] : depth) {
            const int b = bucket(side, price, spot);
            if (b == 4) continue;
            s.T += qty;
            if (b == 0) s.At += qty;
            if (b == 1) s.Nr += qty;
            if (b == 3) s.Fr += qty;
            p += static_cast<double>(price) * qty;
            if (!touch || side == 'B') touch = price;
        }
        const auto at = static_cast<double>(spot), tick = static_cast<double>(tick_);
        if (s.T >= 1e-9) s.C = std::fmax(side == 'A' ? (p / s.T - at) / tick : (at - p / s.T) / tick, 0.0);
        if (touch) s.B = static_cast<double>(side == 'A' ? *touch - spot : spot - *touch) / tick;
        return s;
    }

  private:
    struct Past {
        std::int64_t spot;
        bool counts;
        std::map<std::pair<market::Side, std::int64_t>, std::int64_t> depth;
        windows::RadarValues features;
    };
    struct Flows {
        double add = 0, pull = 0, pull_at = 0, pull_near = 0, away = 0, toward = 0;
    };

    // The values of a level that its derivatives run over, the last of them now's.
    [[nodiscard]] std::vector<std::int64_t> depths(market::Side side, std::int64_t price) const {
        std::vector<std::int64_t> run;
        for (auto past = past_.rbegin(); past != past_.rend(); ++past) {
            const auto found = past->depth.find({side, price});
            const bool there = found != past->depth.end();
            if (reference_) {
                if (there) run.insert(run.begin(), found->second);
                continue;
            }
            if (!past->counts || !reaches(past->spot, price)) break;
            run.insert(run.begin(), there ? found->second : 0);
        }
        return run;
    }
    [[nodiscard]] std::vector<double> values(std::size_t feature) const {
        std::vector<double> run;
        for (auto past = past_.rbegin(); past != past_.rend(); ++past) {
            if (!reference_ && !past->counts) break;
            run.insert(run.begin(), past->features[feature]);
        }
        return run;
    }
    template <class T>
    static std::vector<T> differences(const std::vector<T>& run) {
        std::vector<T> d{0, 0, 0};
        for (std::size_t i = 1; i < run.size(); ++i) {
            const T d1 = run[i] - run[i - 1], d2 = d1 - d[0], d3 = d2 - d[1];
            d = {d1, d2, d3};
        }
        return d;
    }
    [[nodiscard]] windows::Approach approach() const {
        std::size_t n = 0;  // seconds with a spot without a break, now included
        while (n < past_.size() && past_[past_.size() - 1 - n].spot > 0) ++n;
        if (n <= 3) return windows::Approach::none;
        const std::int64_t now = past_.back().spot, then = past_[past_.size() - 4].spot;
        return now > then   ? windows::Approach::up
               : now < then ? windows::Approach::down
                            : windows::Approach::none;
    }

    void count(const PlainChange& c, std::int64_t spot, char side, Flows& f) const {
        const bool old_here = c.old && c.old->side == side && bucket(side, c.old->price, spot) != 4;
        const bool now_here = c.now && c.now->side == side && bucket(side, c.now->price, spot) != 4;
        const double before = old_here ? static_cast<double>(c.old->qty - c.filled) : 0.0;
        const double after = now_here ? static_cast<double>(c.now->qty) : 0.0;
        const double delta = after - before;
        if (delta > 0 && !c.found) f.add += delta;
        const bool rested = c.old && c.t - c.old->t_enter >= rest_ns_;
        if (delta < 0 && rested && (c.action == 'C' || c.action == 'M')) {
            f.pull += -delta;
            if (bucket(side, c.old->price, spot) == 0) f.pull_at += -delta;
            if (bucket(side, c.old->price, spot) == 1) f.pull_near += -delta;
        }
        if (c.action != 'M' || !old_here || !c.now || !rested || c.filled != 0 || c.now->side != side) return;
        const auto q = static_cast<double>(c.old->qty);
        const std::int64_t to = c.now->price, from = c.old->price;
        if (side == 'A' ? to <= spot : to >= spot)
            f.toward += q;
        else if (side == 'A' ? to > from : to < from)
            f.away += q;
        else if (to != from)
            f.toward += q;
    }

    void features(const PlainSecond& s, windows::RadarValues& value) const {
        Flows ask, bid;
        for (const PlainChange& c : s.changes) {
            if (c.action == 'R') ask = bid = {};
            count(c, s.spot, 'A', ask);
            count(c, s.spot, 'B', bid);
        }
        std::map<std::string, double> v;
        const Statistics bid0 = statistics('B', s.start_bid, s.spot);
        one_side(v, "f1_ask", "f2_ask", statistics('A', s.start_ask, s.spot),
                 statistics('A', s.end_ask, s.spot), ask);
        one_side(v, "f3_bid", "f4_bid", bid0, statistics('B', s.end_bid, s.spot), bid);
        v["f5_vacuum_expansion_log"] = v["f1_ask_com_disp_log"] + v["f3_bid_com_disp_log"];
        v["f6_vacuum_decay_log"] = v["f2_ask_pull_add_log_rest"] + v["f4_bid_pull_add_log_rest"];
        v["f7_vacuum_total_log"] = v["f5_vacuum_expansion_log"] + v["f6_vacuum_decay_log"];
        v["f8_ask_bbo_dist_ticks"] = statistics('A', s.end_ask, s.spot).B;
        v["f9_bid_bbo_dist_ticks"] = statistics('B', s.end_bid, s.spot).B;
        up(v, bid.add, bid0.T);
        for (std::size_t i = 0; i < windows::kRadarFeatures; ++i)
            value[i] = v.at(std::string(windows::kRadarFeatureNames[i]));
    }
    static void one_side(std::map<std::string, double>& v, const std::string& f1, const std::string& f2,
                         const Statistics& d0, const Statistics& d1, const Flows& f) {
        v[f1 + "_com_disp_log"] = std::log((d1.C + 1.0) / (d0.C + 1.0));
        v[f1 + "_slope_convex_log"] = std::log((d1.Fr + 1.0) / (d1.Nr + 1.0));
        v[f1 + "_slope_inner_log"] = std::log((d1.Nr + 1.0) / (d1.At + 1.0));
        v[f1 + "_at_share_delta"] = d1.At / (d1.T + 1.0) - d0.At / (d0.T + 1.0);
        v[f1 + "_near_share_delta"] = d1.Nr / (d1.T + 1.0) - d0.Nr / (d0.T + 1.0);
        v[f1 + "_reprice_away_share_rest"] =
            f.away + f.toward == 0.0 ? 0.5 : f.away / ((f.away + f.toward) + 1.0);
        v[f2 + "_pull_add_log_rest"] = std::log((f.pull + 1.0) / (f.add + 1.0));
        v[f2 + "_pull_intensity_log_rest"] = std::log1p(f.pull / (d0.T + 1.0));
        v[f2 + "_at_pull_share_rest"] = f.pull_at / (f.pull + 1.0);
        v[f2 + "_near_pull_share_rest"] = f.pull_near / (f.pull + 1.0);
    }
    static void up(std::map<std::string, double>& v, double add_bid, double bid_start) {
        v["u1_ask_com_disp_log"] = v["f1_ask_com_disp_log"];
        v["u2_ask_slope_convex_log"] = v["f1_ask_slope_convex_log"];
        v["u2_ask_slope_inner_log"] = v["f1_ask_slope_inner_log"];
        v["u3_ask_at_share_decay"] = -v["f1_ask_at_share_delta"];
        v["u3_ask_near_share_decay"] = -v["f1_ask_near_share_delta"];
        v["u4_ask_reprice_away_share_rest"] = v["f1_ask_reprice_away_share_rest"];
        v["u5_ask_pull_add_log_rest"] = v["f2_ask_pull_add_log_rest"];
        v["u6_ask_pull_intensity_log_rest"] = v["f2_ask_pull_intensity_log_rest"];
        v["u7_ask_at_pull_share_rest"] = v["f2_ask_at_pull_share_rest"];
        v["u7_ask_near_pull_share_rest"] = v["f2_ask_near_pull_share_rest"];
        v["u8_bid_com_approach_log"] = -v["f3_bid_com_disp_log"];
        v["u9_bid_slope_support_log"] = -v["f3_bid_slope_convex_log"];
        v["u9_bid_slope_inner_log"] = -v["f3_bid_slope_inner_log"];
        v["u10_bid_at_share_rise"] = v["f3_bid_at_share_delta"];
        v["u10_bid_near_share_rise"] = v["f3_bid_near_share_delta"];
        v["u11_bid_reprice_toward_share_rest"] = 1.0 - v["f3_bid_reprice_away_share_rest"];
        v["u12_bid_add_pull_log_rest"] = -v["f4_bid_pull_add_log_rest"];
        v["u13_bid_add_intensity_log"] = std::log1p(add_bid / (bid_start + 1.0));
        v["u14_bid_far_pull_share_rest"] =
            (1.0 - v["f4_bid_at_pull_share_rest"]) - v["f4_bid_near_pull_share_rest"];
        v["u15_up_expansion_log"] = v["u1_ask_com_disp_log"] + v["u8_bid_com_approach_log"];
        v["u16_up_flow_log"] = v["u5_ask_pull_add_log_rest"] + v["u12_bid_add_pull_log_rest"];
        v["u17_up_total_log"] = v["u15_up_expansion_log"] + v["u16_up_flow_log"];
        v["u18_ask_bbo_dist_ticks"] = v["f8_ask_bbo_dist_ticks"];
        v["u19_bid_bbo_dist_ticks"] = v["f9_bid_bbo_dist_ticks"];
    }

    bool reference_;
    std::int64_t tick_, rest_ns_;
    std::vector<Past> past_;
};

}  // namespace spymaster::testing
