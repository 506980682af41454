// The real hour of ES (18:00 to 19:00 New York) and its whole day, through the engine.
#include <gtest/gtest.h>

#include <cmath>

#include "../book/real_file.hpp"
#include "kept_windows.hpp"
#include "market/session.hpp"
#include "plain_engine.hpp"
#include "windows/window_engine.hpp"

namespace spymaster::testing {
namespace {

std::vector<windows::Window> run(const std::filesystem::path& path, const char* session_text,
                                 windows::EngineTotals& totals) {
    const auto session = market::parse_session(session_text);
    const auto when = market::on_date(*session, {2023, 12, 25});
    KeptWindows kept;
    windows::WindowEngine engine(market::Grid{}, *when, kept);
    for_each_mbo(path, [&](const dbn::MboMsg& msg) { engine.apply(msg); });
    engine.finish();
    EXPECT_TRUE(engine.done());
    totals = engine.totals();
    return std::move(kept.windows);
}

void expect_identity(const windows::Window& window) {
    for (const windows::DepthAndFlow1s& row : window.flow) {
        ASSERT_EQ(row.depth_qty_start + row.add_qty - row.pull_qty_total - row.fill_qty, row.depth_qty_end);
        ASSERT_GE(row.depth_qty_rest, 0);
        ASSERT_LE(row.depth_qty_rest, row.depth_qty_end);
        ASSERT_GE(row.pull_qty_rest, 0);
        ASSERT_LE(row.pull_qty_rest, row.pull_qty_total);
        ASSERT_GE(row.depth_qty_start, 0);
    }
    for (const windows::WallRow1s& row : window.wall) {
        ASSERT_EQ(row.depth_qty_start + row.add_qty - row.pull_qty_total - row.fill_qty, row.depth_qty_end);
        ASSERT_LE(std::abs(row.rel_ticks), 600);
        ASSERT_LE(row.depth_qty_rest, row.depth_qty_end);
    }
}

// The grid of ES is the wall's within 200 ticks: one spot, the same levels, the same numbers; and all the radar has is finite.
void expect_wall_and_radar(const windows::Window& window) {
    ASSERT_EQ(window.wall_spot_ref_price_int, window.snapshot.spot_ref_price_int);
    std::size_t next = 0;
    for (const windows::WallRow1s& row : window.wall) {
        if (std::abs(row.rel_ticks) > 200) continue;
        ASSERT_LT(next, window.flow.size());
        const windows::DepthAndFlow1s& flow = window.flow[next++];
        ASSERT_EQ(
            std::tuple(row.price_int, row.side, row.rel_ticks, row.depth_qty_start, row.depth_qty_end),
            std::tuple(flow.price_int, flow.side, flow.rel_ticks, flow.depth_qty_start, flow.depth_qty_end));
        ASSERT_EQ(
            std::tuple(row.add_qty, row.pull_qty_total, row.pull_qty_rest, row.fill_qty, row.depth_qty_rest),
            std::tuple(flow.add_qty, flow.pull_qty_total, flow.pull_qty_rest, flow.fill_qty,
                       flow.depth_qty_rest));
    }
    ASSERT_EQ(next, window.flow.size());
    ASSERT_TRUE(window.radar);
    ASSERT_EQ(window.radar->spot_ref_price_int, window.wall_spot_ref_price_int);
    for (const auto* const values :
         {&window.radar->value, &window.radar->d1, &window.radar->d2, &window.radar->d3})
        ASSERT_TRUE(std::ranges::all_of(*values, [](double x) { return std::isfinite(x); }));
}

// A day's rows are gigabytes: they are looked at as they come.
class CheckedWindows final : public windows::WindowSink {
  public:
    explicit CheckedWindows(const std::vector<windows::Window>& hour) : hour_(hour) {}

    void on_window(const windows::Window& window) override {
        ++count;
        records += window.snapshot.record_count;
        expect_identity(window);
        // The hour is the same whether it is the session or part of one.
        if (next_ == hour_.size() ||
            window.snapshot.window_end_ts_ns != hour_[next_].snapshot.window_end_ts_ns)
            return;
        // But for derivatives, which need a few seconds of the session.
        if (next_ < 5) {
            expect_same_window(without_derivatives(window), without_derivatives(hour_[next_]));
        } else {
            expect_same_window(window, hour_[next_]);
        }
        ++next_;
    }

    std::size_t count = 0;
    std::int64_t records = 0;
    [[nodiscard]] std::size_t compared() const { return next_; }

  private:
    const std::vector<windows::Window>& hour_;
    std::size_t next_ = 0;
};

// What a price holds at the end of a second it holds at the start of the next.
void expect_continuous(const std::vector<windows::Window>& windows) {
    std::map<std::pair<market::Side, std::int64_t>, std::int64_t> before;
    for (const windows::Window& window : windows) {
        std::map<std::pair<market::Side, std::int64_t>, std::int64_t> now;
        for (const windows::DepthAndFlow1s& row : window.flow) {
            const auto known = before.find({row.side, row.price_int});
            ASSERT_TRUE(known == before.end() || known->second == row.depth_qty_start);
            now[{row.side, row.price_int}] = row.depth_qty_end;
        }
        before = std::move(now);
    }
}

TEST(RealWindows, TheHourOfEsh4) {
    const auto path = real_file(kEsh4);
    SPY_SKIP_WITHOUT(path);
    windows::EngineTotals totals;
    const auto windows = run(path, "18:00-19:00", totals);
    ASSERT_EQ(windows.size(), 3'601U);
    EXPECT_EQ(totals.windows, 3'601U);
    EXPECT_EQ(totals.identity_violations, 0U);
    EXPECT_EQ(totals.records, 68'792U);
    for (const windows::Window& window : windows) {
        ASSERT_NO_FATAL_FAILURE(expect_identity(window));
        ASSERT_NO_FATAL_FAILURE(expect_wall_and_radar(window));
    }
    EXPECT_EQ(totals.wall_rows, 3'729'935U);
    expect_continuous(windows);
    std::int64_t records = 0;
    for (std::size_t i = 1; i < windows.size(); ++i) {
        ASSERT_EQ(windows[i].snapshot.window_start_ts_ns, windows[i - 1].snapshot.window_end_ts_ns);
        ASSERT_TRUE(windows[i].snapshot.window_valid);
        // Crossed before the open and for its first 69 microseconds, never later.
        ASSERT_EQ(windows[i].snapshot.crossed, i == 1);
        records += windows[i].snapshot.record_count;
    }
    EXPECT_GT(records, 30'000);
    EXPECT_EQ(windows.back().snapshot.best_bid_price_int, 4'810'000'000'000);
    EXPECT_EQ(windows.back().snapshot.best_ask_price_int, 4'810'250'000'000);
}

// Where buyers gained, the price rose: the imbalance of a second goes with what the mid did in it.
TEST(RealWindows, TheImbalanceOfTheHour) {
    const auto path = real_file(kEsh4);
    SPY_SKIP_WITHOUT(path);
    windows::EngineTotals totals;
    const auto windows = run(path, "18:00-19:00", totals);
    std::int64_t sum = 0;
    std::int64_t moved = 0;
    double xx = 0.0, yy = 0.0, xy = 0.0;                // of both about 0, which is close to their mean
    for (std::size_t i = 2; i < windows.size(); ++i) {  // the first second has the crossed states of the open
        const auto imbalance = windows[i].snapshot.order_flow_imbalance_qty;
        const auto x = static_cast<double>(imbalance);
        const double y = windows[i].snapshot.mid_price - windows[i - 1].snapshot.mid_price;
        sum += imbalance;
        moved += imbalance != 0 ? 1 : 0;
        xx += x * x;
        yy += y * y;
        xy += x * y;
    }
    EXPECT_EQ(windows[0].snapshot.order_flow_imbalance_qty, 0);
    EXPECT_EQ(windows[1].snapshot.order_flow_imbalance_qty, 60);
    EXPECT_EQ(sum, 1'605);
    EXPECT_EQ(moved, 2'223);
    EXPECT_GT(xy / std::sqrt(xx * yy), 0.5);
}

TEST(RealWindows, TheWholeDayOfEsh4) {
    const auto path = real_file(kEsh4);
    SPY_SKIP_WITHOUT(path);
    windows::EngineTotals totals;
    const auto hour = run(path, "18:00-19:00", totals);
    CheckedWindows day(hour);
    const auto session = market::on_date(*market::parse_session("full-day"), {2023, 12, 25});
    windows::WindowEngine engine(market::Grid{}, *session, day);
    for_each_mbo(path, [&](const dbn::MboMsg& msg) { engine.apply(msg); });
    engine.finish();
    EXPECT_EQ(day.count, 86'401U);
    EXPECT_EQ(day.records, 68'792);
    EXPECT_EQ(day.compared(), hour.size());
    EXPECT_EQ(engine.totals().identity_violations, 0U);
    EXPECT_EQ(engine.totals().crossed.count, 891U);
}

// The minute after the open against the plain engine, which is slow.
TEST(RealWindows, TheOpenIsThePlainEngines) {
    const auto path = real_file(kEsh4);
    SPY_SKIP_WITHOUT(path);
    const auto start = market::parse_instant("2023-12-25T22:59:57Z");
    const market::SessionWindow session{*start, *start + 25 * 1'000'000'000LL};
    KeptWindows kept;
    windows::WindowEngine engine(market::Grid{}, session, kept);
    PlainEngine plain(market::Grid{}, session);
    plain.book.watch_crossed = false;
    plain.watch_imbalance = false;
    for_each_mbo(path, [&](const dbn::MboMsg& msg) {
        engine.apply(msg);
        plain.apply(msg);
    });
    engine.finish();
    plain.finish();
    ASSERT_EQ(kept.windows.size(), 26U);
    ASSERT_EQ(plain.windows.size(), 26U);
    for (std::size_t i = 0; i < 26; ++i) {
        ASSERT_EQ(kept.windows[i].flow, plain.windows[i].flow);
        ASSERT_EQ(kept.windows[i].wall, plain.windows[i].wall);
        ASSERT_NO_FATAL_FAILURE(
            expect_same_radar(kept.windows[i].radar.value(), plain.windows[i].radar.value()));
        kept.windows[i].snapshot.crossed = false;
        kept.windows[i].snapshot.order_flow_imbalance_qty = 0;
        ASSERT_EQ(kept.windows[i].snapshot, plain.windows[i].snapshot);
    }
}

}  // namespace
}  // namespace spymaster::testing
